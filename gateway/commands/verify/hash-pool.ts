/**
 * Hashes frames of packs, or bodies that are at hand, on all cores: a thread for each, or none on a single core.
 * Invariant: a thread is asked for a few MiB at a time, so no core waits for another, and `close` ends all of them.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { BodyDigest, HashBodies } from "../../evidence/verify/source.ts";
import type { HashRequest, HashWork } from "./hash-worker.ts";
import { type FrameDigest, type FramePlace, hashBodies, hashFrames } from "./hash-frames.ts";

export interface HashPool {
  /** Digests in the order of the places. Rejects when the file can't be read. */
  hash(path: string, places: readonly FramePlace[], withSm3: boolean): Promise<readonly FrameDigest[]>;
  /** Takes the bodies over; what is given in one call is hashed by one thread. */
  readonly bodies: HashBodies;
  close(): Promise<void>;
}

const PORTION_BYTES = 8 * 1024 * 1024;

interface Pending {
  // What a thread answers has the form of what it was asked.
  readonly resolve: (digests: never) => void;
  readonly reject: (error: Error) => void;
}

class Thread {
  readonly #worker = new Worker(new URL("hash-worker.ts", import.meta.url));
  readonly #pending = new Map<number, Pending>();
  #next = 0;

  constructor() {
    this.#worker.on("message", (answer: { id: number; digests?: never; failed?: string }) => {
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
    return this.#ask({ path, places }, withSm3, []);
  }

  bodies(bodies: readonly Uint8Array[], withSm3: boolean): Promise<readonly BodyDigest[]> {
    const own = bodies.map((body) => (isAlone(body) ? body : new Uint8Array(body)));
    return this.#ask(
      { bodies: own },
      withSm3,
      own.map(({ buffer }) => buffer as ArrayBuffer),
    );
  }

  #ask<Digests>(work: HashWork, withSm3: boolean, given: ArrayBuffer[]): Promise<Digests> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, no window
      this.#worker.postMessage({ id, ...work, withSm3 } satisfies HashRequest, given);
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

/** Memory that Node shares among small buffers is smaller than this, so a body that is larger has its own. */
const SHARED_BYTES = 128 * 1024;
/** A body with its entry before it, and nothing else, is in this memory. */
const isAlone = ({ buffer, byteLength }: Uint8Array): boolean =>
  byteLength >= SHARED_BYTES && buffer.byteLength - byteLength < SHARED_BYTES;

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
      // oxlint-disable-next-line require-await -- as above
      bodies: async (bodies, withSm3) => hashBodies(bodies, withSm3),
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
    bodies: async (bodies, withSm3) => (await idlest()?.bodies(bodies, withSm3)) ?? [],
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
