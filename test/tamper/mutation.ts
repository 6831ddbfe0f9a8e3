/** One way of changing evidence, with the verdict that was written down before anything was run. */
import type { FindingCode, VerdictResult } from "../../gateway/evidence/verify/finding.ts";
import type { Made } from "./made.ts";

/** What a mutation works on a copy of. */
export const TARGETS = [
  "archive",
  "archiveOld",
  "unseen",
  "whole",
  "excerpt",
  "data",
  "dataEarlier",
  "turned",
  "turnedNational",
  "turnedData",
  "turnedNationalData",
] as const;
export type Target = (typeof TARGETS)[number];

/** Must be seen: this result, and this finding at this place. */
export interface Detected {
  readonly result: VerdictResult;
  readonly finding: FindingCode;
  /** Sequence number that the finding has to name; left out where it is about a note or a log as a whole. */
  readonly at?: (made: Made) => number;
}

/** Can't be seen by construction; the verdict is that of the untouched evidence. */
export interface KnownGap {
  readonly gap: string;
}

export interface Applied {
  /** What the verifier got from a second party: notes, paper checkpoints. */
  readonly seen?: readonly string[];
  /** `own`: the trust file that lies in the evidence; else a trust file's text. Default: the one the verifier holds. */
  readonly trust?: "own" | "alone" | { readonly text: string };
}

export interface Mutation {
  readonly name: string;
  /** What is changed. */
  readonly touches: string;
  readonly who: "disk" | "disk and key" | "disk and replaced key" | "disk and one of two keys";
  /** When, seen from the archive's last sighting and from a paper that somebody holds. */
  readonly sighting: "before" | "after" | "none";
  readonly paper: "before" | "after" | "none";
  readonly on: Target;
  readonly expected: Detected | KnownGap;
  readonly apply: (folder: string, made: Made) => Promise<Applied | void>;
}

export type Row = Omit<Mutation, "who" | "sighting" | "paper"> &
  Partial<Pick<Mutation, "who" | "sighting" | "paper">>;

/** Fills in what most rows share: somebody with the disk, after the archive saw the log, no paper in anybody's hand. */
export function rows(list: readonly Row[]): readonly Mutation[] {
  return list.map((row) => ({ who: "disk", sighting: "after", paper: "none", ...row }));
}
