/**
 * What a depacketizer is: RTP payloads in, whole access units out.
 * Invariant: a unit that misses a packet is never handed on, and held bytes are bounded.
 */
import type { Nal } from "./source-event.ts";
import type { RtpPacket } from "./rtp.ts";

export interface ParameterSets {
  readonly vps: readonly Uint8Array[];
  readonly sps: readonly Uint8Array[];
  readonly pps: readonly Uint8Array[];
}

export interface AccessUnit {
  readonly nals: readonly Nal[];
  readonly keyFrame: boolean;
  /** RTP timestamp, 32 bits. */
  readonly timestamp: number;
  /** Parameter sets that apply from this unit on, where they are new. */
  readonly parameters?: ParameterSets;
}

export interface Depacketizer {
  /** The units that this packet completed. Throws RtspError `badAnswer` when a unit is beyond its bounds. */
  push(packet: RtpPacket): readonly AccessUnit[];
  /** The reader has all units given so far and is done with those it had before. */
  recycle(): void;
  /** Packets are missing before the next one: what is incomplete is dropped. */
  lost(): void;
}

/** A unit larger than this is no picture of any camera. */
export const MAX_UNIT_BYTES = 8 * 1024 * 1024;
export const MAX_UNIT_NALS = 2048;

export const nalOf = (bytes: Uint8Array): Nal => ({ pieces: [bytes], sizeBytes: bytes.length });
