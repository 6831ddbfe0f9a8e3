/**
 * Whole-process records beyond the counter: open a matter, record a paper of any activity and stage, add what comes
 * later, approve, list by article with what is missing. Invariant: a resolved command is durable and visible; a refused
 * one left nothing behind.
 */
import type { EntryRef, UserId } from "../../domain/ids.ts";
import type { DocumentKindRow, RecordFlag } from "../../domain/records/document-kinds.ts";
import type { JudgedRecord } from "../../domain/records/judge-record.ts";
import type { AuthorityBasis } from "../../domain/authority.ts";
import type { RecordFacts, ScanLink, SignedHow } from "../../domain/records/record.ts";
import type { ActivityKind, Stage } from "../../domain/records/document-kinds.ts";
import type { Role } from "../../domain/roles.ts";
import type { CaseRow } from "../case-files/case-rows.ts";

export interface CommandBase {
  readonly commandId: string;
  readonly actor: { readonly userId: UserId; readonly role: Role };
  readonly device: string;
}

export interface OpenCase extends CommandBase {
  readonly activity: ActivityKind;
  /** 案由 or matter, and the party; personal data, kept in a body of its own. */
  readonly title: string;
  readonly party?: string;
  readonly authorityBasis: AuthorityBasis;
  readonly powerItem?: string;
}

export type AskedFootage =
  | { readonly type: "camera"; readonly cameraId: string; readonly fromMs: number; readonly toMs: number }
  | { readonly type: "file"; readonly fileId: string };

export interface RecordedOfficer {
  readonly name: string;
  readonly certNo?: string;
  readonly certShown: boolean;
}

export interface RecordedSignature {
  readonly role: string;
  readonly name: string;
  readonly how: SignedHow;
  /** Why it was refused. */
  readonly reason?: string;
}

/** What can be said at once or added later. */
export interface RecordedDetails {
  readonly fields: Readonly<Record<string, string>>;
  readonly officers: readonly RecordedOfficer[];
  readonly signatures: readonly RecordedSignature[];
  readonly footage: readonly AskedFootage[];
  readonly scans: readonly ScanLink[];
  /** Why there is no AV record: a ground of the profile, and the words. */
  readonly avReason?: { readonly code: string; readonly text: string };
  readonly interruptionReason?: string;
}

export interface MakeRecord extends CommandBase, RecordedDetails {
  readonly caseId: string;
  readonly kind: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly place?: string;
  readonly flags: readonly RecordFlag[];
  readonly answers?: string;
}

export interface SupplementRecord extends CommandBase, Partial<RecordedDetails> {
  readonly recordId: string;
}

/** A record as lists show it. */
export interface RecordView extends JudgedRecord {
  readonly facts: RecordFacts;
  readonly row: DocumentKindRow;
  /** Those of the matter's regulation. */
  readonly articles: readonly string[];
  readonly ref: EntryRef;
  /** A real-name complaint that was not pursued, and nobody has told the complainant (S0-10, S2-6). */
  readonly uninformed: boolean;
}

/** What was written, read from its own bodies; `erased` where one is gone. */
export interface RecordContent {
  readonly place?: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly officers: readonly RecordedOfficer[];
  readonly signatures: readonly RecordedSignature[];
  readonly avReason?: string;
  readonly interruptionReason?: string;
  readonly erased: boolean;
}

export interface RecordFilter {
  readonly caseId?: string;
  readonly activity?: ActivityKind;
  readonly stage?: Stage;
  readonly kind?: string;
  /** Such as `S0-13`; paragraphs count with their article. */
  readonly article?: string;
  readonly deficientOnly?: boolean;
  readonly uninformedOnly?: boolean;
  readonly limit?: number;
}

export interface Records {
  /** Throws `records.outsideScope`, `records.badInput`. */
  openCase(command: OpenCase): Promise<CaseRow>;
  /** Throws `records.noSuchCase`, `noSuchKind`, `badInput`, `noSuchFootage`, `caseClosed`. Sets a hold where the kind does. */
  make(command: MakeRecord): Promise<RecordView>;
  /** Adds; replaces nothing. Throws as `make`, and `records.noSuchRecord`. */
  supplement(command: SupplementRecord): Promise<RecordView>;
  /** Throws `records.formIncomplete` (with what is missing), `records.approverSame`. */
  approve(command: CommandBase & { readonly recordId: string }): Promise<RecordView>;
  /** Newest first. */
  list(filter?: RecordFilter): Promise<readonly RecordView[]>;
  /** Written down from `fromMs` to `toMs` (half-open), oldest first. */
  within(fromMs: number, toMs: number): AsyncIterable<RecordView>;
  get(recordId: string): Promise<RecordView>;
  content(recordId: string): Promise<RecordContent>;
  caseTitle(caseId: string): Promise<{ readonly title: string; readonly party?: string } | undefined>;
}
