/**
 * Hashes frames of packs on all cores: a thread for each, or none on a single core. Invariant: a thread is asked for
 * a few MiB at a time, so no core waits for another, and `close` ends all of them.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { HashRequest } from "./hash-worker.ts";
import { type FrameDigest, type FramePlace, hashFrames } from "./hash-frames.ts";

export interface HashPool {
  /** Digests in the order of the places. Rejects when the file can't be read. */
  hash(path: string, places: readonly FramePlace[], withSm3: boolean): Promise<readonly FrameDigest[]>;
  close(): Promise<void>;
}

const PORTION_BYTES = 8 * 1024 * 1024;

interface Pending {
  readonly resolve: (digests: readonly FrameDigest[]) => void;
  readonly reject: (error: Error) => void;
}

class Thread {
  readonly #worker = new Worker(new URL("hash-worker.ts", import.meta.url));
  readonly #pending = new Map<number, Pending>();
  #next = 0;

  constructor() {
    this.#worker.on("message", (answer: { id: number; digests?: FrameDigest[]; failed?: string }) => {
      const pending = this.#pending.get(answer.id);
      this.#pending.delete(answer.id);
      if (answer.digests === undefined) pending?.reject(new Error(answer.failed));
      else pending?.resolve(answer.digests);
    });
    this.#worker.on("error", (error) => this.#failAll(error));
  }

  get load(): number {
    return this.#pending.size;
  }

  hash(path: string, places: readonly FramePlace[], withSm3: boolean): Promise<readonly FrameDigest[]> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, no window
      this.#worker.postMessage({ id, path, places, withSm3 } satisfies HashRequest);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
    this.#failAll(new Error("the check has ended"));
  }

  #failAll(error: unknown): void {
    for (const { reject } of this.#pending.values())
      reject(error instanceof Error ? error : new Error("failed"));
    this.#pending.clear();
  }
}

/** Cuts a list of places into portions of a few MiB. */
function portionsOf(places: readonly FramePlace[]): FramePlace[][] {
  const portions: FramePlace[][] = [];
  let bytes = PORTION_BYTES;
  for (const place of places) {
    if (bytes >= PORTION_BYTES) {
      portions.push([]);
      bytes = 0;
    }
    portions.at(-1)?.push(place);
    bytes += place.valueBytes;
  }
  return portions;
}

/** `jobs`: how many cores to use; by default all. */
export function createHashPool(jobs: number = availableParallelism()): HashPool {
  if (jobs <= 1)
    return {
      // oxlint-disable-next-line require-await -- one core: a rejection, never a throw
      hash: async (path, places, withSm3) => hashFrames(path, places, withSm3),
      close: async () => undefined,
    };
  const threads = Array.from({ length: jobs }, () => new Thread());
  const idlest = (): Thread | undefined => threads.toSorted((a, b) => a.load - b.load)[0];
  return {
    async hash(path, places, withSm3) {
      const parts = portionsOf(places).map(
        async (portion) => (await idlest()?.hash(path, portion, withSm3)) ?? [],
      );
      return (await Promise.all(parts)).flat();
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
