/**
 * Answers "what footage exists from A to B, and what is missing and why" from catalogue rows alone; pure.
 * Invariant: every millisecond of the range is in a fragment or in a gap with a cause.
 */
import type { EntryRef } from "../domain/ids.ts";
import type { GapCause } from "./recorder-status.ts";

/** A fragment as the catalogue knows it. */
export interface FragmentRow {
  readonly ref: EntryRef;
  /** Wall clock of the first picture, UTC ms. */
  readonly t: number;
  readonly durMs: number;
  readonly sizeBytes: number;
  /** The init segment that the fragment needs. */
  readonly init: EntryRef;
  /** The `run` entry that the fragment belongs to. */
  readonly run: EntryRef;
  readonly codec?: string;
  /** The camera's own time of the first picture. */
  readonly cam?: number;
  /** `cam` was not told with this fragment but follows from the camera's first report in the same run. */
  readonly camIsDerived?: true;
  /** True where the fragment does not start at a key frame. */
  readonly cont: boolean;
}

/** A stretch without footage. */
export interface GapRow {
  readonly from: number;
  /** Absent while the gap is still open. */
  readonly to?: number;
  /** In the order they came up; the first is why it began. */
  readonly causes: readonly GapCause[];
  /** The entry that states it; absent for a hole that no entry explains. */
  readonly ref?: EntryRef;
}

export interface Coverage {
  readonly from: number;
  readonly to: number;
  readonly fragments: readonly FragmentRow[];
  /** Clipped to the range, ascending. */
  readonly gaps: readonly GapRow[];
  /** True when fragments cover the whole range and no gap touches it. */
  readonly complete: boolean;
}

/** Neighbours of one run are corrected by at most a few ms; a hole wider than this is a gap. */
export const CONTIGUOUS_MS = 60;

/** `fragments` and `gaps` are all rows that touch the range, in any order. */
export function coverageOf(
  from: number,
  to: number,
  fragments: readonly FragmentRow[],
  gaps: readonly GapRow[],
): Coverage {
  const inRange = fragments
    .filter((row) => row.t < to && row.t + row.durMs > from)
    .toSorted((a, b) => a.t - b.t || a.ref.seq - b.ref.seq);
  const stated = gaps
    .filter((gap) => gap.from < to && (gap.to ?? Infinity) > from)
    .map((gap) => ({ ...gap, from: Math.max(from, gap.from), to: Math.min(to, gap.to ?? Infinity) }));
  const holes: { from: number; to: number }[] = [];
  let covered = from;
  for (const row of inRange) {
    if (row.t > covered + CONTIGUOUS_MS) holes.push({ from: covered, to: row.t });
    covered = Math.max(covered, row.t + row.durMs);
  }
  if (covered + CONTIGUOUS_MS < to) holes.push({ from: covered, to });
  const unexplained = holes
    .flatMap((hole) => without(hole, stated))
    .filter((hole) => hole.to - hole.from > CONTIGUOUS_MS)
    .map((hole): GapRow => ({ ...hole, causes: ["notRecorded"] }));
  const all = [...stated, ...unexplained].toSorted((a, b) => a.from - b.from);
  return { from, to, fragments: inRange, gaps: all, complete: all.length === 0 };
}

/** What is left of `hole` when the stated gaps are taken out. */
function without(
  hole: { from: number; to: number },
  stated: readonly { from: number; to: number }[],
): { from: number; to: number }[] {
  let left = [hole];
  for (const gap of stated) {
    left = left.flatMap((part) => {
      if (gap.to <= part.from || gap.from >= part.to) return [part];
      const parts = [];
      if (gap.from > part.from) parts.push({ from: part.from, to: gap.from });
      if (gap.to < part.to) parts.push({ from: gap.to, to: part.to });
      return parts;
    });
  }
  return left;
}
