/**
 * What an init segment needs from an H.264 sequence parameter set (ITU-T H.264 7.3.2.1.1); pure.
 * Invariant: any bytes give a result or RangeError.
 */
import { BitReader, rawPayload } from "./bit-reader.ts";

export interface PictureFormat {
  readonly width: number;
  readonly height: number;
  /** RFC 6381. */
  readonly codec: string;
  readonly chromaFormat: number;
  readonly lumaBits: number;
  readonly chromaBits: number;
}

/** Profiles whose set carries chroma format and bit depths. */
export const HIGH_PROFILES: ReadonlySet<number> = new Set([
  100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
]);
const MAX_SIDE = 16_384;

const hex = (byte: number): string => byte.toString(16).padStart(2, "0");

/** `nal`: the whole NAL unit, header included. Throws RangeError. */
export function parseH264Sps(nal: Uint8Array): PictureFormat {
  const raw = rawPayload(nal);
  const [, profile, constraints, level] = raw;
  if (profile === undefined || constraints === undefined || level === undefined)
    throw new RangeError("a sequence parameter set ends too early");
  const bits = new BitReader(raw, 4);
  bits.unsigned();
  const chroma = HIGH_PROFILES.has(profile)
    ? highFields(bits)
    : { chromaFormat: 1, lumaBits: 8, chromaBits: 8 };
  bits.unsigned();
  skipPictureOrder(bits);
  bits.unsigned();
  bits.bit();
  const widthInMbs = bits.unsigned() + 1;
  const heightInUnits = bits.unsigned() + 1;
  const framesOnly = bits.bit();
  if (framesOnly === 0) bits.bit();
  bits.bit();
  const crop = bits.bit() === 1 ? [0, 0, 0, 0].map(() => bits.unsigned()) : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const cropX = chroma.chromaFormat === 1 || chroma.chromaFormat === 2 ? 2 : 1;
  const cropY = (chroma.chromaFormat === 1 ? 2 : 1) * (2 - framesOnly);
  const width = widthInMbs * 16 - (left + right) * cropX;
  const height = heightInUnits * 16 * (2 - framesOnly) - (top + bottom) * cropY;
  if (!(width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE))
    throw new RangeError("a sequence parameter set gives an impossible size");
  return { width, height, codec: `avc1.${hex(profile)}${hex(constraints)}${hex(level)}`, ...chroma };
}

function highFields(bits: BitReader): { chromaFormat: number; lumaBits: number; chromaBits: number } {
  const chromaFormat = bits.unsigned();
  if (chromaFormat === 3) bits.bit();
  const lumaBits = 8 + bits.unsigned();
  const chromaBits = 8 + bits.unsigned();
  bits.bit();
  if (bits.bit() === 1)
    for (let list = 0; list < (chromaFormat === 3 ? 12 : 8); list++)
      if (bits.bit() === 1) skipScalingList(bits, list < 6 ? 16 : 64);
  return { chromaFormat, lumaBits, chromaBits };
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  for (let i = 0; i < size; i++) {
    const next = (last + bits.signed() + 256) % 256;
    if (next === 0) return;
    last = next;
  }
}

function skipPictureOrder(bits: BitReader): void {
  const type = bits.unsigned();
  if (type === 0) bits.unsigned();
  if (type !== 1) return;
  bits.bit();
  bits.signed();
  bits.signed();
  const cycle = bits.unsigned();
  if (cycle > 255) throw new RangeError("a sequence parameter set is not valid");
  for (let i = 0; i < cycle; i++) bits.signed();
}
