/**
 * Entries that arrived but are not under a co-signed checkpoint yet: one file, `u64 first ‖ (u16 length ‖ entry)*`.
 * Invariant: what `append` has answered is synced; a torn tail of a crash is cut off at the next opening.
 */
import { type FileHandle, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "../durable-file.ts";

const HEAD_BYTES = 8;
const LENGTH_BYTES = 2;
const FILE = "staged";

function head(first: number): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(first));
  return bytes;
}

/** Lengths of whole frames from `at` on, and where the last whole one ends. */
function scan(bytes: Uint8Array, start: number): { readonly count: number; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  let count = 0;
  while (at + LENGTH_BYTES <= bytes.length) {
    const next = at + LENGTH_BYTES + view.getUint16(at);
    if (next > bytes.length) break;
    at = next;
    count += 1;
  }
  return { count, end: at };
}

export class StagedEntries {
  readonly #folder: string;
  #file: FileHandle;
  #first: number;
  #count: number;
  #endByte: number;

  private constructor(folder: string, file: FileHandle, first: number, count: number, endByte: number) {
    this.#folder = folder;
    this.#file = file;
    this.#first = first;
    this.#count = count;
    this.#endByte = endByte;
  }

  /** Opens the file of a log whose first `witnessed` entries are kept for good already. */
  static async open(folder: string, witnessed: number): Promise<StagedEntries> {
    const path = join(folder, FILE);
    let bytes: Uint8Array;
    try {
      bytes = await readFile(path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
      bytes = head(witnessed);
      await writeDurably(path, bytes);
    }
    const first = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0));
    const { count, end } = scan(bytes, HEAD_BYTES);
    const file = await open(path, "r+");
    if (end < bytes.length) {
      await file.truncate(end);
      await file.sync();
    }
    const staged = new StagedEntries(folder, file, first, count, end);
    // A crash between the new checkpoint and the trimming leaves entries here that are kept already.
    if (first < witnessed) await staged.dropBefore(witnessed);
    return staged;
  }

  /** Sequence number after the last entry held. */
  get end(): number {
    return this.#first + this.#count;
  }

  /** Appends whole frames and syncs. Throws RangeError when the bytes are torn or empty. */
  async append(framed: Uint8Array): Promise<void> {
    const { count, end } = scan(framed, 0);
    if (count === 0 || end !== framed.length) throw new RangeError("entries are torn");
    await this.#file.write(framed, 0, framed.length, this.#endByte);
    await this.#file.datasync();
    this.#endByte += framed.length;
    this.#count += count;
  }

  /** Entries `from` to `to - 1`; both within what is held. */
  async read(from: number, to: number): Promise<readonly Uint8Array[]> {
    const bytes = new Uint8Array(this.#endByte - HEAD_BYTES);
    await this.#file.read(bytes, 0, bytes.length, HEAD_BYTES);
    const view = new DataView(bytes.buffer);
    const entries: Uint8Array[] = [];
    let at = 0;
    for (let seq = this.#first; seq < to; seq++) {
      const start = at + LENGTH_BYTES;
      at = start + view.getUint16(at);
      if (seq >= from) entries.push(bytes.subarray(start, at));
    }
    return entries;
  }

  /** Forgets entries below `seq`, which are kept elsewhere by now. */
  async dropBefore(seq: number): Promise<void> {
    const kept = seq >= this.end ? [] : await this.read(seq, this.end);
    const parts: Uint8Array[] = [head(seq)];
    for (const entry of kept) {
      const length = new Uint8Array(LENGTH_BYTES);
      new DataView(length.buffer).setUint16(0, entry.length);
      parts.push(length, entry);
    }
    const bytes = Buffer.concat(parts);
    await this.#file.close();
    await writeDurably(join(this.#folder, FILE), bytes);
    this.#file = await open(join(this.#folder, FILE), "r+");
    this.#first = seq;
    this.#count = kept.length;
    this.#endByte = bytes.length;
  }

  /** Forgets everything held; the next entry is `first`. */
  async reset(first: number): Promise<void> {
    this.#count = 0;
    this.#first = first;
    await this.dropBefore(first);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
