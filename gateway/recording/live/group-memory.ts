/**
 * Copies of the pictures since the last key frame, in memory that the next group uses again.
 * Invariant: a kept unit's bytes stay until `clear`, whatever its source does with its own.
 */
import type { SourceUnit } from "../ports.ts";

const FIRST_BYTES = 256 * 1024;
/** Groups of one camera differ a little in size. */
const GROWTH = 1.25;

export class GroupMemory {
  #bytes = new Uint8Array(0);
  #end = 0;
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  keep(unit: SourceUnit): SourceUnit {
    const nals = unit.nals.map(({ pieces, sizeBytes }) => {
      if (this.#end + sizeBytes > this.#bytes.length) this.#grow(sizeBytes);
      const start = this.#end;
      for (const piece of pieces) {
        this.#bytes.set(piece, this.#end);
        this.#end += piece.length;
      }
      return { pieces: [this.#bytes.subarray(start, this.#end)], sizeBytes };
    });
    this.#sizeBytes += nals.reduce((sum, nal) => sum + nal.sizeBytes, 0);
    return { ...unit, nals };
  }

  clear(): void {
    this.#end = 0;
    this.#sizeBytes = 0;
  }

  /** Kept units go on looking at the memory before; only what follows lies in the new one. */
  #grow(moreBytes: number): void {
    const wanted = Math.ceil((this.#sizeBytes + moreBytes) * GROWTH);
    this.#bytes = new Uint8Array(Math.max(FIRST_BYTES, wanted));
    this.#end = 0;
  }
}

/** A unit with bytes of its own. */
export function copyOf(unit: SourceUnit): SourceUnit {
  return {
    ...unit,
    nals: unit.nals.map((nal) => ({ ...nal, pieces: nal.pieces.map((piece) => Uint8Array.from(piece)) })),
  };
}
