/** Asks its element to render again at a steady pace, for what shows the time; stops with the element. */
import type { ReactiveController, ReactiveControllerHost } from "lit";

export class Ticking implements ReactiveController {
  /** Wall clock of the last tick, ms. */
  nowMs = Date.now();
  readonly #host: ReactiveControllerHost;
  readonly #everyMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost, everyMs: number) {
    this.#host = host;
    this.#everyMs = everyMs;
    host.addController(this);
  }

  hostConnected(): void {
    this.nowMs = Date.now();
    this.#timer = setInterval(() => {
      this.nowMs = Date.now();
      this.#host.requestUpdate();
    }, this.#everyMs);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }
}
