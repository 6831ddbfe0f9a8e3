/** What viewing and copying needs of others; the wiring gives it. */
import type { MatterFacts } from "../../domain/access/matter-facts.ts";
import type { ApplicationId, CameraId, EntryRef, UserId } from "../../domain/ids.ts";

export type {
  Append,
  EntryDraft,
  LogReader,
  ProjectedEntry,
  Projection,
  Views,
  ViewTable,
  ViewTransaction,
} from "../../evidence/append.ts";
export type { JsonObject } from "../../evidence/record.ts";
export type { Profiles, Random } from "../ports.ts";

/** Case files 案卷: whether a matter lies in the archive. */
export interface CaseFiles {
  isArchived(matterId: string): Promise<boolean>;
}

/** A matter that did not begin at the counter, with the footage that its records link. */
export interface OtherMatter extends Pick<MatterFacts, "activity" | "stage" | "staff" | "lead"> {
  readonly linked?: readonly {
    readonly cameraIds: readonly string[];
    readonly fromMs: number;
    readonly toMs: number;
  }[];
}

/** Matters that did not begin at this counter, such as penalties: what the whole-process records know of them. */
export interface OtherMatters {
  find(matterId: string): Promise<OtherMatter | undefined>;
}

/** A row of the ledger of views and copies; `people` keeps the ledger. */
export interface LookRow {
  readonly by: UserId;
  readonly act: "view" | "copy" | "print" | "playback";
  readonly subject: string;
  readonly reason?: string;
  readonly applicationId?: ApplicationId;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly basis?: "caseOfficer" | "handling" | "inspection" | "request";
  readonly requestId?: string;
}
export interface Ledger {
  /** Durable when it resolves. */
  record(row: LookRow): Promise<EntryRef>;
}

/** Where footage of a camera lies in the log, for what a seal withholds. */
export interface FootageRefs {
  of(camera: CameraId, fromMs: number, toMs: number): Promise<readonly EntryRef[]>;
}

/** Where the bytes, record and words of a scan or body-camera file lie in the log; empty where there is no such one. */
export interface UploadRefs {
  of(uploadId: string): Promise<readonly EntryRef[]>;
}
