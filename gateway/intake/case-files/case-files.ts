/**
 * Case files 案卷: everything of one matter, the timer after its end, the check at filing, the hand-over to the custodian.
 * Invariant: a filed case file is closed; nothing is added and nobody takes it from the custodian without a new entry.
 */
import type { CompletenessItem } from "../../domain/case-files/complete.ts";
import type { FileDue } from "../../domain/case-files/due.ts";
import type { FilledElement } from "../../domain/case-files/archival-metadata.ts";
import type { FourPropertyReport } from "../../domain/case-files/four-properties.ts";
import type { EntryRef } from "../../domain/ids.ts";
import type { CommandBase, RecordView } from "../records/records.ts";
import type { MetadataWords } from "./case-metadata.ts";
import type { CaseRow, HandOverRow, Keep, LinkRow, MemberRow, SessionRow } from "./case-rows.ts";

export interface EndAct extends CommandBase {
  readonly caseId: string;
  readonly endedMs: number;
  /** Where a law sets another limit: its days, and which law. */
  readonly lawLimit?: { readonly days: number; readonly basis: string };
}

export interface FileCase extends CommandBase {
  readonly caseId: string;
  readonly archivalCode: string;
  readonly keep: Keep;
  /** Why it is filed though something is missing or a check failed. */
  readonly explained?: string;
}

export interface CaseListRow {
  readonly row: CaseRow;
  readonly title?: string;
  /** Once the act has ended. */
  readonly due?: FileDue;
  readonly state: "open" | "ended" | "overdue" | "filed" | "handedOver";
}

export interface CaseView extends CaseListRow {
  readonly members: readonly MemberRow[];
  readonly records: readonly RecordView[];
  readonly sessions: readonly SessionRow[];
  readonly links: readonly LinkRow[];
  readonly missing: readonly CompletenessItem[];
  /** As made at filing. */
  readonly report?: FourPropertyReport;
}

export interface CaseFiles {
  /** Throws `records.noSuchCase`, `records.badInput`, `records.caseClosed`. */
  end(command: EndAct): Promise<CaseRow>;
  /** Throws `filing.notEnded`, `filing.incomplete` (with what is wrong), `filing.codeTaken`, `records.caseClosed`. */
  file(command: FileCase): Promise<CaseView>;
  /** Draws up the hand-over list and signs it for the giving side. Throws `records.noSuchCase`, `filing.notEnded`. */
  handOver(command: CommandBase & { readonly caseIds: readonly string[] }): Promise<HandOverRow>;
  /** The custodian signs. Throws `filing.custodianOnly`, `filing.noSuchList`. */
  takeOver(command: CommandBase & { readonly listId: string }): Promise<HandOverRow>;
  handOvers(): Promise<readonly HandOverRow[]>;
  list(filter?: { readonly limit?: number; readonly overdueOnly?: boolean }): Promise<readonly CaseListRow[]>;
  /** Ended, not filed, and the last day is over. */
  overdue(): Promise<readonly CaseListRow[]>;
  /** Filed, and still with the officer who may not keep it (S0-29). */
  notHandedOver(): Promise<readonly CaseRow[]>;
  get(caseId: string): Promise<CaseView>;
  /** The four properties now, without filing. */
  check(caseId: string): Promise<FourPropertyReport>;
  metadata(
    caseId: string,
    words: Omit<MetadataWords, "title" | "party">,
  ): Promise<readonly (readonly FilledElement[])[]>;
  /** Entries and footage that belong to it, for an export or a destruction list. */
  contents(caseId: string): Promise<{
    readonly entries: readonly EntryRef[];
    readonly cameras: readonly {
      readonly cameraId: string;
      readonly fromMs: number;
      readonly toMs: number;
    }[];
    readonly fileIds: readonly string[];
  }>;
}
