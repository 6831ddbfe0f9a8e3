/**
 * What a camera source tells its reader: tracks, parameters, access units, clock reports, losses and the end.
 * Invariant: bytes are handed on exactly as the camera sent them; nothing is decoded, repaired or reordered.
 */

/** The two clocks a source stamps arrivals with; wall time may step, monotonic time never does. */
export interface SourceClock {
  wallMs(): number;
  monotonicMs(): number;
}

export type VideoCodec = "h264" | "h265";
export type AudioCodec = "aac" | "pcma" | "pcmu";

interface TrackBase {
  /** Index used by all later events of this track. */
  readonly track: number;
  /** RTP ticks in a second. */
  readonly clockRate: number;
}

export type Track =
  | (TrackBase & { readonly media: "video"; readonly codec: VideoCodec })
  | (TrackBase & {
      readonly media: "audio";
      readonly codec: AudioCodec;
      readonly channels: number;
      /** AudioSpecificConfig (ISO 14496-3) of AAC. */
      readonly config?: Uint8Array;
    });

/** First event: the tracks that play. */
export interface TracksEvent {
  readonly kind: "tracks";
  readonly tracks: readonly Track[];
}

/** Parameter sets of a video track, from the SDP or in band; comes before the unit they first apply to. */
export interface ParametersEvent {
  readonly kind: "parameters";
  readonly track: number;
  readonly codec: VideoCodec;
  /** Whole NAL units, header included; `vps` only for H.265. */
  readonly vps: readonly Uint8Array[];
  readonly sps: readonly Uint8Array[];
  readonly pps: readonly Uint8Array[];
}

/**
 * A NAL unit (or an audio frame) as consecutive pieces. The memory is used again once the reader asks for the next
 * event: whoever keeps the bytes copies them.
 */
export interface Nal {
  readonly pieces: readonly Uint8Array[];
  readonly sizeBytes: number;
}

/** One access unit: a picture with all its NAL units, or one audio frame (one Nal). */
export interface UnitEvent {
  readonly kind: "unit";
  readonly track: number;
  readonly nals: readonly Nal[];
  readonly keyFrame: boolean;
  /** RTP time of presentation, extended beyond 32 bits; differences are in ticks of the track's clock rate. */
  readonly ticks: number;
  readonly arrivalWallMs: number;
  readonly arrivalMonoMs: number;
}

/** RTCP sender report: the camera says that `ticks` was at `senderWallMs` of its own clock. */
export interface ReportEvent {
  readonly kind: "report";
  readonly track: number;
  readonly ticks: number;
  readonly senderWallMs: number;
}

/** RTP packets missing before the next unit; what they damaged was dropped. */
export interface LossEvent {
  readonly kind: "loss";
  readonly track: number;
  readonly packets: number;
}

/** Why a source ended; each is a stable word that reaches entries and screens. */
export const END_CAUSES = [
  "closed",
  "unreachable",
  "unauthorized",
  "notFound",
  "refused",
  "badAnswer",
  "unsupported",
  "timeout",
  "stalled",
  "disconnected",
] as const;
export type EndCause = (typeof END_CAUSES)[number];

/** Last event, always exactly one; `detail` is for a technician and never holds a credential. */
export interface EndEvent {
  readonly kind: "end";
  readonly cause: EndCause;
  readonly detail: string;
}

export type SourceEvent = TracksEvent | ParametersEvent | UnitEvent | ReportEvent | LossEvent | EndEvent;
