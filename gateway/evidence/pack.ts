/**
 * The pack: how bodies travel and are kept outside a gateway. A head (origin, sequence ranges), then for each
 * sequence number one frame `u32 length ‖ body value`, or the entry alone where its body was released or erased.
 * Invariant: one content has one encoding; a pack's name is the SHA-256 of its bytes.
 */
import { MAX_BODY_VALUE_BYTES, decodeBodyValue, encodeBodyValue } from "./body-value.ts";
import { checkOrigin } from "./checkpoint.ts";
import { type SeqRange, countRanges, formatRanges, parseRanges } from "./ranges.ts";

export interface PackHeader {
  readonly origin: string;
  /** Which sequence numbers follow, in this order; at least one. */
  readonly ranges: readonly SeqRange[];
}

export interface PackItem {
  readonly entryBytes: Uint8Array;
  /** Undefined where the sender holds no body any more. */
  readonly body: Uint8Array | undefined;
}

/** DESIGN 10: a pack aims at 64 MiB and is never larger than this. */
export const MAX_PACK_BYTES = 128 * 1024 * 1024;
export const MAX_PACK_HEAD_BYTES = 65_536;
export const FRAME_HEAD_BYTES = 4;

const MAGIC = "counter-gateway/pack/v1";
/** Top bit of a frame's length: the value is an entry without its body. */
const ENTRY_ALONE = 0x8000_0000;

const ascii = new TextDecoder("latin1");

/** `magic \n origin \n ranges \n\n`. Throws RangeError on values that could not be read back. */
export function encodePackHeader(header: PackHeader): Uint8Array<ArrayBuffer> {
  checkOrigin(header.origin);
  if (header.ranges.length === 0) throw new RangeError("a pack holds at least one entry");
  const bytes = new TextEncoder().encode(`${MAGIC}\n${header.origin}\n${formatRanges(header.ranges)}\n\n`);
  if (bytes.length > MAX_PACK_HEAD_BYTES) throw new RangeError("a pack's head is at most 64 KiB");
  return bytes;
}

export interface ParsedPackHeader {
  readonly header: PackHeader;
  /** Where the first frame begins. */
  readonly headBytes: number;
  /** How many frames follow. */
  readonly count: number;
}

/**
 * Reads the head from the first bytes of a pack; undefined when more bytes are needed. Throws RangeError when
 * these can't become a head.
 */
export function parsePackHeader(start: Uint8Array): ParsedPackHeader | undefined {
  const text = ascii.decode(start.subarray(0, MAX_PACK_HEAD_BYTES));
  const known = text.slice(0, MAGIC.length + 1);
  if (known !== `${MAGIC}\n`.slice(0, known.length)) throw new RangeError("not a pack");
  const end = text.indexOf("\n\n");
  if (end < 0) {
    if (start.length >= MAX_PACK_HEAD_BYTES) throw new RangeError("a pack's head is at most 64 KiB");
    return undefined;
  }
  const [, origin, ranges, extra] = text.slice(0, end).split("\n");
  if (origin === undefined || ranges === undefined || extra !== undefined)
    throw new RangeError("a pack's head is three lines");
  checkOrigin(origin);
  const parsed = parseRanges(ranges);
  if (parsed.length === 0) throw new RangeError("a pack holds at least one entry");
  return { header: { origin, ranges: parsed }, headBytes: end + 2, count: countRanges(parsed) };
}

export interface FrameHead {
  readonly valueBytes: number;
  readonly entryAlone: boolean;
}

/** Throws RangeError when the frame would be larger than any value may be. */
export function parseFrameHead(bytes: Uint8Array): FrameHead {
  const raw = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const entryAlone = raw >= ENTRY_ALONE;
  const valueBytes = entryAlone ? raw - ENTRY_ALONE : raw;
  if (valueBytes > MAX_BODY_VALUE_BYTES) throw new RangeError("a pack's frame is over its limit");
  return { valueBytes, entryAlone };
}

/** Splits a frame's value. Throws RangeError when it is not one. */
export function parseFrameValue(head: FrameHead, value: Uint8Array): PackItem {
  const { entryBytes, body } = decodeBodyValue(value);
  if (!head.entryAlone) return { entryBytes, body };
  if (body.length > 0) throw new RangeError("an entry that stands alone has no body");
  return { entryBytes, body: undefined };
}

/** The head of a frame; the body value follows as it is stored. */
export function encodeFrameHead(head: FrameHead): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(FRAME_HEAD_BYTES);
  new DataView(out.buffer).setUint32(0, head.valueBytes + (head.entryAlone ? ENTRY_ALONE : 0));
  return out;
}

/** Head and value of one frame; for bodies that are at hand, without copying a stored body value again. */
export function encodeFrame(item: PackItem): readonly [head: Uint8Array, value: Uint8Array] {
  const value = encodeBodyValue({ entryBytes: item.entryBytes, body: item.body ?? new Uint8Array() });
  return [encodeFrameHead({ valueBytes: value.length, entryAlone: item.body === undefined }), value];
}

/** Length of a frame without reading its body; `bodyBytes` undefined where the entry stands alone. */
export function frameBytes(entryBytes: number, bodyBytes: number | undefined): number {
  return FRAME_HEAD_BYTES + 2 + entryBytes + (bodyBytes ?? 0);
}
