/**
 * Answers "what footage exists from A to B, and what is missing and why" from catalogue rows alone; pure.
 * Invariant: every millisecond of the range is in a fragment or in a gap with a cause.
 */
import { type EntryRef, compareLogIds } from "../domain/ids.ts";
import { coverSpan } from "../evidence/coverage/span.ts";
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
  /** In the order of the log, which is by time but where a clock was set back. */
  readonly fragments: readonly FragmentRow[];
  /** Clipped to the range, ascending. */
  readonly gaps: readonly GapRow[];
  /** True when fragments cover the whole range and no gap touches it. */
  readonly complete: boolean;
}

/** As it was recorded: after a clock was set back times repeat, and runs must not be mixed with each other. */
function inLogOrder(a: FragmentRow, b: FragmentRow): number {
  return compareLogIds(a.ref.logId, b.ref.logId) || a.ref.seq - b.ref.seq;
}

/** `fragments` and `gaps` are all rows that touch the range, in any order. */
export function coverageOf(
  from: number,
  to: number,
  fragments: readonly FragmentRow[],
  gaps: readonly GapRow[],
): Coverage {
  const covered = coverSpan({ from, to }, fragments, gaps);
  const unexplained = covered.unexplained.map((hole): GapRow => ({ ...hole, causes: ["notRecorded"] }));
  const all = [...covered.stated, ...unexplained].toSorted((a, b) => a.from - b.from);
  return {
    from,
    to,
    fragments: covered.fragments.toSorted(inLogOrder),
    gaps: all,
    complete: all.length === 0,
  };
}
