/**
 * Ranges of sequence numbers, `from <= seq < to`, and their text form `0-256,300-301`.
 * Invariant: a list of ranges ascends without touching, so one set of numbers has one list and one text.
 */

export type SeqRange = readonly [from: number, to: number];

/** Throws RangeError unless the ranges are whole, not empty, ascending and apart. */
export function checkRanges(ranges: readonly SeqRange[]): void {
  let end = -1;
  for (const [from, to] of ranges) {
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from <= end || to <= from)
      throw new RangeError("sequence ranges have to ascend without touching");
    end = to;
  }
}

export function formatRanges(ranges: readonly SeqRange[]): string {
  checkRanges(ranges);
  return ranges.map(([from, to]) => `${from}-${to}`).join(",");
}

const RANGE = /^(0|[1-9][0-9]{0,15})-([1-9][0-9]{0,15})$/;

/** Throws RangeError unless the text is what `formatRanges` writes; the empty text is the empty list. */
export function parseRanges(text: string): readonly SeqRange[] {
  if (text === "") return [];
  const ranges = text.split(",").map((part): SeqRange => {
    const match = RANGE.exec(part);
    if (match === null) throw new RangeError("not a sequence range");
    return [Number(match[1]), Number(match[2])];
  });
  checkRanges(ranges);
  return ranges;
}

/** How many sequence numbers the ranges hold. */
export function countRanges(ranges: readonly SeqRange[]): number {
  return ranges.reduce((count, [from, to]) => count + to - from, 0);
}

/** Every sequence number of the ranges, ascending. */
export function* eachSeq(ranges: readonly SeqRange[]): Generator<number, void, undefined> {
  for (const [from, to] of ranges) for (let seq = from; seq < to; seq++) yield seq;
}

/** Whether one of the ascending ranges holds the number; by bisection. */
export function rangesHold(ranges: readonly SeqRange[], seq: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (seq < range[0]) high = middle;
    else if (seq >= range[1]) low = middle + 1;
    else return true;
  }
  return false;
}

/** The union of two lists of ranges, touching ones joined. */
export function joinRanges(a: readonly SeqRange[], b: readonly SeqRange[]): readonly SeqRange[] {
  const sorted = [...a, ...b].sort(([x], [y]) => x - y);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
