/**
 * One record of the process beyond the counter, as the views know it: which paper, when, how complete, and what footage
 * and scans belong to it. Invariant: no personal data; what was written and who signed lie in a body of their own.
 */
import type { EntryRef, UserId } from "../ids.ts";
import type { Role } from "../roles.ts";
import type { ActivityKind, RecordFlag } from "./document-kinds.ts";

/** A counter camera's range, or a body camera's file; `spans` is what was there when it was linked. */
export type FootageLink =
  | {
      readonly type: "camera";
      readonly cameraId: string;
      readonly fromMs: number;
      readonly toMs: number;
      readonly spans: readonly Span[];
    }
  | {
      readonly type: "file";
      readonly fileId: string;
      readonly media: "video" | "audio" | "photo";
      readonly spans: readonly Span[];
    };
export type Span = { readonly fromMs: number; readonly toMs: number };

/** What a scan holds: the written paper, a photo, stand-alone sound, or electronic data (S3-A-3). */
export const SCAN_MEDIA = ["text", "photo", "audio", "edata"] as const;
export type ScanMedia = (typeof SCAN_MEDIA)[number];
export type ScanLink = { readonly type: "scan"; readonly ref: EntryRef; readonly media: ScanMedia };

export const SIGNED_HOW = ["signed", "sealed", "refused"] as const;
export type SignedHow = (typeof SIGNED_HOW)[number];

/** A record's non-personal side. */
export type RecordFacts = {
  readonly recordId: string;
  readonly caseId: string;
  readonly kind: string;
  readonly activity: ActivityKind;
  /** When it happened; later than that and earlier than `recordedMs` both stay (S1-3). */
  readonly startMs: number;
  readonly endMs: number;
  readonly recordedMs: number;
  readonly by: UserId;
  readonly role: Role;
  readonly device: string;
  readonly profile: { readonly id: string; readonly version: string };
  /** Names of the fields that say something. */
  readonly filled: readonly string[];
  readonly officers: { readonly count: number; readonly certified: number; readonly shown: number };
  readonly signatures: readonly { readonly role: string; readonly how: SignedHow }[];
  readonly footage: readonly FootageLink[];
  readonly scans: readonly ScanLink[];
  /** Why there is no AV record; the words stand in the body. */
  readonly avReason?: string;
  readonly interruptionExplained?: true;
  readonly flags: readonly RecordFlag[];
  /** The complaint that this one answers. */
  readonly answers?: string;
  readonly approved?: { readonly by: UserId; readonly atMs: number };
};

/** What may be added to a record later; nothing of it replaces anything. */
export type Supplement = Partial<
  Pick<
    RecordFacts,
    "filled" | "signatures" | "footage" | "scans" | "avReason" | "interruptionExplained" | "officers"
  >
>;

/** The record with what came later. Later officers replace the count only where there are more of them. */
export function supplemented(facts: RecordFacts, more: Supplement): RecordFacts {
  const officers =
    more.officers === undefined || more.officers.count < facts.officers.count
      ? facts.officers
      : more.officers;
  return {
    ...facts,
    officers,
    filled: [...new Set([...facts.filled, ...(more.filled ?? [])])],
    signatures: [...facts.signatures, ...(more.signatures ?? [])],
    footage: [...facts.footage, ...(more.footage ?? [])],
    scans: [...facts.scans, ...(more.scans ?? [])],
    ...(more.avReason === undefined ? {} : { avReason: more.avReason }),
    ...(more.interruptionExplained === undefined ? {} : { interruptionExplained: true as const }),
  };
}
