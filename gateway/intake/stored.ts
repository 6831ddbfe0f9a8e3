/**
 * Reads what the view and the log hold of applications and people. Invariant: personal data is read from its own
 * body each time, so an erased one is simply gone.
 */
import type { DocumentFacts } from "../domain/document.ts";
import { parseDocumentRecord } from "../domain/document-record.ts";
import { CodedError } from "../domain/errors.ts";
import type { ApplicationState } from "../domain/intake/state.ts";
import type { PersonRecord } from "../domain/intake/party.ts";
import { personOf } from "./entries.ts";
import type { LogReader, ViewTable } from "./ports.ts";
import type { RecordedDelegation } from "./results.ts";
import { type DocumentRow, type StoredCommand, key, refIn, under } from "./view-rows.ts";

export interface Stored {
  state(applicationId: string): Promise<ApplicationState | undefined>;
  command(commandId: string): Promise<StoredCommand | undefined>;
  document(documentId: string): Promise<DocumentRow | undefined>;
  /** Undefined when there is none or its body was erased. */
  person(personId: string): Promise<PersonRecord | undefined>;
  /** Facts of an issued document, as they stand in its entry. */
  facts(documentId: string): Promise<DocumentFacts | undefined>;
  /** All delegations ever recorded, the revoked ones too. */
  delegations(): Promise<readonly RecordedDelegation[]>;
  /** When this gateway's record began, UTC ms. */
  sinceMs(): Promise<number | undefined>;
}

/** Rows come back as the projection wrote them, so their form is the one of `view-rows.ts`. */
export function stored(table: ViewTable, reader: LogReader): Stored {
  let since: number | undefined;
  return {
    async state(applicationId) {
      return (await table.get(key.application(applicationId))) as unknown as ApplicationState | undefined;
    },
    async command(commandId) {
      return (await table.get(key.command(commandId))) as unknown as StoredCommand | undefined;
    },
    async document(documentId) {
      return (await table.get(key.document(documentId))) as unknown as DocumentRow | undefined;
    },
    async facts(documentId) {
      const ref = refIn(await table.get(key.document(documentId)));
      if (ref === undefined) return undefined;
      return parseDocumentRecord((await reader.readRecord(ref)).body.json).facts;
    },
    async delegations() {
      const rows = await table.range(under("delegation/"));
      return rows.map(([, row]) => row as unknown as RecordedDelegation);
    },
    async sinceMs() {
      const ms = since ?? (await table.get(key.since))?.["ms"];
      return typeof ms === "number" ? (since = ms) : undefined;
    },
    async person(personId) {
      const ref = refIn(await table.get(key.person(personId)));
      if (ref === undefined) return undefined;
      try {
        return personOf((await reader.readRecord(ref)).body.json)?.person;
      } catch (error) {
        if (error instanceof CodedError && error.code === "evidence.bodyMissing") return undefined;
        throw error;
      }
    },
  };
}
