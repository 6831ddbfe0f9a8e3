/**
 * What the judge can find, each in one of six kinds that are never mixed: evidence that is wrong, that is gone
 * without a reason, that is lawfully not here, that a copy still awaits, and what can't be decided. Invariant: a
 * verdict is `ok` only when there is no finding at all.
 */
import type { StreamId } from "../../domain/ids.ts";
import type { Entry, EntryType } from "../entry.ts";

/** From the gravest to the lightest: the gravest kind that was found is the result. */
export const FINDING_KINDS = ["invalid", "missing", "cannotTell", "erased", "released", "awaited"] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Every finding there is, with its kind; the meaning in words is in the command's texts. */
export const FINDINGS = {
  "trust.none": "cannotTell",
  "trust.malformed": "cannotTell",
  "seen.unusable": "cannotTell",
  "check.cancelled": "cannotTell",
  "checkpoint.none": "cannotTell",
  "checkpoint.malformed": "invalid",
  "checkpoint.keyUnknown": "cannotTell",
  "checkpoint.otherKey": "invalid",
  "checkpoint.wrongSignature": "invalid",
  "checkpoint.staleKey": "invalid",
  "checkpoint.staleNational": "invalid",
  "checkpoint.stripped": "invalid",
  "checkpoint.wrongNational": "invalid",
  "checkpoint.otherLog": "invalid",
  "cosignature.wrong": "invalid",
  "cosignature.belowQuorum": "cannotTell",
  "log.absent": "missing",
  "log.misplaced": "invalid",
  "log.truncated": "missing",
  "log.unsigned": "cannotTell",
  "log.rootDiffers": "invalid",
  "log.forked": "invalid",
  "log.sm3RootDiffers": "invalid",
  "sighting.differs": "invalid",
  "tile.altered": "invalid",
  "tile.missing": "missing",
  "block.altered": "invalid",
  "entry.altered": "invalid",
  "entry.inserted": "invalid",
  "entry.reordered": "invalid",
  "entry.removed": "missing",
  "entry.malformed": "invalid",
  "entry.misnumbered": "invalid",
  "entry.otherSuite": "invalid",
  "stream.gap": "missing",
  "stream.repeated": "invalid",
  "clock.backwards": "invalid",
  "clock.ahead": "invalid",
  "clock.behind": "invalid",
  "absence.malformed": "invalid",
  "release.unbacked": "invalid",
  "excerpt.malformed": "invalid",
  "body.altered": "invalid",
  "body.otherEntry": "invalid",
  "body.missing": "missing",
  "body.released": "released",
  "body.erased": "erased",
  "body.awaited": "awaited",
  "body.unreadable": "cannotTell",
  "source.malformed": "invalid",
  "source.unreadable": "cannotTell",
} as const satisfies Record<string, FindingKind>;
export type FindingCode = keyof typeof FINDINGS;

/** What is known of the entry that a finding is about. */
export interface FoundEntry {
  readonly seq: number;
  readonly stream?: StreamId;
  readonly n?: number;
  readonly type?: EntryType;
  /** UTC ms; where `timeNear` is set, of the nearest entry before that could be read. */
  readonly t?: number;
  readonly durMs?: number;
  readonly timeNear?: true;
}

/** One finding, or a run of equal ones that follow each other in one stream. */
export interface Finding extends Partial<FoundEntry> {
  readonly kind: FindingKind;
  readonly code: FindingCode;
  /** Label of the log. */
  readonly log: string;
  /** Last sequence number of the run; `seq` for a single one. */
  readonly lastSeq?: number;
  /** How many entries the run has. */
  readonly count: number;
  /** UTC ms of the run's last moment. */
  readonly tEnd?: number;
  /** More on the cause in plain English, without personal data. */
  readonly why?: string;
}

export function foundEntry(entry: Entry): FoundEntry {
  const { seq, stream, n, type, t, dur } = entry;
  return { seq, stream, n, type, t, durMs: dur };
}

/** `cam-1` for `camera/cam-1/main`; undefined for a stream that is no camera's. */
export function cameraOf(stream: string): string | undefined {
  const [kind, camera] = stream.split("/");
  return kind === "camera" ? camera : undefined;
}

export type VerdictResult = "ok" | FindingKind;

export type FindingCounts = Readonly<Record<FindingKind, number>>;

/** The gravest kind decides: what is wrong outweighs what is gone, which outweighs what can't be told. */
export function resultOf(counts: FindingCounts): VerdictResult {
  return FINDING_KINDS.find((kind) => counts[kind] > 0) ?? "ok";
}
