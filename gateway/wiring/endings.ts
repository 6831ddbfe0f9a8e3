/** Things to end, last started first. Invariant: every step runs, whatever the ones before it threw. */
export class Endings {
  readonly #steps: (() => Promise<unknown> | void)[] = [];
  /** True from the moment on that the end was asked for. */
  begun = false;

  add(step: () => Promise<unknown> | void): void {
    this.#steps.push(step);
  }

  /** The first fault is thrown after the last step. */
  async run(): Promise<void> {
    this.begun = true;
    const faults: unknown[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (fault) {
        faults.push(fault);
      }
    }
    if (faults.length > 0) throw faults[0];
  }
}
