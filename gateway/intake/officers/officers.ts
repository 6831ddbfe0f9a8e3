/**
 * The registry of officers: who holds which certificate until when, which section, what training; and who is named on
 * what. Invariant: every change is an entry with who made it, and a table comes in whole or not at all.
 */
import { CodedError } from "../../domain/errors.ts";
import type { CommandId, UserId } from "../../domain/ids.ts";
import {
  type NamedOfficer,
  type Officer,
  type OfficerTyped,
  checkedOfficer,
  checkedTraining,
  namedOn,
} from "../../domain/officers/officer.ts";
import { readOfficers } from "../../domain/officers/officer-table.ts";
import type { RowProblem } from "../../domain/table.ts";
import { type Clock, beijingDate } from "../../domain/time.ts";
import { inTurn } from "../in-turn.ts";
import { type LogParts, allUnder, appendAndShow, doneBefore } from "../log-work.ts";
import type { CertifiedOfficer, Officers } from "../ports.ts";
import { type OfficerChange, officerDraft, officerKey, officersProjection } from "./projection.ts";

export interface OfficersOptions extends LogParts {
  readonly clock: Clock;
  /** People with accounts who are not in the registry yet: their certificate as given at opening. */
  readonly accounts: Officers;
}

export interface OfficerCommand {
  readonly commandId: CommandId;
  readonly by: UserId;
}

export interface ImportReport {
  readonly applied: boolean;
  readonly rows: number;
  readonly problems: readonly RowProblem[];
}

export interface OfficerRegistry extends Officers {
  /** Enters or changes. Throws `officers.badField`, `officers.assistantCertificate`. */
  put(request: OfficerCommand & { readonly officer: OfficerTyped }): Promise<Officer>;
  /** Throws `officers.noSuchOfficer`, `officers.badField`. */
  train(
    request: OfficerCommand & {
      readonly officerId: UserId;
      readonly training: { readonly topic: string; readonly on: string; readonly hours: number };
    },
  ): Promise<Officer>;
  /** Leaves the service, or comes back. Throws `officers.noSuchOfficer`. */
  setActive(
    request: OfficerCommand & { readonly officerId: UserId; readonly active: boolean },
  ): Promise<Officer>;
  /** A spreadsheet's CSV; all of it or nothing. */
  importTable(request: OfficerCommand & { readonly text: string }): Promise<ImportReport>;
  list(): Promise<readonly Officer[]>;
  find(id: UserId): Promise<Officer | undefined>;
  /** As named on an act now, from registry or account. Throws `officers.noSuchOfficer`. */
  named(ids: readonly UserId[]): Promise<readonly NamedOfficer[]>;
}

/** To be called before the store catches up, since it registers a view. */
export function createOfficers(options: OfficersOptions): OfficerRegistry {
  const { clock, accounts } = options;
  const table = options.views.register(officersProjection);
  const turns = inTurn();

  // Rows are what this area's own projection wrote.
  const find = async (id: string): Promise<Officer | undefined> =>
    (await table.get(officerKey(id))) as unknown as Officer | undefined;
  const existing = async (id: string): Promise<Officer> => {
    const officer = await find(id);
    if (officer === undefined) throw new CodedError("officers.noSuchOfficer");
    return officer;
  };
  const once = (command: OfficerCommand, changes: () => Promise<readonly OfficerChange[]>): Promise<void> =>
    turns.run("officers", async () => {
      if ((await doneBefore(table, command.commandId)) !== undefined) return;
      const made = await changes();
      await appendAndShow(
        options,
        made.map((change) => officerDraft({ ...change, by: command.by, commandId: command.commandId })),
      );
    });

  const of = async (id: UserId): Promise<CertifiedOfficer | undefined> => {
    const officer = await find(id);
    if (officer === undefined) return accounts.of(id);
    const { certificate, kind, active, name } = officer;
    // An assistant, or somebody who left, is a name without a certificate.
    if (certificate === undefined || kind === "assistant" || !active) return { name };
    if (certificate.validFrom > beijingDate(clock.wallMs())) return { name };
    return { name, certNo: certificate.certNo, certValidUntil: certificate.validTo };
  };

  return {
    of,
    find,
    async put(request) {
      const officer = checkedOfficer(request.officer);
      await once(request, async () => [{ what: "officer", officer }]);
      return existing(officer.officerId);
    },
    async train(request) {
      const training = checkedTraining(request.training, beijingDate(clock.wallMs()));
      const { officerId } = request;
      await existing(officerId);
      await once(request, async () => [{ what: "officerTrained", officerId, training }]);
      return existing(officerId);
    },
    async setActive(request) {
      const { officerId, active } = request;
      await existing(officerId);
      await once(request, async () => [{ what: "officerActive", officerId, active }]);
      return existing(officerId);
    },
    async importTable(request) {
      const { officers, problems } = readOfficers(request.text);
      if (problems.length > 0) return { applied: false, rows: 0, problems };
      await once(request, async () => officers.map((officer) => ({ what: "officer" as const, officer })));
      return { applied: true, rows: officers.length, problems: [] };
    },
    async list() {
      const rows = await allUnder(table, "officer/");
      return rows.map(([, row]) => row as unknown as Officer);
    },
    async named(ids) {
      const now = clock.wallMs();
      return Promise.all(
        ids.map(async (id) => {
          const officer = await find(id);
          if (officer !== undefined) return namedOn(officer, now);
          const person = await accounts.of(id);
          if (person === undefined) throw new CodedError("officers.noSuchOfficer");
          const valid =
            person.certNo !== undefined &&
            (person.certValidUntil === undefined || person.certValidUntil >= beijingDate(now));
          return {
            officerId: id,
            name: person.name,
            standing: valid ? "certified" : person.certNo === undefined ? "none" : "expired",
            ...(valid && person.certNo !== undefined ? { certNo: person.certNo } : {}),
          } satisfies NamedOfficer;
        }),
      );
    },
  };
}
