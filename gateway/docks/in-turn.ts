/** Runs work that concerns one thing in the order it came. Invariant: a bounded number waits, the rest is refused. */
import { CodedError } from "../domain/errors.ts";

const MOST_WAITING = 256;

export class InTurn {
  readonly #last = new Map<string, { waiting: number; tail: Promise<unknown> }>();
  #closed = false;

  /** Throws `docks.busy` when too many wait for this key, `docks.closed` after `close`. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new CodedError("docks.closed");
    const line = this.#last.get(key) ?? { waiting: 0, tail: Promise.resolve() };
    if (line.waiting >= MOST_WAITING) throw new CodedError("docks.busy");
    line.waiting += 1;
    const mine = line.tail.then(work, work);
    line.tail = mine;
    this.#last.set(key, line);
    try {
      return await mine;
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) this.#last.delete(key);
    }
  }

  /** Takes nothing more and waits for what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([...this.#last.values()].map((line) => line.tail));
  }
}
