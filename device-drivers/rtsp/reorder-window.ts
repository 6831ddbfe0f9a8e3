/**
 * Puts RTP packets that came over UDP back into the order of their numbers, within a bounded window.
 * Invariant: a packet goes out once and in order; none waits for a missing one longer than the window allows.
 */
import { performance } from "node:perf_hooks";

const SEQUENCES = 0x1_0000;
/** Farther behind than this is a new start (RFC 3550 A.1), nearer is late or repeated. */
const MAX_BEHIND = 100;
const MAX_AHEAD = 3000;

export interface ReorderLimits {
  /** How long a packet waits for one before it. */
  readonly waitMs: number;
  readonly packets: number;
  readonly bytes: number;
}

export const REORDER_LIMITS: ReorderLimits = { waitMs: 120, packets: 1024, bytes: 2 * 1024 * 1024 };

interface Held {
  readonly bytes: Uint8Array;
  readonly sinceMs: number;
}

/** Gives packets to `release`; what is missing is left to the reader of the numbers to see. */
export class ReorderWindow {
  readonly #limits: ReorderLimits;
  readonly #release: (bytes: Uint8Array) => void;
  readonly #nowMs: () => number;
  readonly #held = new Map<number, Held>();
  #heldBytes = 0;
  #next: number | undefined;
  #source = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    release: (bytes: Uint8Array) => void,
    limits: ReorderLimits = REORDER_LIMITS,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#release = release;
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /** A datagram; one too short for RTP is left out. */
  push(bytes: Uint8Array): void {
    if (bytes.length < 12) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const sequence = view.getUint16(2);
    const source = view.getUint32(8);
    if (this.#next !== undefined) {
      const ahead = (sequence - this.#next + SEQUENCES) % SEQUENCES;
      if (source === this.#source && ahead >= SEQUENCES - MAX_BEHIND) return;
      // A new sender, or numbers that began anew: what is held belongs to before.
      if (source !== this.#source || ahead > MAX_AHEAD) this.flush();
    }
    this.#source = source;
    this.#next ??= sequence;
    if (sequence === this.#next) this.#out(bytes);
    else if (!this.#held.has(sequence)) {
      this.#held.set(sequence, { bytes, sinceMs: this.#nowMs() });
      this.#heldBytes += bytes.length;
    }
    this.#drain();
    while (this.#held.size > this.#limits.packets || this.#heldBytes > this.#limits.bytes) this.#skip();
    this.#watch();
  }

  /** Gives up on what is missing and lets everything out. */
  flush(): void {
    while (this.#held.size > 0) this.#skip();
    this.#next = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Forgets what is held; nothing is released any more by time. */
  close(): void {
    this.#held.clear();
    this.#heldBytes = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #out(bytes: Uint8Array): void {
    this.#next = ((this.#next ?? 0) + 1) % SEQUENCES;
    this.#release(bytes);
  }

  #drain(): void {
    for (;;) {
      const held = this.#next === undefined ? undefined : this.#held.get(this.#next);
      if (held === undefined || this.#next === undefined) return;
      this.#held.delete(this.#next);
      this.#heldBytes -= held.bytes.length;
      this.#out(held.bytes);
    }
  }

  /** Goes on with the nearest packet that is held. */
  #skip(): void {
    const from = this.#next ?? 0;
    const distance = (sequence: number): number => (sequence - from + SEQUENCES) % SEQUENCES;
    let nearest: number | undefined;
    for (const sequence of this.#held.keys())
      if (nearest === undefined || distance(sequence) < distance(nearest)) nearest = sequence;
    if (nearest === undefined) return;
    this.#next = nearest;
    this.#drain();
  }

  /** Keeps one timer while something is held. */
  #watch(): void {
    if (this.#held.size === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    } else
      this.#timer ??= setTimeout(
        () => {
          this.#timer = undefined;
          const limit = this.#nowMs() - this.#limits.waitMs;
          // The map keeps the order of arrival, so the first has waited longest.
          for (let oldest = this.#oldestMs(); oldest !== undefined && oldest <= limit;) {
            this.#skip();
            oldest = this.#oldestMs();
          }
          this.#watch();
        },
        Math.max(1, this.#limits.waitMs / 2),
      );
  }

  #oldestMs(): number | undefined {
    const first = this.#held.values().next();
    return first.done === true ? undefined : first.value.sinceMs;
  }
}
