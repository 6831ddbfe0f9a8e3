/**
 * The bounded queue between a connection and its reader, with back-pressure in bytes.
 * Invariant: above `maxBytes` the connection is asked to pause, and it goes on when the reader took them.
 */
import type { SourceEvent } from "./source-event.ts";

export interface Flow {
  pause(): void;
  resume(): void;
  /** The reader has every event pushed so far and is done with those it had before. */
  recycle(): void;
}

function sizeOf(event: SourceEvent): number {
  if (event.kind !== "unit") return 64;
  return event.nals.reduce((sum, nal) => sum + nal.sizeBytes, 64);
}

export class EventQueue {
  readonly #maxBytes: number;
  #flow: Flow | undefined;
  #events: SourceEvent[] = [];
  #bytes = 0;
  #paused = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  set flow(flow: Flow) {
    this.#flow = flow;
  }

  /** True while the connection waits for the reader, so silence is not the camera's fault. */
  get paused(): boolean {
    return this.#paused;
  }

  push(event: SourceEvent): void {
    if (this.#failure !== undefined) return;
    this.#events.push(event);
    this.#bytes += sizeOf(event);
    if (this.#bytes > this.#maxBytes && !this.#paused) {
      this.#paused = true;
      this.#flow?.pause();
    }
    this.#wake?.();
  }

  /** No more events; what is queued is read first, then `read` throws. The first failure counts. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  /** Every event queued so far, at least one. Throws what `fail` was given when nothing is left. */
  async read(): Promise<readonly SourceEvent[]> {
    while (this.#events.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    const events = this.#events;
    this.#flow?.recycle();
    this.#events = [];
    this.#bytes = 0;
    if (this.#paused) {
      this.#paused = false;
      this.#flow?.resume();
    }
    return events;
  }
}
