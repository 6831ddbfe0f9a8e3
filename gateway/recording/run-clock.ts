/**
 * Maps a camera's media time to our clocks within one run: the least delayed picture wins, a believable RTCP
 * report refines it, drift is corrected gently. Invariant: neighbouring fragments never shift by more than
 * `MAX_SLEW_MS` against each other, and a camera's clock can't move footage in time.
 */

/** How far the camera's own time of a picture may lie before its arrival to be believed. */
const BELIEVABLE_MS = { earlier: 500, later: 20 } as const;
const MAX_SLEW_MS = 10;
const SLEW_DIVISOR = 8;
/** The fragments whose least delay counts. */
const WINDOW = 8;

export class RunClock {
  readonly #clockRate: number;
  /** Monotonic minus media time of the least delayed picture of the fragment under way. */
  #least = Infinity;
  readonly #window: number[] = [];
  #base: number | undefined;
  /** The camera's wall time minus media time. */
  #sender: number | undefined;

  /** `clockRate`: ticks in a second. */
  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** A picture arrived. */
  observe(ticks: number, arrivalMonoMs: number): void {
    this.#least = Math.min(this.#least, arrivalMonoMs - this.#mediaMs(ticks));
  }

  /** The camera told its own time. */
  report(ticks: number, senderWallMs: number): void {
    this.#sender = senderWallMs - this.#mediaMs(ticks);
  }

  /** Takes what was observed into account; to be called once for each fragment, before `wallAt`. */
  settle(wallMinusMonoMs: number): void {
    if (this.#least !== Infinity) {
      this.#window.push(this.#least);
      if (this.#window.length > WINDOW) this.#window.shift();
      this.#least = Infinity;
    }
    if (this.#window.length === 0) return;
    let target = Math.min(...this.#window);
    if (this.#sender !== undefined) {
      const own = this.#sender - wallMinusMonoMs;
      if (target - own <= BELIEVABLE_MS.earlier && own - target <= BELIEVABLE_MS.later) target = own;
    }
    if (this.#base === undefined) this.#base = target;
    else {
      const step = (target - this.#base) / SLEW_DIVISOR;
      this.#base += Math.max(-MAX_SLEW_MS, Math.min(MAX_SLEW_MS, step));
    }
  }

  /** Wall clock of a media time, whole ms. */
  wallAt(ticks: number, wallMinusMonoMs: number): number {
    return Math.round(this.#mediaMs(ticks) + (this.#base ?? 0) + wallMinusMonoMs);
  }

  /** The camera's own time of a media time, whole ms; undefined before its first report. */
  senderAt(ticks: number): number | undefined {
    return this.#sender === undefined ? undefined : Math.round(this.#mediaMs(ticks) + this.#sender);
  }

  #mediaMs(ticks: number): number {
    return (ticks * 1000) / this.#clockRate;
  }
}
