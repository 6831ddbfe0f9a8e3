/**
 * What recording needs from others: a camera source (a driver), the log, the clock, views.
 * Invariant: structural types only, so that any driver fits without knowing this folder.
 */
export type {
  Append,
  EntryDraft,
  LogReader,
  ProjectedEntry,
  Projection,
  ViewTable,
  ViewTransaction,
} from "../evidence/append.ts";

interface TrackBase {
  readonly track: number;
  /** RTP ticks in a second. */
  readonly clockRate: number;
}

export type SourceTrack =
  | (TrackBase & { readonly media: "video"; readonly codec: "h264" | "h265" })
  | (TrackBase & {
      readonly media: "audio";
      readonly codec: "aac" | "pcma" | "pcmu";
      readonly channels: number;
      readonly config?: Uint8Array;
    });

/**
 * A NAL unit or audio frame as consecutive pieces. The bytes are the source's: they stay what they are until the
 * reader asks for the next event, so whoever keeps them copies them.
 */
export interface SourceNal {
  readonly pieces: readonly Uint8Array[];
  readonly sizeBytes: number;
}

export interface SourceParameters {
  readonly kind: "parameters";
  readonly track: number;
  readonly codec: "h264" | "h265";
  readonly vps: readonly Uint8Array[];
  readonly sps: readonly Uint8Array[];
  readonly pps: readonly Uint8Array[];
}

export interface SourceUnit {
  readonly kind: "unit";
  readonly track: number;
  readonly nals: readonly SourceNal[];
  readonly keyFrame: boolean;
  /** Presentation time, extended; ticks of the track's clock rate. */
  readonly ticks: number;
  readonly arrivalWallMs: number;
  readonly arrivalMonoMs: number;
}

/** The camera's own clock said `senderWallMs` at `ticks`. */
export interface SourceReport {
  readonly kind: "report";
  readonly track: number;
  readonly ticks: number;
  readonly senderWallMs: number;
}

/** Why a source ended. */
export type SourceEndCause =
  | "closed"
  | "unreachable"
  | "unauthorized"
  | "notFound"
  | "refused"
  | "badAnswer"
  | "unsupported"
  | "timeout"
  | "stalled"
  | "disconnected";

export type SourceEvent =
  | { readonly kind: "tracks"; readonly tracks: readonly SourceTrack[] }
  | SourceParameters
  | SourceUnit
  | SourceReport
  | { readonly kind: "loss"; readonly track: number; readonly packets: number }
  | { readonly kind: "end"; readonly cause: SourceEndCause; readonly detail: string };

/**
 * One camera behind whatever driver speaks to it. `open` connects and yields events; the last is `end`.
 * Leaving the loop or aborting the signal closes the connection and waits until it is closed.
 */
export interface CameraSource {
  open(signal: AbortSignal): AsyncIterable<SourceEvent>;
}
