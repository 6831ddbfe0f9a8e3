/**
 * Which part of a span is covered by footage and what is missing, from fragments and stated gaps alone; pure.
 * Invariant: every millisecond of the span is in a fragment or in a gap, but for seams of `CONTIGUOUS_MS`.
 */

/** Neighbours of one run are corrected by at most a few ms; a hole wider than this is a gap. */
export const CONTIGUOUS_MS = 60;

/** Footage from `t` (UTC ms) on. */
export interface CoveringFragment {
  readonly t: number;
  readonly durMs: number;
  readonly ref: { readonly seq: number };
}

/** A stretch that an entry says is missing; `to` is absent while it goes on. */
export interface StatedGap {
  readonly from: number;
  readonly to?: number;
}

/** A stretch. UTC ms, half-open. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface SpanCoverage<Fragment, Gap> {
  /** Those that touch the span, by time. */
  readonly fragments: readonly Fragment[];
  /** Stated gaps, clipped to the span. */
  readonly stated: readonly (Gap & Stretch)[];
  /** Holes that no entry explains. */
  readonly unexplained: readonly Stretch[];
}

/** `fragments` and `gaps` are all that touch the span, in any order. */
export function coverSpan<Fragment extends CoveringFragment, Gap extends StatedGap>(
  { from, to }: Stretch,
  fragments: readonly Fragment[],
  gaps: readonly Gap[],
): SpanCoverage<Fragment, Gap> {
  const inSpan = fragments
    .filter((row) => row.t < to && row.t + row.durMs > from)
    .toSorted((a, b) => a.t - b.t || a.ref.seq - b.ref.seq);
  const stated = gaps
    .filter((gap) => gap.from < to && (gap.to ?? Infinity) > from)
    .map((gap) => ({ ...gap, from: Math.max(from, gap.from), to: Math.min(to, gap.to ?? Infinity) }));
  const holes: Stretch[] = [];
  let covered = from;
  for (const row of inSpan) {
    if (row.t > covered + CONTIGUOUS_MS) holes.push({ from: covered, to: row.t });
    covered = Math.max(covered, row.t + row.durMs);
  }
  if (covered + CONTIGUOUS_MS < to) holes.push({ from: covered, to });
  const unexplained = holes
    .flatMap((hole) => without(hole, stated))
    .filter((hole) => hole.to - hole.from > CONTIGUOUS_MS);
  return { fragments: inSpan, stated, unexplained };
}

/** What is left of `hole` when the stated gaps are taken out. */
function without(hole: Stretch, stated: readonly Stretch[]): Stretch[] {
  let left = [hole];
  for (const gap of stated) {
    left = left.flatMap((part) => {
      if (gap.to <= part.from || gap.from >= part.to) return [part];
      const parts: Stretch[] = [];
      if (gap.from > part.from) parts.push({ from: part.from, to: gap.from });
      if (gap.to < part.to) parts.push({ from: gap.to, to: part.to });
      return parts;
    });
  }
  return left;
}
