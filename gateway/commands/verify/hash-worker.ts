/** A thread that hashes frames of packs as it is asked to; ends when its port is closed. */
import { parentPort } from "node:worker_threads";
import { type FramePlace, hashFrames } from "./hash-frames.ts";

export interface HashRequest {
  readonly id: number;
  readonly path: string;
  readonly places: readonly FramePlace[];
  readonly withSm3: boolean;
}

parentPort?.on("message", ({ id, path, places, withSm3 }: HashRequest) => {
  try {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, no window
    parentPort?.postMessage({ id, digests: hashFrames(path, places, withSm3) });
  } catch (error) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, no window
    parentPort?.postMessage({ id, failed: error instanceof Error ? error.message : "failed" });
  }
});
