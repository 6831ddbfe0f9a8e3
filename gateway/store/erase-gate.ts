/**
 * Lets many readers of a database by, or one erasure alone. Invariant: no read is under way while bytes are being
 * erased. A read holds a snapshot, and LevelDB carries a deleted value along into new tables, or keeps the old
 * tables, for as long as any snapshot could still ask for it.
 */
export class EraseGate {
  #reading = 0;
  #erasing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  async read<T>(work: () => Promise<T>): Promise<T> {
    while (this.#erasing !== undefined) await this.#erasing;
    this.#reading++;
    try {
      return await work();
    } finally {
      this.#reading--;
      if (this.#reading === 0) this.#onIdle?.();
    }
  }

  /** Runs when the reads of now have ended; reads that come wait for it. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.#erasing !== undefined) await this.#erasing;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#erasing = promise;
    try {
      if (this.#reading > 0)
        await new Promise<void>((idle) => {
          this.#onIdle = idle;
        });
      return await work();
    } finally {
      this.#onIdle = undefined;
      this.#erasing = undefined;
      resolve(undefined);
    }
  }
}
