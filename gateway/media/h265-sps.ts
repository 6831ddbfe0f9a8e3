/**
 * What an init segment needs from an H.265 sequence parameter set (ITU-T H.265 7.3.2.2); pure.
 * Invariant: any bytes give a result or RangeError.
 */
import { BitReader, rawPayload } from "./bit-reader.ts";
import type { PictureFormat } from "./h264-sps.ts";

export interface HevcFormat extends PictureFormat {
  /** general_profile_space … general_level_idc, 12 bytes, as an hvcC box repeats them. */
  readonly profileTierLevel: Uint8Array;
  readonly temporalLayers: number;
  readonly temporalNesting: number;
}

const PTL_BYTES = 12;
const MAX_SIDE = 16_384;

/** `nal`: the whole NAL unit, its two header bytes included. Throws RangeError. */
export function parseH265Sps(nal: Uint8Array): HevcFormat {
  const raw = rawPayload(nal);
  const profileTierLevel = raw.slice(3, 3 + PTL_BYTES);
  if (profileTierLevel.length < PTL_BYTES) throw new RangeError("a sequence parameter set ends too early");
  const head = new BitReader(raw, 2);
  head.bits(4);
  const subLayers = head.bits(3);
  const temporalNesting = head.bit();
  const bits = new BitReader(raw, 3 + PTL_BYTES);
  skipSubLayers(bits, subLayers);
  bits.unsigned();
  const chromaFormat = bits.unsigned();
  if (chromaFormat === 3) bits.bit();
  const codedWidth = bits.unsigned();
  const codedHeight = bits.unsigned();
  const window = bits.bit() === 1 ? [0, 0, 0, 0].map(() => bits.unsigned()) : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = window;
  const width = codedWidth - (left + right) * (chromaFormat === 1 || chromaFormat === 2 ? 2 : 1);
  const height = codedHeight - (top + bottom) * (chromaFormat === 1 ? 2 : 1);
  if (!(width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE))
    throw new RangeError("a sequence parameter set gives an impossible size");
  const lumaBits = 8 + bits.unsigned();
  const chromaBits = 8 + bits.unsigned();
  return {
    width,
    height,
    codec: codecOf(profileTierLevel),
    chromaFormat,
    lumaBits,
    chromaBits,
    profileTierLevel,
    temporalLayers: subLayers + 1,
    temporalNesting,
  };
}

function skipSubLayers(bits: BitReader, subLayers: number): void {
  const present = Array.from({ length: subLayers }, () => ({ profile: bits.bit(), level: bits.bit() }));
  if (subLayers > 0) for (let i = subLayers; i < 8; i++) bits.bits(2);
  for (const layer of present) {
    if (layer.profile === 1) for (let i = 0; i < 11; i++) bits.bits(8);
    if (layer.level === 1) bits.bits(8);
  }
}

/** ISO/IEC 14496-15 annex E: `hvc1.` space and profile, reversed compatibility, tier and level, constraints. */
function codecOf(ptl: Uint8Array): string {
  const view = new DataView(ptl.buffer, ptl.byteOffset, ptl.byteLength);
  const first = view.getUint8(0);
  const space = ["", "A", "B", "C"][first >> 6] ?? "";
  const flags = view.getUint32(1);
  let reversed = 0;
  for (let i = 0; i < 32; i++) reversed = (reversed << 1) | ((flags >>> i) & 1);
  const constraints = [...ptl.subarray(5, 11)];
  while (constraints.at(-1) === 0) constraints.pop();
  const tail = constraints.map((byte) => `.${byte.toString(16).toUpperCase()}`).join("");
  const tier = (first & 0x20) === 0 ? "L" : "H";
  return `hvc1.${space}${first & 0x1f}.${(reversed >>> 0).toString(16).toUpperCase()}.${tier}${view.getUint8(11)}${tail}`;
}
