/** A token bucket in bytes. Invariant: over any span no more than rate × span + one burst is let through. */

export interface ByteRate {
  /** Resolves when `bytes` may be sent; rejects when the signal is aborted. */
  take(bytes: number, signal: AbortSignal): Promise<void>;
}

export const UNLIMITED: ByteRate = { take: async (_bytes, signal) => signal.throwIfAborted() };

/** `bytesPerSecond` above 0; time comes in as a function so that a test can move it. */
export function byteRate(
  bytesPerSecond: number,
  monotonicMs: () => number,
  wait: (ms: number, signal: AbortSignal) => Promise<void>,
): ByteRate {
  if (!(bytesPerSecond > 0)) throw new RangeError("a rate is above 0");
  let freeAtMs = monotonicMs();
  return {
    async take(bytes, signal) {
      signal.throwIfAborted();
      const startMs = Math.max(freeAtMs, monotonicMs());
      freeAtMs = startMs + (bytes / bytesPerSecond) * 1000;
      const delayMs = startMs - monotonicMs();
      if (delayMs > 0) await wait(delayMs, signal);
    },
  };
}
