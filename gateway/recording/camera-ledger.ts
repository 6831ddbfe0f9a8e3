/**
 * What one camera's stream in the log says: runs, init segments, fragments and every stretch without footage.
 * Invariant: between the ends of two fragments there is either nothing missing or a gap entry with its causes.
 */
import type { CameraId } from "../domain/ids.ts";
import type { JsonObject } from "../evidence/record.ts";
import { mainStream } from "./catalogue.ts";
import { HEAD_ROOM_BYTES } from "./fragment-memory.ts";
import type { EntryDraft } from "./ports.ts";
import type { GapCause } from "./recorder-status.ts";
import type { Spool } from "./spool.ts";

/** Wall and monotonic clock drift apart slowly; a change at once of more than this is a step. */
export const CLOCK_STEP_MS = 250;

export type RunCause = "start" | "reconnect" | "clockStep" | "timeJump";

export interface LedgerFragment {
  /** With `HEAD_ROOM_BYTES` before it. */
  readonly bytes: Uint8Array;
  /** Called once nobody needs the bytes any more. */
  readonly release: () => void;
  readonly t: number;
  readonly durMs: number;
  readonly cam?: number;
  readonly cont: boolean;
  readonly codec: string;
}

interface OpenGap {
  readonly from: number;
  readonly causes: GapCause[];
  packets: number;
}

export class CameraLedger {
  readonly #camera: CameraId;
  readonly #spool: Spool;
  /** Run and init entries that wait for the first fragment they belong to. */
  #head: EntryDraft[] = [];
  #lastEnd: number;
  #gap: OpenGap | undefined;

  /** `lastEndMs`: end of the newest fragment in the log; `nowMs`: where a camera without footage begins. */
  constructor(camera: CameraId, spool: Spool, from: { readonly lastEndMs?: number; readonly nowMs: number }) {
    this.#camera = camera;
    this.#spool = spool;
    this.#lastEnd = from.lastEndMs ?? from.nowMs;
    if (from.lastEndMs === undefined) return;
    // Footage can't end later than now: the clock was set back while nobody recorded, by this much at least.
    if (from.lastEndMs > from.nowMs + CLOCK_STEP_MS)
      this.clockStep({ from: Math.round(from.lastEndMs), to: Math.round(from.nowMs) });
    this.missing("restart", { quiet: true });
  }

  beginRun(cause: RunCause, t: number): void {
    this.#head = [this.#record("run", t, { camera: this.#camera, cause })];
  }

  /** The init segment for the fragments that follow; takes the place of one that no fragment used. */
  useInit(bytes: Uint8Array, codec: string, t: number): void {
    this.#head = this.#head.filter((draft) => draft.type !== "init");
    this.#head.push({ type: "init", stream: mainStream(this.#camera), t, bytes, codec });
  }

  /** The system clock stepped by `stepMs`; `from` is the old and `to` the new reading of one moment. */
  clockStep(step: { readonly from: number; readonly to: number }): void {
    this.#spool.offer([
      this.#record("clock", step.to, { ...step, camera: this.#camera, stepMs: step.to - step.from }),
    ]);
    if (step.to > step.from) this.missing("clockStep", { quiet: true });
    else {
      // A gap that is open ends by the old reading; after a step back the times repeat, and nothing is missing
      // before the next fragment.
      if (this.#gap !== undefined) this.#spool.offer([this.#gapDraft(this.#gap, step.from)]);
      this.#gap = undefined;
      this.#lastEnd = step.to;
    }
  }

  /**
   * Footage is missing from the end of the newest fragment on. The gap is stated at once unless it is `quiet`
   * (a loss whose end is known with the next fragment), and again with its end when footage goes on.
   */
  missing(cause: GapCause, how: { readonly quiet?: boolean; readonly packets?: number } = {}): void {
    const gap = (this.#gap ??= { from: this.#lastEnd, causes: [], packets: 0 });
    gap.packets += how.packets ?? 0;
    const isNew = !gap.causes.includes(cause);
    if (isNew) gap.causes.push(cause);
    if (isNew && how.quiet !== true) this.#spool.offer([this.#gapDraft(gap, undefined)]);
  }

  /** Stores a fragment; false when there is no room, which is then a gap: `diskFull` or `diskSlow`. */
  fragment(fragment: LedgerFragment): boolean {
    const drafts = [
      ...(this.#gap === undefined ? [] : [this.#gapDraft(this.#gap, fragment.t)]),
      ...this.#head,
      this.#fragmentDraft(fragment),
    ];
    if (!this.#spool.offer(drafts, fragment.release)) {
      fragment.release();
      this.missing(this.#spool.diskFull ? "diskFull" : "diskSlow");
      return false;
    }
    this.#gap = undefined;
    this.#head = [];
    this.#lastEnd = fragment.t + fragment.durMs;
    return true;
  }

  #fragmentDraft(fragment: LedgerFragment): EntryDraft {
    return {
      type: "fragment",
      stream: mainStream(this.#camera),
      t: fragment.t,
      durMs: fragment.durMs,
      bytes: fragment.bytes,
      headRoomBytes: HEAD_ROOM_BYTES,
      codec: fragment.codec,
      ...(fragment.cam === undefined ? {} : { cam: fragment.cam }),
      ...(fragment.cont ? { cont: true } : {}),
    };
  }

  #gapDraft(gap: OpenGap, to: number | undefined): EntryDraft {
    const end = to === undefined ? undefined : Math.max(gap.from, to);
    return {
      ...this.#record("gap", gap.from, {
        camera: this.#camera,
        cause: gap.causes[0],
        causes: [...gap.causes],
        from: gap.from,
        ...(end === undefined ? { state: "open" } : { state: "closed", to: end }),
        ...(gap.packets === 0 ? {} : { packets: gap.packets }),
      }),
      durMs: end === undefined ? 0 : end - gap.from,
    };
  }

  #record(type: "run" | "gap" | "clock", t: number, json: JsonObject): EntryDraft {
    return { type, stream: mainStream(this.#camera), t, record: { json } };
  }
}
