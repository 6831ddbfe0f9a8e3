/** Those who hear of something. Invariant: one that fails keeps nobody else from hearing. */
export class Listeners<Heard> {
  readonly #all = new Set<(heard: Heard) => void>();
  readonly #onFailed: (cause: unknown) => void;

  constructor(onFailed: (cause: unknown) => void) {
    this.#onFailed = onFailed;
  }

  /** Returns the function that ends it. */
  add(listener: (heard: Heard) => void): () => void {
    this.#all.add(listener);
    return () => {
      this.#all.delete(listener);
    };
  }

  tell(heard: Heard): void {
    for (const listener of this.#all) {
      try {
        listener(heard);
      } catch (cause) {
        this.#onFailed(cause);
      }
    }
  }
}
