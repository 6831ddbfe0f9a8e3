/**
 * Where the units of one track are put together: payloads are copied once, out of the memory the socket reads into,
 * and lie one after another. Invariant: what was taken stays as it is until `recycle` was called twice after it,
 * so a reader that has asked for the next events no longer sees the bytes of those before.
 */

/** A key frame of a 4 Mbit/s camera fits; a track that pauses holds no more than a few of these. */
const CHUNK_BYTES = 192 * 1024;
const SPARE_CHUNKS = 2;

export class UnitMemory {
  #chunk = Buffer.alloc(0);
  /** The unit under way lies from here to `#end`. */
  #start = 0;
  #end = 0;
  /** Full chunks with units that the reader has not been given yet, that it has now, and that it is done with. */
  #full: Buffer<ArrayBuffer>[] = [];
  #lent: Buffer<ArrayBuffer>[] = [];
  #spare: Buffer<ArrayBuffer>[] = [];

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

  /** All units taken so far are with the reader, which is done with those it had before. */
  recycle(): void {
    if (this.#lent.length > 0) {
      // Large ones serve every unit, so the small ones go.
      this.#spare.push(...this.#lent);
      this.#spare.sort((a, b) => b.length - a.length);
      this.#spare.length = Math.min(this.#spare.length, SPARE_CHUNKS);
    }
    this.#lent = this.#full;
    this.#full = [];
  }

  /** Another chunk, with the unit under way at its beginning; the one before belongs to the views of it. */
  #moveOn(length: number): void {
    const before = this.#chunk;
    const begun = before.subarray(this.#start, this.#end);
    const wanted = begun.length + length;
    const at = this.#spare.findIndex((chunk) => chunk.length >= wanted);
    const [chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, 2 * wanted))] =
      at === -1 ? [] : this.#spare.splice(at, 1);
    chunk.set(begun);
    if (before.length > 0) this.#full.push(before);
    this.#chunk = chunk;
    this.#start = 0;
    this.#end = begun.length;
  }
}
