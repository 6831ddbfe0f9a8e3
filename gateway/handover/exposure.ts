/**
 * The exposure window: how long a rewritten log could go unnoticed. 0 while a foreign-signed tree head covers
 * every entry but the log's own bookkeeping; else the time since the newest foreign sighting (DESIGN 6).
 */
import type { Entry } from "../evidence/entry.ts";
import type { JsonObject, RecordBody } from "../evidence/record.ts";
import { isBookkeeping } from "./pack-class.ts";

export interface ExposureState {
  /** Wall clock of the log's first entry ever. */
  readonly firstMs?: number;
  /** The newest entry that is worth seeing. */
  readonly last?: { readonly logId: string; readonly seq: number };
  /** The newest tree that another party has signed, and when this box heard of it. */
  readonly seen?: {
    readonly logId: string;
    readonly size: number;
    readonly atMs: number;
    /** The `sighting` entry, which holds the note. */
    readonly entry: { readonly logId: string; readonly seq: number };
  };
}

export function exposureAfter(
  state: ExposureState,
  entry: {
    readonly logId: string;
    readonly seq: number;
    readonly entry: Entry;
    readonly record?: RecordBody;
  },
): ExposureState {
  const { type, t } = entry.entry;
  const { log, size } = entry.record?.json ?? {};
  return {
    ...state,
    firstMs: state.firstMs ?? t,
    ...(isBookkeeping(type) ? {} : { last: { logId: entry.logId, seq: entry.seq } }),
    ...(type === "sighting" && typeof log === "string" && typeof size === "number"
      ? { seen: { logId: log, size, atMs: t, entry: { logId: entry.logId, seq: entry.seq } } }
      : {}),
  };
}

/** True when the tree of this size holds every entry worth seeing. */
export function isCovered(state: ExposureState): boolean {
  const { last, seen } = state;
  return last === undefined || (seen !== undefined && seen.logId === last.logId && seen.size > last.seq);
}

export function exposureMs(state: ExposureState, nowMs: number): number {
  if (isCovered(state)) return 0;
  return Math.max(0, nowMs - (state.seen?.atMs ?? state.firstMs ?? nowMs));
}

export function encodeExposure(state: ExposureState): JsonObject {
  const { firstMs, last, seen } = state;
  return {
    ...(firstMs === undefined ? {} : { firstMs }),
    ...(last === undefined ? {} : { last: { ...last } }),
    ...(seen === undefined ? {} : { seen: { ...seen } }),
  };
}

/** The row is written by `encodeExposure` alone. */
export function decodeExposure(row: JsonObject | undefined): ExposureState {
  return row === undefined ? {} : row;
}
