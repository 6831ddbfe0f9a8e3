/**
 * Writes ISO base media boxes (ISO/IEC 14496-12) into byte arrays; pure.
 * Invariant: a box's size field is the exact number of its bytes.
 */

const HEAD_BYTES = 8;

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function fourCc(type: string): Uint8Array {
  if (!/^[\x20-\x7e]{4}$/.test(type)) throw new RangeError("a box type is four ASCII characters");
  return Uint8Array.from(type, (character) => character.charCodeAt(0));
}

export function u8(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values);
}

export function u16(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  values.forEach((value, i) => view.setUint16(i * 2, value));
  return new Uint8Array(view.buffer);
}

export function u32(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => view.setUint32(i * 4, value));
  return new Uint8Array(view.buffer);
}

export function box(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(parts);
  return concat([u32(HEAD_BYTES + body.length), fourCc(type), body]);
}

/** A box with version and 24 bits of flags. */
export function fullBox(
  type: string,
  version: number,
  flags: number,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  return box(type, u32(((version << 24) | flags) >>> 0), ...parts);
}
