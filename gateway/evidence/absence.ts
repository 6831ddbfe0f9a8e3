/**
 * What a `release` or `erase` entry's record says: which bodies are not here any more, and why that is lawful.
 * Invariant: only bodies named here may be absent; everything else that is absent is missing.
 */
import { type LogId, logId } from "../domain/ids.ts";
import type { EntryType } from "./entry.ts";
import { type SeqRange, checkRanges } from "./ranges.ts";
import type { Json, JsonObject } from "./record.ts";

/**
 * What may be erased: bodies that can hold personal data, and footage. An orphan is a body that nobody had a
 * confirmation for, so it may repeat what a later entry says. Everything else carries state or says what happened to
 * the log itself, and a replay needs it.
 */
const ERASABLE: ReadonlySet<EntryType> = new Set<EntryType>([
  "person",
  "document",
  "rendition",
  "print",
  "signature",
  "scan",
  "file",
  "chunk",
  "orphan",
  "init",
  "fragment",
]);

export function isErasable(type: EntryType): boolean {
  return ERASABLE.has(type);
}

export interface Absence {
  /** The log that holds the entries; it may be an older one than the log that tells of it. */
  readonly logId: LogId;
  /** Half-open, ascending, not touching each other. */
  readonly ranges: readonly SeqRange[];
  /** `footage`: only bodies of footage entries in the ranges went; `all`: records too (erase only). */
  readonly of: "footage" | "all";
  /** Legal basis or ground, as a short code or article; never personal data. */
  readonly basis: string;
  /** For a release: the packs (SHA-256 in hex) whose acknowledgement permits it. */
  readonly packs?: readonly string[];
}

/** The `absence` member of the record's JSON; other members of the record are the caller's. */
export function encodeAbsence(absence: Absence): JsonObject {
  checkRanges(absence.ranges);
  return {
    logId: absence.logId,
    ranges: absence.ranges.map(([from, to]) => [from, to]),
    of: absence.of,
    basis: absence.basis,
    ...(absence.packs === undefined ? {} : { packs: [...absence.packs] }),
  };
}

/** Reads `record.json.absence` of a `release` or `erase` entry; throws RangeError when it has not that form. */
export function decodeAbsence(json: Json | undefined): Absence {
  if (!isObject(json)) throw new RangeError("an absence is an object");
  const { ranges, of, basis, packs } = json;
  if (typeof json["logId"] !== "string") throw new RangeError("absence.logId is not text");
  if (!Array.isArray(ranges)) throw new RangeError("absence.ranges is not a list");
  const pairs = ranges.map((pair: Json): SeqRange => {
    const [from, to] = Array.isArray(pair) ? pair : [];
    if (typeof from !== "number" || typeof to !== "number")
      throw new RangeError("an absence range is two numbers");
    return [from, to];
  });
  checkRanges(pairs);
  if (of !== "footage" && of !== "all") throw new RangeError("absence.of is unknown");
  if (typeof basis !== "string") throw new RangeError("absence.basis is not text");
  return {
    logId: logId(json["logId"]),
    ranges: pairs,
    of,
    basis,
    ...(Array.isArray(packs) ? { packs: packs.filter((name) => typeof name === "string") } : {}),
  };
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
