/**
 * A piece of asynchronous work an element shows: initial, pending, complete or failed. Invariant: a newer run
 * or the element's removal aborts the older one, and an aborted run never changes what is shown.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";

export type TaskState<Value> =
  | { readonly name: "initial" }
  | { readonly name: "pending"; readonly last?: Value }
  | { readonly name: "complete"; readonly value: Value }
  | { readonly name: "failed"; readonly error: unknown; readonly last?: Value };

export class Task<Args extends readonly unknown[], Value> implements ReactiveController {
  state: TaskState<Value> = { name: "initial" };
  readonly #host: ReactiveControllerHost;
  readonly #work: (signal: AbortSignal, ...args: Args) => Promise<Value>;
  #running: AbortController | undefined;

  constructor(host: ReactiveControllerHost, work: (signal: AbortSignal, ...args: Args) => Promise<Value>) {
    this.#host = host;
    this.#work = work;
    host.addController(this);
  }

  /** Starts a run, aborting the one before; resolves with the value, or undefined when failed or aborted. */
  async run(...args: Args): Promise<Value | undefined> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const last = this.value;
    this.#show({ name: "pending", ...(last === undefined ? {} : { last }) });
    try {
      const value = await this.#work(running.signal, ...args);
      if (running.signal.aborted) return undefined;
      this.#show({ name: "complete", value });
      return value;
    } catch (error) {
      if (running.signal.aborted) return undefined;
      this.#show({ name: "failed", error, ...(last === undefined ? {} : { last }) });
      return undefined;
    }
  }

  get pending(): boolean {
    return this.state.name === "pending";
  }

  /** What the last failed run threw, until the next run. */
  get error(): unknown {
    return this.state.name === "failed" ? this.state.error : undefined;
  }

  /** The newest value, kept while a newer run is under way or has failed. */
  get value(): Value | undefined {
    if (this.state.name === "complete") return this.state.value;
    return this.state.name === "initial" ? undefined : this.state.last;
  }

  /** Aborts and forgets everything. */
  reset(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#show({ name: "initial" });
  }

  hostDisconnected(): void {
    this.#running?.abort();
  }

  #show(state: TaskState<Value>): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}
