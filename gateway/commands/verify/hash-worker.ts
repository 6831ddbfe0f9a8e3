/** A thread that hashes what it is asked to: frames of packs, or bodies that are handed over. Ends when its port is closed. */
import { parentPort } from "node:worker_threads";
import { type FramePlace, hashBodies, hashFrames } from "./hash-frames.ts";

export type HashWork =
  | { readonly path: string; readonly places: readonly FramePlace[] }
  | { readonly bodies: readonly Uint8Array[] };

export type HashRequest = HashWork & { readonly id: number; readonly withSm3: boolean };

parentPort?.on("message", (request: HashRequest) => {
  const { id, withSm3 } = request;
  try {
    const digests =
      "bodies" in request
        ? hashBodies(request.bodies, withSm3)
        : hashFrames(request.path, request.places, withSm3);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, no window
    parentPort?.postMessage({ id, digests });
  } catch (error) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, no window
    parentPort?.postMessage({ id, failed: error instanceof Error ? error.message : "failed" });
  }
});
