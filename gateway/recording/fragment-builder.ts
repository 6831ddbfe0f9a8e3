/**
 * The bytes of the fragment under way, copied as they come, so that no memory of the source is held on to.
 * Invariant: every byte of every unit lies in the result once, pictures first, each track in its order.
 */
import { type TrackLayout, fragmentHead } from "../media/fragment-writer.ts";
import type { FragmentMemory } from "./fragment-memory.ts";
import type { SourceUnit } from "./ports.ts";

/** Room before the pictures for moof and mdat's head: 16 bytes for each sample of a fragment of usual length. */
const HEAD_BYTES = 4096;
const PREFIX_BYTES = 4;
const FIRST_GUESS_BYTES = 256 * 1024;
const SOUND_BYTES = 4096;

const sizeOf = (unit: SourceUnit): number => unit.nals.reduce((sum, nal) => sum + nal.sizeBytes, 0);

export class FragmentBuilder {
  readonly #memory: FragmentMemory;
  #out: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #view = new DataView(this.#out.buffer);
  /** Pictures lie from here to `#end`. */
  #start = HEAD_BYTES;
  #end = HEAD_BYTES;
  /** The size of the fragment before is the best guess for the next. */
  #guessBytes = FIRST_GUESS_BYTES;
  #sound = new Uint8Array(0);
  #soundBytes = 0;

  constructor(memory: FragmentMemory) {
    this.#memory = memory;
  }

  get sizeBytes(): number {
    return this.#end - this.#start + this.#soundBytes;
  }

  /** Adds the NAL units of a picture, each after its length in four bytes; the bytes it takes. */
  picture(unit: SourceUnit): number {
    const size = sizeOf(unit) + PREFIX_BYTES * unit.nals.length;
    if (this.#end + size > this.#out.length) this.#move(this.#start, size);
    for (const { pieces, sizeBytes } of unit.nals) {
      this.#view.setUint32(this.#end, sizeBytes);
      this.#end += PREFIX_BYTES;
      for (const piece of pieces) {
        this.#out.set(piece, this.#end);
        this.#end += piece.length;
      }
    }
    return size;
  }

  /** Adds a frame of sound as it came; the bytes it takes. */
  sound(unit: SourceUnit): number {
    const size = sizeOf(unit);
    if (this.#soundBytes + size > this.#sound.length) {
      const before = this.#sound;
      this.#sound = new Uint8Array(Math.max(SOUND_BYTES, 2 * (this.#soundBytes + size)));
      this.#sound.set(before);
    }
    for (const { pieces } of unit.nals)
      for (const piece of pieces) {
        this.#sound.set(piece, this.#soundBytes);
        this.#soundBytes += piece.length;
      }
    return size;
  }

  /** The whole fragment, in memory of `FragmentMemory` that is the caller's now; the next one begins empty. */
  finish(sequence: number, tracks: readonly TrackLayout[]): Uint8Array<ArrayBuffer> {
    const head = fragmentHead(sequence, tracks);
    const start = Math.max(this.#start, head.length);
    if (start > this.#start || this.#end + this.#soundBytes > this.#out.length)
      this.#move(start, this.#soundBytes);
    const from = this.#start - head.length;
    this.#out.set(head, from);
    this.#out.set(this.#sound.subarray(0, this.#soundBytes), this.#end);
    const bytes = this.#out.subarray(from, this.#end + this.#soundBytes);
    this.#guessBytes = Math.ceil(bytes.length * 1.1);
    this.#out = new Uint8Array(0);
    this.#start = HEAD_BYTES;
    this.#end = HEAD_BYTES;
    this.#soundBytes = 0;
    return bytes;
  }

  /** Into larger memory, with the pictures at `start` and room for `moreBytes` behind them. */
  #move(start: number, moreBytes: number): void {
    const before = this.#out;
    const held = this.#end - this.#start;
    const wanted = start + held + moreBytes;
    this.#out = this.#memory.lend(before.length === 0 ? Math.max(wanted, this.#guessBytes) : 2 * wanted);
    this.#view = new DataView(this.#out.buffer, this.#out.byteOffset, this.#out.byteLength);
    if (before.length > 0) {
      this.#out.set(before.subarray(this.#start, this.#end), start);
      this.#memory.giveBack(before);
    }
    this.#start = start;
    this.#end = start + held;
  }
}
