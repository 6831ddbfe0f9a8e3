/**
 * What differs between H.264 (RFC 6184) and H.265 (RFC 7798) in RTP, as two tables of small functions.
 * Invariant: every function is given at least `headerBytes` bytes.
 */
import type { VideoCodec } from "./source-event.ts";

export type ParameterKind = "vps" | "sps" | "pps";

export interface NalGrammar {
  readonly codec: VideoCodec;
  readonly headerBytes: number;
  readonly aggregation: number;
  readonly fragmentation: number;
  /** Largest type that may stand alone as a NAL unit. */
  readonly lastSingle: number;
  typeOf(nal: Uint8Array): number;
  /** Coded slice data, as against parameters, SEI and delimiters. */
  isSlice(type: number): boolean;
  isKey(type: number): boolean;
  parameterKind(type: number): ParameterKind | undefined;
  /** The NAL header that a fragmentation unit stands for. */
  rebuiltHeader(fragment: Uint8Array): Uint8Array;
}

/** Every possible first byte, so that a fragment's rebuilt header costs no allocation. */
const BYTES = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));

const H264_PARAMETERS: Readonly<Record<number, ParameterKind>> = { 7: "sps", 8: "pps" };
const H265_PARAMETERS: Readonly<Record<number, ParameterKind>> = { 32: "vps", 33: "sps", 34: "pps" };

export const h264Grammar: NalGrammar = {
  codec: "h264",
  headerBytes: 1,
  aggregation: 24,
  fragmentation: 28,
  lastSingle: 23,
  typeOf: (nal) => (nal[0] ?? 0) & 0x1f,
  isSlice: (type) => type >= 1 && type <= 5,
  isKey: (type) => type === 5,
  parameterKind: (type) => H264_PARAMETERS[type],
  rebuiltHeader: (fragment) =>
    BYTES[((fragment[0] ?? 0) & 0xe0) | ((fragment[1] ?? 0) & 0x1f)] ?? new Uint8Array(1),
};

export const h265Grammar: NalGrammar = {
  codec: "h265",
  headerBytes: 2,
  aggregation: 48,
  fragmentation: 49,
  lastSingle: 47,
  typeOf: (nal) => ((nal[0] ?? 0) >> 1) & 0x3f,
  isSlice: (type) => type <= 31,
  isKey: (type) => type >= 16 && type <= 21,
  parameterKind: (type) => H265_PARAMETERS[type],
  rebuiltHeader: (fragment) =>
    Uint8Array.of(((fragment[0] ?? 0) & 0x81) | (((fragment[2] ?? 0) & 0x3f) << 1), fragment[1] ?? 0),
};
