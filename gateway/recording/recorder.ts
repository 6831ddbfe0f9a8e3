/**
 * One camera's recorder: keeps it connected for ever, cuts what comes into fragments and logs them.
 * Invariant: whatever was not stored is a gap entry with a cause; nothing is dropped in silence.
 */
import type { CameraId, EntryRef } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { Append, CameraSource } from "./ports.ts";
import type { RecorderStatus } from "./recorder-status.ts";

/** A fragment as it was cut, for live viewers; it may not be durable yet and confirms nothing. */
export interface LiveFragment {
  readonly init: Uint8Array;
  readonly bytes: Uint8Array;
  readonly t: number;
  readonly durMs: number;
  readonly codec: string;
  readonly cont: boolean;
}

export interface RecorderOptions {
  readonly camera: CameraId;
  readonly source: CameraSource;
  readonly append: Append;
  readonly clock: Clock;
  /** End of the newest fragment in the log (`Catalogue.lastEnd`): from there to the first picture is a gap. */
  readonly lastEndMs?: number;
  /** 0 <= value < 1, for the jitter of reconnects. */
  readonly random?: () => number;
  /** Footage cut but not durable yet; above this fragments are dropped and logged as `diskSlow`. */
  readonly pendingBytesMax?: number;
  /** Told of each change of state, for logs and alarms. */
  readonly onState?: (status: RecorderStatus) => void;
}

export interface Recorder {
  readonly camera: CameraId;
  status(): RecorderStatus;
  /** The newest durable fragment. */
  newest(): EntryRef | undefined;
  /** Calls back for each fragment cut from now on; returns the function that ends it. */
  tap(listener: (fragment: LiveFragment) => void): () => void;
  /** Cuts and stores what is there, opens a `stopped` gap, closes the connection; resolves when all is durable. */
  close(): Promise<void>;
}
