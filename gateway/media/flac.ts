/**
 * FLAC without compression (RFC 9639, verbatim subframes): every browser that plays fMP4 hears it, and making it
 * needs no encoder. Pure. Invariant: decoding gives exactly the samples that went in.
 */
import { box, concat, fullBox, u16, u32, u8 } from "./box-writer.ts";

const SAMPLE_BITS = 16;
const BLOCK_MAX = 65_535;

export interface FlacFormat {
  readonly sampleRate: number;
  readonly channels: number;
}

/** Sample entry `fLaC` with its `dfLa` box. Throws RangeError on more than 8 channels or too high a rate. */
export function flacSampleEntry({ sampleRate, channels }: FlacFormat): Uint8Array {
  if (channels < 1 || channels > 8 || sampleRate < 1 || sampleRate > 65_535)
    throw new RangeError("sound has 1 to 8 channels and a rate up to 65535 Hz");
  const rateAndBits = (sampleRate << 12) | ((channels - 1) << 9) | ((SAMPLE_BITS - 1) << 4);
  const streamInfo = concat([
    u16(16, BLOCK_MAX),
    u8(0, 0, 0, 0, 0, 0),
    u32(rateAndBits >>> 0, 0),
    new Uint8Array(16),
  ]);
  const lastBlock = 0x80;
  return box(
    "fLaC",
    u8(0, 0, 0, 0, 0, 0),
    u16(1),
    u32(0, 0),
    u16(channels, SAMPLE_BITS, 0, 0),
    u32((sampleRate << 16) >>> 0),
    fullBox("dfLa", 0, 0, u8(lastBlock, 0, 0, streamInfo.length), streamInfo),
  );
}

/** One frame; `samples` has one list per channel, all of one length. Throws RangeError on an empty or huge frame. */
export function flacFrame(firstSample: number, samples: readonly Int16Array[]): Uint8Array {
  const count = samples[0]?.length ?? 0;
  if (count < 1 || count > BLOCK_MAX) throw new RangeError("a frame of sound has 1 to 65535 samples");
  const head = concat([
    // Sync with varying block length; length in 16 bits, rate as in the stream's head; 16 bits a sample.
    u8(0xff, 0xf9, 0x70, ((samples.length - 1) << 4) | 0x08),
    codedNumber(firstSample),
    u16(count - 1),
  ]);
  const out = new Uint8Array(head.length + 1 + samples.length * (1 + 2 * count) + 2);
  const view = new DataView(out.buffer);
  out.set(head);
  out[head.length] = crc8(head);
  let at = head.length + 1;
  for (const channel of samples) {
    view.setUint8(at++, 0x02);
    for (const sample of channel) {
      view.setInt16(at, sample);
      at += 2;
    }
  }
  view.setUint16(at, crc16(out.subarray(0, at)));
  return out;
}

/** Up to 36 bits in the way of UTF-8 (RFC 9639 9.1.5). */
function codedNumber(value: number): Uint8Array {
  if (value < 0x80) return u8(value);
  // n bytes hold 5n + 1 bits, seven bytes 36.
  let count = 2;
  while (count < 7 && value >= 2 ** (5 * count + 1)) count++;
  const out = new Uint8Array(count);
  let rest = value % 2 ** 36;
  for (let i = count - 1; i > 0; i--) {
    out[i] = 0x80 | (rest % 64);
    rest = Math.floor(rest / 64);
  }
  out[0] = ((0xff << (8 - count)) & 0xff) | rest;
  return out;
}

function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ ((crc & 0x80) === 0 ? 0 : 0x07)) & 0xff;
  }
  return crc;
}

const CRC16_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x8005)) & 0xffff;
  return crc;
});

function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (CRC16_TABLE[(crc >> 8) ^ byte] ?? 0)) & 0xffff;
  return crc;
}
