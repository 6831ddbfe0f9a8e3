/**
 * A pack's bytes, made while they are read. Invariant: they follow from the log and the seal alone; a body that
 * can't be read any more is an error, never other bytes.
 */
import { CodedError, type ErrorCode } from "../domain/errors.ts";
import { type LogId, seq } from "../domain/ids.ts";
import { decodeEntry } from "../evidence/entry.ts";
import { encodeBodyValue } from "../evidence/body-value.ts";
import { encodeFrameHead, encodePackHeader, frameBytes } from "../evidence/pack.ts";
import { type SeqRange, joinRanges, rangesHold } from "../evidence/ranges.ts";
import type { PackStore } from "./ports.ts";

export interface PackContent {
  readonly logId: LogId;
  readonly origin: string;
  readonly ranges: readonly SeqRange[];
  readonly alone: readonly SeqRange[];
}

/** Whoever reads the log in steps of this many entries never holds many. */
const ENTRIES_AT_ONCE = 256;

async function* entriesOf(
  store: PackStore,
  content: Pick<PackContent, "logId" | "ranges">,
): AsyncGenerator<{ readonly seq: number; readonly bytes: Uint8Array }, void, undefined> {
  for (const [from, to] of content.ranges)
    for (let at = from; at < to;) {
      const part = await store.entries(content.logId, at, Math.min(ENTRIES_AT_ONCE, to - at));
      if (part.length === 0) throw new CodedError("evidence.noSuchEntry", { logId: content.logId, seq: at });
      yield* part;
      at += part.length;
    }
}

/** The bytes `offset` to `offset + length - 1`; frames outside are passed over without reading their bodies. */
export async function* packBytes(
  store: PackStore,
  content: PackContent,
  range: { readonly offset: number; readonly length: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  const end = range.offset + range.length;
  let at = 0;
  /** The part of these bytes that is asked for; undefined when there is none. */
  const wanted = (bytes: Uint8Array): Uint8Array | undefined => {
    const from = Math.max(range.offset - at, 0);
    const to = Math.min(end - at, bytes.length);
    at += bytes.length;
    return from < to ? bytes.subarray(from, to) : undefined;
  };
  const head = wanted(encodePackHeader({ origin: content.origin, ranges: content.ranges }));
  if (head !== undefined) yield head;
  for await (const { seq: place, bytes } of entriesOf(store, content)) {
    if (at >= end) return;
    const entryAlone = rangesHold(content.alone, place);
    const size = frameBytes(bytes.length, entryAlone ? undefined : decodeEntry(bytes).len);
    if (at + size <= range.offset) {
      at += size;
      continue;
    }
    const value = entryAlone
      ? encodeBodyValue({ entryBytes: bytes, body: new Uint8Array() })
      : await store.bodyValue({ logId: content.logId, seq: seq(place) });
    for (const part of [encodeFrameHead({ valueBytes: value.length, entryAlone }), value]) {
      const piece = wanted(part);
      if (piece !== undefined) yield piece;
    }
  }
}

/** Codes that say that a body will not come back by waiting. */
const GONE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "evidence.bodyMissing",
  "evidence.bodyCorrupt",
  "store.volumeUnreadable",
]);

/**
 * Reads a portion once for its seal: every byte of the pack goes to `take`. Returns which bodies are gone, and
 * the size. Throws on faults that may pass.
 */
export async function readForSeal(
  store: PackStore,
  content: Omit<PackContent, "alone">,
  take: (bytes: Uint8Array) => void,
): Promise<{ readonly alone: readonly SeqRange[]; readonly sizeBytes: number }> {
  const gone: SeqRange[] = [];
  let sizeBytes = 0;
  const add = (bytes: Uint8Array): void => {
    sizeBytes += bytes.length;
    take(bytes);
  };
  add(encodePackHeader(content));
  for await (const { seq: place, bytes } of entriesOf(store, content)) {
    const stored = await valueOrGone(store, content.logId, place);
    if (stored === undefined) gone.push([place, place + 1]);
    const value = stored ?? encodeBodyValue({ entryBytes: bytes, body: new Uint8Array() });
    add(encodeFrameHead({ valueBytes: value.length, entryAlone: stored === undefined }));
    add(value);
  }
  return { alone: joinRanges(gone, []), sizeBytes };
}

async function valueOrGone(store: PackStore, logId: LogId, place: number): Promise<Uint8Array | undefined> {
  try {
    return await store.bodyValue({ logId, seq: seq(place) });
  } catch (cause) {
    if (cause instanceof CodedError && GONE.has(cause.code)) return undefined;
    throw cause;
  }
}
