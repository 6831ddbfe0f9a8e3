/**
 * Keys and rows of the view of matters 案件: what belongs to one, when its act ended, where its file is. Invariant: rows
 * hold ids and codes only, so erasing a `person` body leaves nothing behind here.
 */
import { type EntryRef, type UserId, logId, seq } from "../../domain/ids.ts";
import type { ActivityKind } from "../../domain/records/document-kinds.ts";
import type { AuthorityBasis } from "../../domain/authority.ts";
import type { FootageLink } from "../../domain/records/record.ts";
import type { JsonObject } from "../ports.ts";

const TIME_DIGITS = 15;
const SEQ_DIGITS = 12;
const digits = (value: number, width: number): string => String(Math.max(0, value)).padStart(width, "0");

export const caseKey = {
  case: (id: string) => `case/${id}`,
  list: (openedMs: number, id: string) => `list/${digits(openedMs, TIME_DIGITS)}/${id}`,
  /** Ended and not filed yet: what the timer runs on. */
  waiting: (id: string) => `waiting/${id}`,
  member: (id: string, ref: EntryRef) => `member/${id}/${ref.logId}/${digits(ref.seq, SEQ_DIGITS)}`,
  members: (id: string) => `member/${id}`,
  code: (archivalCode: string) => `code/${encodeURIComponent(archivalCode)}`,
  document: (documentId: string) => `document/${documentId}`,
  /** Which matter a record is of. */
  record: (recordId: string) => `record/${recordId}`,
  /** Which matter a signature is of, by its entry. */
  signature: (ref: string) => `signature/${ref}`,
  /** Matters that a scan is linked to. */
  scanOf: (scanId: string, caseId: string) => `scan-of/${scanId}/${caseId}`,
  scansOf: (scanId: string) => `scan-of/${scanId}`,
  session: (id: string, fromMs: number) => `session/${id}/${digits(fromMs, TIME_DIGITS)}`,
  sessions: (id: string) => `session/${id}`,
  link: (id: string, ref: EntryRef, n: number) =>
    `link/${id}/${ref.logId}/${digits(ref.seq, SEQ_DIGITS)}/${n}`,
  links: (id: string) => `link/${id}`,
  handOver: (listId: string) => `hand-over/${listId}`,
  command: (id: string) => `command/${id}`,
} as const;

/** Half-open range of all keys under a prefix without its slash. */
export function below(prefix: string): { readonly from: string; readonly to: string } {
  return { from: `${prefix}/`, to: `${prefix}0` };
}

/** 保管期限, as set at filing: for ever, or so many years. */
export type Keep = "permanent" | number;

export type FiledRow = {
  readonly archivalCode: string;
  readonly atMs: number;
  readonly by: UserId;
  readonly keep: Keep;
  /** Why it was filed though something is missing. */
  readonly explained?: string;
  readonly ref: EntryRef;
};

/** One matter as the view has it. */
export type CaseRow = {
  readonly caseId: string;
  readonly activity: ActivityKind;
  readonly authorityBasis: AuthorityBasis;
  /** The item of the power list that the act rests on (S4-2). */
  readonly powerItem?: string;
  /** It began at the counter. */
  readonly applicationId?: string;
  readonly openedMs: number;
  readonly openedBy: UserId;
  readonly profile: { readonly id: string; readonly version: string };
  readonly content?: EntryRef;
  readonly endedMs?: number;
  /** A law that sets another limit than the profile (法律另有规定的从其规定). */
  readonly lawLimit?: { readonly days: number; readonly basis: string };
  readonly filed?: FiledRow;
  /** Given to the custodian, both sides signed. */
  readonly handedOver?: { readonly listId: string; readonly atMs: number; readonly to: UserId };
};

export type MemberRow = {
  readonly ref: EntryRef;
  readonly type: string;
  /** Kind of a paper, `what` of a transition. */
  readonly what: string;
  readonly atMs: number;
  readonly documentId?: string;
  /** Of a scan that was linked to the matter, or to a paper or record of it. */
  readonly scanId?: string;
};

export type SessionRow = {
  readonly cameraIds: readonly string[];
  readonly fromMs: number;
  /** Absent while it lasts. */
  readonly toMs?: number;
};

export type LinkRow = { readonly recordId: string; readonly kind: string; readonly link: FootageLink };

export type HandOverRow = {
  readonly listId: string;
  readonly caseIds: readonly string[];
  readonly from: UserId;
  readonly fromSignedMs: number;
  readonly to?: UserId;
  readonly toSignedMs?: number;
};

export const refJson = ({ logId: log, seq: at }: EntryRef): JsonObject => ({ logId: log, seq: at });

/** Undefined where the row has no such reference. */
export function refOf(value: unknown): EntryRef | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { logId: log, seq: at } = value as Record<string, unknown>;
  return typeof log === "string" && typeof at === "number" ? { logId: logId(log), seq: seq(at) } : undefined;
}
