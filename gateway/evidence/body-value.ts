/**
 * The body value: `u16 length ‖ exact entry bytes ‖ body`, the one form in which a body is kept (LevelDB
 * values, packs). Invariant: an orphan is understood from its value alone.
 */
import { MAX_ENTRY_BYTES } from "./entry.ts";

const LENGTH_BYTES = 2;

/** Largest body that is ever kept: a fragment of 2 s, a chunk or a record is far below it. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;
export const MAX_BODY_VALUE_BYTES = LENGTH_BYTES + MAX_ENTRY_BYTES + MAX_BODY_BYTES;

export interface BodyValue {
  /** The exact logged bytes of the entry. */
  readonly entryBytes: Uint8Array;
  readonly body: Uint8Array;
}

/** Copies both parts into one buffer. Throws RangeError when either is over its limit. */
export function encodeBodyValue(value: BodyValue): Uint8Array<ArrayBuffer> {
  checkParts(value);
  const { entryBytes, body } = value;
  const out = new Uint8Array(LENGTH_BYTES + entryBytes.length + body.length);
  writeHead(out, entryBytes);
  out.set(body, LENGTH_BYTES + entryBytes.length);
  return out;
}

/**
 * As `encodeBodyValue` without a copy of the body: the head is written into the `headRoomBytes` before it.
 * Undefined when the head does not fit there.
 */
export function encodeBodyValueInPlace(
  value: BodyValue & { readonly headRoomBytes: number },
): Uint8Array | undefined {
  const { entryBytes, body, headRoomBytes } = value;
  const headBytes = LENGTH_BYTES + entryBytes.length;
  if (headBytes > headRoomBytes || headRoomBytes > body.byteOffset) return undefined;
  checkParts(value);
  const out = new Uint8Array(body.buffer, body.byteOffset - headBytes, headBytes + body.length);
  writeHead(out, entryBytes);
  return out;
}

function checkParts({ entryBytes, body }: BodyValue): void {
  if (entryBytes.length === 0 || entryBytes.length > MAX_ENTRY_BYTES)
    throw new RangeError("an entry is 1 to 65535 bytes");
  if (body.length > MAX_BODY_BYTES) throw new RangeError("a body is at most 32 MiB");
}

function writeHead(out: Uint8Array, entryBytes: Uint8Array): void {
  new DataView(out.buffer, out.byteOffset).setUint16(0, entryBytes.length);
  out.set(entryBytes, LENGTH_BYTES);
}

/** Both parts are views of `value`, not copies. Throws RangeError when the bytes are not a body value. */
export function decodeBodyValue(value: Uint8Array): BodyValue {
  if (value.length < LENGTH_BYTES) throw new RangeError("a body value is shorter than its head");
  const length = new DataView(value.buffer, value.byteOffset, value.byteLength).getUint16(0);
  const bodyAt = LENGTH_BYTES + length;
  if (length === 0 || bodyAt > value.length) throw new RangeError("a body value is shorter than its entry");
  if (value.length - bodyAt > MAX_BODY_BYTES) throw new RangeError("a body is at most 32 MiB");
  return { entryBytes: value.subarray(LENGTH_BYTES, bodyAt), body: value.subarray(bodyAt) };
}
