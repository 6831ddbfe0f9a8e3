/** What oversight needs of others; the wiring gives it. */
import type { EntryRef, LogId, UserId } from "../../domain/ids.ts";
import type { DocumentKinds } from "../../domain/records/document-kinds.ts";
import type { Footage, Profiles } from "../ports.ts";
import type { Records } from "../records/records.ts";

export type {
  Append,
  LogReader,
  ProjectedEntry,
  Projection,
  Views,
  ViewTable,
  ViewTransaction,
} from "../../evidence/append.ts";
export type { JsonObject } from "../../evidence/record.ts";

/** The log's tree, for the seed of a sample. */
export interface Tree {
  logs(): readonly { readonly logId: LogId; readonly origin: string }[];
  rootAt(logId: LogId, size: number): Promise<Uint8Array>;
  /** Resolves with a signed checkpoint that covers the entry. */
  covering(ref: EntryRef): Promise<{ readonly note: string }>;
}

export interface Staff {
  exists(userId: UserId): Promise<boolean>;
  /** 科室; undefined where nobody entered one. */
  sectionOf(userId: string): Promise<string | undefined>;
}

/** Real-name complaints that were not pursued and whose complainant was not informed (S0-10, S2-6). */
export interface Complaints {
  uninformed(): Promise<readonly { readonly id: string; readonly receivedMs: number }[]>;
}

/** What was recorded and what was called for: records beyond the counter, its cameras, the profiles, the catalogue. */
export interface MeansPorts {
  readonly records: Pick<Records, "within">;
  readonly footage: Footage;
  readonly profiles: Profiles;
  readonly kinds: DocumentKinds;
}
