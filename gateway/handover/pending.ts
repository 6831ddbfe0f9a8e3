/**
 * Entries that wait for their pack. Invariant: full portions are cut by the entries' sizes alone, in log order;
 * only the last, open portion of a class depends on when somebody asks for a seal.
 */
import { type LogId, logId } from "../domain/ids.ts";
import { type SeqRange, joinRanges } from "../evidence/ranges.ts";
import type { JsonObject } from "../evidence/record.ts";
import type { PackClass } from "./contract.ts";

/** What will be, or became, one pack. */
export interface Portion {
  readonly logId: LogId;
  readonly class: PackClass;
  readonly ranges: readonly SeqRange[];
  /** Bytes of the frames, without the pack's head. */
  readonly frameBytes: number;
  readonly entries: number;
  /** Entries apart from the log's bookkeeping: without any, there is nothing to hand over. */
  readonly worth: number;
}

/** A portion is full at the target size, and before its head or its list of ranges gets long. */
const MAX_ENTRIES = 4096;
const MAX_RANGES = 1024;

export interface PendingEntry {
  readonly seq: number;
  readonly frameBytes: number;
  readonly worth: boolean;
}

export const emptyPortion = (log: LogId, cls: PackClass): Portion => ({
  logId: log,
  class: cls,
  ranges: [],
  frameBytes: 0,
  entries: 0,
  worth: 0,
});

export function isFull(portion: Portion, next: PendingEntry, targetBytes: number): boolean {
  return (
    portion.entries > 0 &&
    (portion.frameBytes + next.frameBytes > targetBytes ||
      portion.entries >= MAX_ENTRIES ||
      portion.ranges.length >= MAX_RANGES)
  );
}

export function addEntry(portion: Portion, entry: PendingEntry): Portion {
  return {
    ...portion,
    ranges: joinRanges(portion.ranges, [[entry.seq, entry.seq + 1]]),
    frameBytes: portion.frameBytes + entry.frameBytes,
    entries: portion.entries + 1,
    worth: portion.worth + (entry.worth ? 1 : 0),
  };
}

/** What is left of the open portion when its first part was sealed. */
export function without(portion: Portion, sealed: Portion): Portion {
  const end = sealed.ranges.at(-1)?.[1] ?? 0;
  return {
    ...portion,
    ranges: portion.ranges
      .filter(([, to]) => to > end)
      .map(([from, to]): SeqRange => [Math.max(from, end), to]),
    frameBytes: portion.frameBytes - sealed.frameBytes,
    entries: portion.entries - sealed.entries,
    worth: portion.worth - sealed.worth,
  };
}

export function encodePortion(portion: Portion): JsonObject {
  return { ...portion, ranges: portion.ranges.map(([from, to]) => [from, to]) };
}

/** Throws RangeError when the row or record is not a portion. */
export function decodePortion(json: JsonObject): Portion {
  const { logId: id, class: cls, ranges, frameBytes, entries, worth } = json;
  if (typeof id !== "string" || !Array.isArray(ranges)) throw new RangeError("not a portion");
  if (cls !== 0 && cls !== 1 && cls !== 2 && cls !== 3) throw new RangeError("not a pack class");
  if (typeof frameBytes !== "number" || typeof entries !== "number" || typeof worth !== "number")
    throw new RangeError("not a portion");
  const pairs = ranges.map((pair): SeqRange => {
    const [from, to] = Array.isArray(pair) ? pair : [];
    if (typeof from !== "number" || typeof to !== "number") throw new RangeError("not a range");
    return [from, to];
  });
  return { logId: logId(id), class: cls, ranges: pairs, frameBytes, entries, worth };
}

export function firstSeq(portion: Portion): number {
  return portion.ranges[0]?.[0] ?? 0;
}
