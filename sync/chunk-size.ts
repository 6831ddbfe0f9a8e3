/**
 * How much goes into one request. Invariant: a chunk takes about two seconds on this link, so that a dead link is
 * noticed in seconds and a slow one is not mistaken for it; a cut costs one chunk at most.
 */
const SMALLEST_BYTES = 64 * 1024;
const FIRST_BYTES = 256 * 1024;
const LARGEST_BYTES = 4 * 1024 * 1024;
const WANTED_MS = 2000;

export class ChunkSize {
  #bytes = FIRST_BYTES;

  /** Bytes of the next chunk. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A chunk went through; the next one is at most twice as large. */
  took(bytes: number, durationMs: number): void {
    const fitting = (bytes / Math.max(durationMs, 1)) * WANTED_MS;
    const next = Math.min(fitting, Math.max(this.#bytes, bytes) * 2);
    // The short last chunk of a pack says little about a fast link.
    if (bytes < this.#bytes && next < this.#bytes && durationMs < WANTED_MS) return;
    this.#bytes = Math.round(Math.min(LARGEST_BYTES, Math.max(SMALLEST_BYTES, next)));
  }

  /** The link failed in the middle. */
  failed(): void {
    this.#bytes = Math.max(SMALLEST_BYTES, Math.round(this.#bytes / 4));
  }
}
