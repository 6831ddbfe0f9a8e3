/**
 * The states a recorder shows and the causes a gap may have.
 * Invariant: every moment without footage has exactly one of these causes in the log.
 */
import type { CameraId } from "../domain/ids.ts";
import type { SourceEndCause } from "./ports.ts";

/**
 * connecting: no picture yet since start; recording: pictures come and are stored; stalled: connected until
 * pictures stopped; offline: the camera can't be reached or refuses; diskSlow: pictures come, storing fails.
 */
export type RecorderState = "connecting" | "recording" | "stalled" | "offline" | "diskSlow" | "stopped";

/** Why footage is missing. `notRecorded` is derived where no entry explains a hole. */
export type GapCause =
  | Exclude<SourceEndCause, "closed">
  | "packetLoss"
  | "timeJump"
  | "clockStep"
  | "diskSlow"
  | "diskFull"
  | "restart"
  | "stopped"
  | "notRecorded";

export interface RecorderStatus {
  readonly id: CameraId;
  readonly state: RecorderState;
  /** Why the state is not `recording`. */
  readonly cause?: GapCause;
  /** For a technician; never holds a credential. */
  readonly detail?: string;
  /** What the stream itself says it is; absent before its first parameters. */
  readonly codec?: "h264" | "h265";
  /** Milliseconds since the newest durable fragment was appended; null before the first. */
  readonly lastFragmentAgeMs: number | null;
}
