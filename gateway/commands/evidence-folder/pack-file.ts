/**
 * One pack file, read at places: where each frame lies, and single bodies. Invariant: frames before a damage
 * stay usable, and every byte of the file is accounted for by the head or a frame, or the pack is malformed.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { decodeBodyValue } from "../../evidence/body-value.ts";
import {
  FRAME_HEAD_BYTES,
  MAX_PACK_HEAD_BYTES,
  type PackHeader,
  parseFrameHead,
  parsePackHeader,
} from "../../evidence/pack.ts";
import { eachSeq } from "../../evidence/ranges.ts";
import type { FramePlace } from "../verify/hash-frames.ts";
import type { SourceBody } from "../../evidence/verify/source.ts";

export interface PackFrame extends FramePlace {
  readonly entryAlone: boolean;
}

/** Reads `length` bytes at `at`, fewer at the end of the file. */
function readAt(file: number, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let got = 0;
  while (got < length) {
    const read = readSync(file, bytes, got, length - got, at + got);
    if (read === 0) break;
    got += read;
  }
  return bytes.subarray(0, got);
}

/** The head alone. Throws RangeError when there is none, an error of the file system otherwise. */
export function readPackHeader(path: string): PackHeader {
  const file = openSync(path, "r");
  try {
    const parsed = parsePackHeader(readAt(file, 0, MAX_PACK_HEAD_BYTES));
    if (parsed === undefined) throw new RangeError("a pack ends in its head");
    return parsed.header;
  } finally {
    closeSync(file);
  }
}

export class PackFile {
  readonly #file: number;
  readonly #frames = new Map<number, PackFrame>();
  /** What is wrong with the file's form; undefined for a whole pack. */
  readonly fault: string | undefined;

  /** Opens the file and walks its frames without reading bodies. Throws an error of the file system. */
  constructor(path: string) {
    this.#file = openSync(path, "r");
    try {
      this.fault = this.#walk();
    } catch (error) {
      if (!(error instanceof RangeError)) {
        this.close();
        throw error;
      }
      this.fault = error.message;
    }
  }

  /** Where a body value lies; undefined when the pack has none under this number. */
  frame(seq: number): PackFrame | undefined {
    return this.#frames.get(seq);
  }

  /** Throws an error of the file system when the place can't be read. */
  body(seq: number): SourceBody {
    const frame = this.#frames.get(seq);
    if (frame === undefined) return { state: "absent" };
    const value = readAt(this.#file, frame.valueAt, frame.valueBytes);
    try {
      const { entryBytes, body } = decodeBodyValue(value);
      return frame.entryAlone ? { state: "absent", entryBytes } : { state: "found", entryBytes, body };
    } catch (error) {
      // What was read and has no form was altered; that it can't be read would be another matter.
      if (error instanceof RangeError) return { state: "found", entryBytes: new Uint8Array(), body: value };
      throw error;
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #walk(): string | undefined {
    const size = fstatSync(this.#file).size;
    const parsed = parsePackHeader(readAt(this.#file, 0, MAX_PACK_HEAD_BYTES));
    if (parsed === undefined) return "a pack ends in its head";
    let at = parsed.headBytes;
    for (const seq of eachSeq(parsed.header.ranges)) {
      if (at + FRAME_HEAD_BYTES > size) return "a pack ends in the middle";
      const head = parseFrameHead(readAt(this.#file, at, FRAME_HEAD_BYTES));
      const valueAt = at + FRAME_HEAD_BYTES;
      at = valueAt + head.valueBytes;
      if (at > size) return "a pack ends in the middle";
      this.#frames.set(seq, { valueAt, ...head });
    }
    return at === size ? undefined : "a pack goes on after its last frame";
  }
}
