/**
 * Times of pictures that leave one by one: when each is shown, and a time of decoding that only rises although
 * what follows is not known yet. Invariant: nothing comes out below zero.
 */

const DEFAULT_PICTURE_MS = 40;
/** What was shown before the first picture (open groups) still lies above zero with this lead. */
const LEAD_MS = 1000;

export class DecodeClock {
  readonly #clockRate: number;
  #zero: number | undefined;
  #last: number | undefined;
  #highest = -Infinity;
  #reordered = false;
  /** Usual length of a picture, ticks. */
  pictureTicks: number;
  /** Time of decoding of the picture seen last, ticks. */
  decoded = 0;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
    this.pictureTicks = Math.round((DEFAULT_PICTURE_MS * clockRate) / 1000);
  }

  /** Pictures in the order of decoding. */
  see(ticks: number, keyFrame: boolean): void {
    this.#zero ??= ticks - Math.round((LEAD_MS * this.#clockRate) / 1000);
    if (ticks < this.#highest) this.#reordered = true;
    else if (this.#last !== undefined && !this.#reordered && ticks > this.#last)
      this.pictureTicks = Math.min(ticks - this.#last, this.#clockRate);
    this.#highest = Math.max(this.#highest, ticks);
    this.#last = ticks;
    const shown = this.shown(ticks);
    const next = this.decoded + this.pictureTicks;
    // With reordered pictures the clock runs by itself and is set right at each key frame.
    this.decoded = Math.max(this.decoded + 1, this.#reordered && !keyFrame ? next : shown);
  }

  /** Presentation time, ticks from the start of this feed. */
  shown(ticks: number): number {
    return Math.max(0, ticks - (this.#zero ?? ticks));
  }
}
