/**
 * Audio frames from RTP: AAC in the AAC-hbr mode (RFC 3640 3.3.6) and G.711 (RFC 3551 4.5.14), kept as sent.
 * Invariant: every unit is one whole frame with its own timestamp.
 */
import { type AccessUnit, type Depacketizer, MAX_UNIT_BYTES, nalOf } from "./access-unit.ts";
import type { RtpPacket } from "./rtp.ts";
import { RtspError } from "./rtsp-error.ts";
import { UnitMemory } from "./unit-memory.ts";

/** AAC-LC frames hold 1024 samples. */
const AAC_FRAME_TICKS = 1024;

const frame = (bytes: Uint8Array, timestamp: number): AccessUnit => ({
  nals: [nalOf(bytes)],
  keyFrame: true,
  timestamp,
});

/** G.711: what a packet carries is one unit. */
export class PlainAudioDepacketizer implements Depacketizer {
  readonly #memory = new UnitMemory();

  push(packet: RtpPacket): readonly AccessUnit[] {
    if (packet.payload.length === 0) return [];
    this.#memory.add(packet.payload, 0);
    return [frame(this.#memory.take(), packet.timestamp)];
  }
  recycle(): void {
    this.#memory.recycle();
  }

  lost(): void {
    // Nothing is held back.
  }
}

export interface AacFraming {
  readonly sizeBits: number;
  readonly indexBits: number;
}

export class AacDepacketizer implements Depacketizer {
  readonly #headerBits: number;
  readonly #indexBits: number;
  /** Holds a frame of several packets from its first packet on. */
  readonly #memory = new UnitMemory();
  #wanted = 0;

  constructor(framing: AacFraming) {
    this.#headerBits = framing.sizeBits + framing.indexBits;
    this.#indexBits = framing.indexBits;
  }

  push(packet: RtpPacket): readonly AccessUnit[] {
    const { payload } = packet;
    if (payload.length < 2) return [];
    const headersBits = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
    const count = Math.floor(headersBits / this.#headerBits);
    let at = 2 + Math.ceil(headersBits / 8);
    if (at > payload.length) return [];
    const units: AccessUnit[] = [];
    for (let i = 0; i < count; i++) {
      const size = readBits(payload, 16 + i * this.#headerBits, this.#headerBits) >>> this.#indexBits;
      if (count === 1 && size > payload.length - at) return this.#part(payload.subarray(at), size, packet);
      if (size === 0 || at + size > payload.length) return units;
      // What was begun in earlier packets has no end.
      this.lost();
      this.#memory.add(payload.subarray(at, at + size), 0);
      units.push(frame(this.#memory.take(), (packet.timestamp + i * AAC_FRAME_TICKS) >>> 0));
      at += size;
    }
    return units;
  }

  /** A frame larger than a packet: every packet repeats its size, the last has the marker. */
  #part(data: Uint8Array, size: number, packet: RtpPacket): readonly AccessUnit[] {
    if (size > MAX_UNIT_BYTES) throw new RtspError("badAnswer", "the camera sent an oversized audio frame");
    if (this.#memory.sizeBytes === 0) this.#wanted = size;
    this.#memory.add(data, 0);
    if (this.#memory.sizeBytes < this.#wanted && !packet.marker) return [];
    if (this.#memory.sizeBytes === this.#wanted) return [frame(this.#memory.take(), packet.timestamp)];
    this.lost();
    return [];
  }

  recycle(): void {
    this.#memory.recycle();
  }

  lost(): void {
    this.#memory.drop();
  }
}

function readBits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++)
    value = (value << 1) | (((bytes[i >> 3] ?? 0) >> (7 - (i & 7))) & 1);
  return value >>> 0;
}
