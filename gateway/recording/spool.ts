/**
 * What is cut but not durable yet, for one camera: one append under way, the rest waits in order.
 * Invariant: footage that waits is bounded; what does not fit is refused at once, never dropped later.
 */
import { CodedError } from "../domain/errors.ts";
import type { Append, EntryDraft } from "./ports.ts";
import type { Appended } from "../evidence/append.ts";

export interface SpoolOptions {
  readonly append: Append;
  readonly pendingBytesMax: number;
  /** Called in log order for everything that became durable. */
  readonly onDurable: (appended: readonly Appended[]) => void;
  /** The store refused; it is tried again until `close` gives up. */
  readonly onRefused: (error: unknown) => void;
}

const RETRY_MS = 250;
/** Records are small; more than this many that wait means that nothing gets through. */
const MAX_WAITING_DRAFTS = 1000;

function bytesOf(drafts: readonly EntryDraft[]): number {
  return drafts.reduce((sum, draft) => sum + ("bytes" in draft ? draft.bytes.length : 0), 0);
}

export class Spool {
  readonly #options: SpoolOptions;
  #waiting: EntryDraft[] = [];
  /** To be called when what waits is durable. */
  #releases: (() => void)[] = [];
  #pendingBytes = 0;
  #running: Promise<void> | undefined;
  #giveUp = false;
  #diskFull = false;
  #retry: (() => void) | undefined;

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  /** The store's last answer was that the disk is full: footage waits for room, gaps are told all the same. */
  get diskFull(): boolean {
    return this.#diskFull;
  }

  /**
   * True when the drafts were taken and will become durable in this order; false when there is no room. `release`:
   * called when they are durable and their memory may be used again.
   */
  offer(drafts: readonly EntryDraft[], release?: () => void): boolean {
    const size = bytesOf(drafts);
    const isFull =
      this.#pendingBytes + size > this.#options.pendingBytesMax || this.#waiting.length >= MAX_WAITING_DRAFTS;
    if (this.#giveUp || (isFull && this.#pendingBytes + this.#waiting.length > 0)) return false;
    this.#waiting.push(...drafts);
    if (release !== undefined) this.#releases.push(release);
    this.#pendingBytes += size;
    this.#running ??= this.#run();
    return true;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#giveUp) {
      const [drafts, releases] = [this.#waiting, this.#releases];
      this.#waiting = [];
      this.#releases = [];
      if (!(await this.#store(drafts))) continue;
      this.#pendingBytes -= bytesOf(drafts);
      for (const release of releases) release();
    }
    this.#running = undefined;
  }

  /** Appends until the store takes it; an append takes all or none, so a repeat can't double anything. */
  async #store(drafts: readonly EntryDraft[]): Promise<boolean> {
    while (!this.#giveUp) {
      try {
        this.#options.onDurable(await this.#options.append.append(drafts));
        this.#diskFull = false;
        return true;
      } catch (error) {
        this.#diskFull = error instanceof CodedError && error.code === "store.diskFull";
        this.#options.onRefused(error);
        if (this.#diskFull) await this.#storeGaps();
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, RETRY_MS);
          this.#retry = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    }
    return false;
  }

  /** On a full disk records still go through, and a loss has to be told while it lasts. */
  async #storeGaps(): Promise<void> {
    const gaps = this.#waiting.filter(({ type }) => type === "gap");
    if (gaps.length === 0) return;
    try {
      this.#options.onDurable(await this.#options.append.append(gaps));
      this.#waiting = this.#waiting.filter((draft) => !gaps.includes(draft));
    } catch (error) {
      this.#options.onRefused(error);
    }
  }

  /** Waits until all is durable, at most `limitMs`; true when it is. */
  async close(limitMs: number): Promise<boolean> {
    const running = this.#running;
    if (running === undefined) return true;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), limitMs);
    });
    const done = await Promise.race([running.then(() => true), limit]);
    clearTimeout(timer);
    this.#giveUp = true;
    this.#retry?.();
    return done;
  }
}
