/**
 * Reads a pack from a byte stream, one frame at a time. Invariant: memory stays bounded by one frame and one
 * chunk whatever the sender claims; every byte of the stream belongs to the head or to a frame.
 */
import { CodedError } from "../domain/errors.ts";
import { concatBytes } from "./bytes.ts";
import {
  FRAME_HEAD_BYTES,
  MAX_PACK_BYTES,
  MAX_PACK_HEAD_BYTES,
  type PackHeader,
  type PackItem,
  parseFrameHead,
  parseFrameValue,
  parsePackHeader,
} from "./pack.ts";
import { eachSeq } from "./ranges.ts";

export interface PackReading {
  readonly header: PackHeader;
  /** Every item in the order of the ranges; to be read to its end. */
  readonly items: AsyncGenerator<PackItem & { readonly seq: number }, void, undefined>;
}

/** Hands out exactly as many bytes as asked for from a stream of chunks. */
class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #taken = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Waits until at least `count` bytes are held; false when the stream ended before. */
  async hold(count: number): Promise<boolean> {
    while (this.#heldBytes < count) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#taken += next.value.length;
      if (this.#taken > MAX_PACK_BYTES) throw new RangeError("a pack is at most 128 MiB");
      this.#held.push(next.value);
      this.#heldBytes += next.value.length;
    }
    return true;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The held bytes as one view. */
  peek(): Uint8Array {
    const joined = this.#held.length === 1 ? this.#held[0] : concatBytes(this.#held);
    const all = joined ?? new Uint8Array();
    this.#held = [all];
    return all;
  }

  async take(count: number): Promise<Uint8Array> {
    if (!(await this.hold(count))) throw new RangeError("a pack ends in the middle");
    const all = this.peek();
    this.#held = [all.subarray(count)];
    this.#heldBytes -= count;
    return all.subarray(0, count);
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

function malformed(cause: unknown): CodedError {
  const why = cause instanceof RangeError ? cause.message : "not a pack";
  return new CodedError("evidence.packMalformed", { why }, { cause });
}

/** Rejects with `evidence.packMalformed`, as does the generator of items. Faults of the stream pass through. */
export async function readPack(chunks: AsyncIterable<Uint8Array>): Promise<PackReading> {
  const queue = new ByteQueue(chunks);
  try {
    const parsed = await readHeader(queue);
    return { header: parsed, items: readItems(queue, parsed) };
  } catch (error) {
    await queue.close();
    throw error instanceof RangeError ? malformed(error) : error;
  }
}

async function readHeader(queue: ByteQueue): Promise<PackHeader> {
  for (;;) {
    const parsed = parsePackHeader(queue.peek());
    if (parsed !== undefined) {
      await queue.take(parsed.headBytes);
      return parsed.header;
    }
    const more = Math.min(MAX_PACK_HEAD_BYTES, queue.heldBytes + 1);
    if (!(await queue.hold(more))) throw new RangeError("a pack ends in its head");
  }
}

async function* readItems(
  queue: ByteQueue,
  header: PackHeader,
): AsyncGenerator<PackItem & { readonly seq: number }, void, undefined> {
  try {
    for (const seq of eachSeq(header.ranges)) {
      const head = parseFrameHead(await queue.take(FRAME_HEAD_BYTES));
      yield { seq, ...parseFrameValue(head, await queue.take(head.valueBytes)) };
    }
    if (await queue.hold(1)) throw new RangeError("a pack goes on after its last frame");
  } catch (error) {
    throw error instanceof RangeError ? malformed(error) : error;
  } finally {
    await queue.close();
  }
}
