/**
 * Where the units of one track are put together: payloads are copied once, out of the memory the socket reads into,
 * and lie one after another. Invariant: what was taken is never written again, so a view of it stays what it was.
 */

/** Large enough that a chunk is a rare event, small enough that an idle track holds little. */
const CHUNK_BYTES = 256 * 1024;

export class UnitMemory {
  #chunk = Buffer.alloc(0);
  /** The unit under way lies from here to `#end`. */
  #start = 0;
  #end = 0;

  /** Bytes of the unit under way. */
  get sizeBytes(): number {
    return this.#end - this.#start;
  }

  /** Adds `bytes[from..]` to the unit under way. */
  add(bytes: Uint8Array, from: number): void {
    const length = bytes.length - from;
    if (this.#end + length > this.#chunk.length) this.#moveOn(length);
    this.#chunk.set(from === 0 ? bytes : bytes.subarray(from), this.#end);
    this.#end += length;
  }

  /** The unit under way, which is then whole; the next one begins behind it. */
  take(): Uint8Array {
    const unit = this.#chunk.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return unit;
  }

  /** Forgets the unit under way. */
  drop(): void {
    this.#end = this.#start;
  }

  /** A new chunk, with the unit under way at its beginning; the old one belongs to the views of it. */
  #moveOn(length: number): void {
    const begun = this.#chunk.subarray(this.#start, this.#end);
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, 2 * (begun.length + length)));
    this.#chunk.set(begun);
    this.#start = 0;
    this.#end = begun.length;
  }
}
