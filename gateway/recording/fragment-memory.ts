/**
 * Memory for fragments, shared by all recorders and used again once a fragment is durable. Invariant: a buffer is
 * lent to one fragment at a time, and what is kept for later is bounded.
 */

/** What the store writes before a body: the length and the bytes of its entry (`body-value.ts`). */
export const HEAD_ROOM_BYTES = 2048;
const STEP_BYTES = 64 * 1024;
/** Cameras cut at different moments, so few buffers are free at once. */
const KEPT_BUFFERS = 4;

export class FragmentMemory {
  #kept: Buffer<ArrayBuffer>[] = [];

  /** `sizeBytes` of memory with `HEAD_ROOM_BYTES` free before it; its content is whatever was there. */
  lend(sizeBytes: number): Uint8Array<ArrayBuffer> {
    const wanted = sizeBytes + HEAD_ROOM_BYTES;
    const at = this.#kept.findIndex((buffer) => buffer.length >= wanted);
    const [buffer = fresh(wanted)] = at === -1 ? [] : this.#kept.splice(at, 1);
    return buffer.subarray(HEAD_ROOM_BYTES, wanted);
  }

  /** Takes back what was lent; nobody may look at it any more. */
  giveBack(lent: Uint8Array<ArrayBuffer>): void {
    this.#kept.push(Buffer.from(lent.buffer));
    // Large ones serve every size, so the smallest goes.
    if (this.#kept.length > KEPT_BUFFERS)
      this.#kept = this.#kept.toSorted((a, b) => b.length - a.length).slice(0, KEPT_BUFFERS);
  }
}

/** Fragments of one camera differ a little in size: some room more fits the next ones too. */
function fresh(wanted: number): Buffer<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(STEP_BYTES * Math.ceil((wanted * 1.2) / STEP_BYTES));
}
