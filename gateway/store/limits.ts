/** The store's bounds and their defaults; where they come from is said at each. */
import type { StoreLimits } from "./contract.ts";

const MIB = 1024 * 1024;

/** 16 cameras at 8 Mbit/s fill the queue in 4 s of a disk that stands still. */
export const DEFAULT_LIMITS: StoreLimits = {
  queueBytes: 64 * MIB,
  queueDrafts: 8192,
  groupBytes: 8 * MIB,
  groupDrafts: 512,
  volumeBytes: 16 * 1024 * MIB,
  volumeMs: 3_600_000,
  checkpointMs: 1000,
  coveringMs: 10_000,
  appliedMs: 30_000,
  reserveBytes: 96 * MIB,
  // An hour of 16 cameras at 4 Mbit/s is 29 GB: a release has to begin well before the last hour is full.
  wantedFreeBytes: 8 * 1024 * MIB,
  lowWaterBytes: 512 * MIB,
};

/** Measured from 8 to 32 MiB: the same disk bytes and processor time, and twice this much memory. */
export const VOLUME_WRITE_BUFFER_BYTES = 8 * MIB;
export const VOLUME_FILE_BYTES = 64 * MIB;
export const LOG_WRITE_BUFFER_BYTES = 4 * MIB;

/** How long the start waits for the signer before it goes on without. */
export const SIGNER_AT_START_MS = 3000;
/** How long one request to the signer may take. */
export const SIGNER_REQUEST_MS = 5000;
/** How long close waits for a last checkpoint. */
export const LAST_CHECKPOINT_MS = 2000;
/** Pauses between attempts to write again after the disk refused. */
export const REOPEN_PAUSES_MS = [0, 250, 1000] as const;
/** After all attempts failed, the next append may try again no sooner. */
export const DISK_RETRY_MS = 1000;

/** The scrub's rate and its pause between two rounds. */
export const SCRUB_BYTES_PER_S = 4 * MIB;
export const SCRUB_PAUSE_MS = 86_400_000;
/** While this much waits for the disk the scrub reads nothing. */
export const SCRUB_BUSY_BYTES = 8 * MIB;
