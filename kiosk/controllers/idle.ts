/**
 * Watches for a person who walked away: after a quiet time it warns with a countdown, then calls for the wipe.
 * Invariant: the time to answer the warning is at least 20 s (WCAG 2.2.1), and no answer always wipes.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";

const SHORTEST_WARNING_MS = 20_000;
const TICK_MS = 1_000;
const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

export interface IdleLimits {
  /** Quiet time before the warning. */
  readonly warnAfterMs: number;
  /** How long the warning stands; raised to 20 s when shorter. */
  readonly answerWithinMs: number;
}

export class IdleWatch implements ReactiveController {
  /** Whole seconds left to answer the warning, or undefined while there is none. */
  secondsLeft: number | undefined;
  readonly #host: ReactiveControllerHost;
  #limits: IdleLimits = { warnAfterMs: 60_000, answerWithinMs: SHORTEST_WARNING_MS };
  readonly #onWipe: () => void;
  readonly #onLife: () => void;
  #watching = false;
  #lastSignAt = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `onLife` is called at every sign that somebody is there, which is often. */
  constructor(host: ReactiveControllerHost, onWipe: () => void, onLife: () => void = () => undefined) {
    this.#host = host;
    this.#onLife = onLife;
    this.#onWipe = onWipe;
    host.addController(this);
  }

  /** Begins or ends the watch; beginning again counts from now. */
  watch(on: boolean, limits: IdleLimits = this.#limits): void {
    this.#limits = { ...limits, answerWithinMs: Math.max(limits.answerWithinMs, SHORTEST_WARNING_MS) };
    if (on === this.#watching) return;
    this.#watching = on;
    this.#stopTimer();
    this.secondsLeft = undefined;
    if (on) {
      this.#lastSignAt = performance.now();
      this.#timer = setInterval(this.#tick, TICK_MS);
      for (const sign of SIGNS_OF_LIFE) addEventListener(sign, this.#noteSign, { passive: true });
    }
    this.#host.requestUpdate();
  }

  /** The person asked for more time. */
  extend(): void {
    this.#lastSignAt = performance.now();
    this.secondsLeft = undefined;
    this.#onLife();
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#watching = false;
    this.#stopTimer();
  }

  readonly #noteSign = (): void => {
    // A warning that is up wants an answer: a stray touch on the way out is none.
    if (this.secondsLeft !== undefined) return;
    this.#lastSignAt = performance.now();
    this.#onLife();
  };

  readonly #tick = (): void => {
    const quietMs = performance.now() - this.#lastSignAt;
    const leftMs = this.#limits.warnAfterMs + this.#limits.answerWithinMs - quietMs;
    if (leftMs <= 0) {
      this.watch(false);
      this.#onWipe();
      return;
    }
    const warned = quietMs >= this.#limits.warnAfterMs;
    const secondsLeft = warned ? Math.ceil(leftMs / 1_000) : undefined;
    if (secondsLeft === this.secondsLeft) return;
    this.secondsLeft = secondsLeft;
    this.#host.requestUpdate();
  };

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const sign of SIGNS_OF_LIFE) removeEventListener(sign, this.#noteSign);
  }
}
