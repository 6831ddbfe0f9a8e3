/**
 * Which absent bodies of one log the logs explain. Invariant: only footage is ever released, and only what can
 * hold personal data, and footage, is ever erased; whatever an entry says, the rest is missing.
 */
import { type Absence, isErasable } from "../absence.ts";
import { type Entry, isFootage } from "../entry.ts";
import { type SeqRange, joinRanges, rangesHold } from "../ranges.ts";

export class LawfulAbsences {
  #released: readonly SeqRange[] = [];
  #acked: readonly SeqRange[] = [];
  #erasedFootage: readonly SeqRange[] = [];
  #erased: readonly SeqRange[] = [];

  /** `acked`: what the archive acknowledged of a release; everything where that was checked elsewhere. */
  add(type: "release" | "erase", absence: Absence, acked: readonly SeqRange[] = absence.ranges): void {
    if (type === "release") {
      this.#released = joinRanges(this.#released, absence.ranges);
      this.#acked = joinRanges(this.#acked, acked);
    } else if (absence.of === "footage")
      this.#erasedFootage = joinRanges(this.#erasedFootage, absence.ranges);
    else this.#erased = joinRanges(this.#erased, absence.ranges);
  }

  /** Undefined when nothing in the log explains the absence. */
  reasonFor(entry: Entry): "released" | "erased" | undefined {
    if (isErasable(entry.type) && rangesHold(this.#erased, entry.seq)) return "erased";
    if (!isFootage(entry.type)) return undefined;
    if (rangesHold(this.#erasedFootage, entry.seq)) return "erased";
    return rangesHold(this.#released, entry.seq) ? "released" : undefined;
  }

  /** Whether the archive acknowledged a body that was released; a release may name more than went. */
  isAcked({ seq }: Entry): boolean {
    return rangesHold(this.#acked, seq);
  }
}
