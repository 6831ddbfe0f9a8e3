/**
 * A camera source that a test plays by hand, with both clocks in its hand too, and a log in memory that keeps
 * the append contract (all or none, in order, consecutive numbers).
 */
import { createHash } from "node:crypto";
import { CodedError } from "../../../gateway/domain/errors.ts";
import { cameraId, logId, seq, sha256Hex } from "../../../gateway/domain/ids.ts";
import type { Append, Appended, EntryDraft } from "../../../gateway/evidence/append.ts";
import type { Entry } from "../../../gateway/evidence/entry.ts";
import { type Recorder, createRecorder } from "../../../gateway/recording/recorder.ts";
import type { CameraSource, SourceEvent } from "../../../gateway/recording/ports.ts";

export const CLOCK_RATE = 90_000;
const SPS = Uint8Array.from(Buffer.from("674d400deca0a0fd80880000030008000003019078a14cb0", "hex"));
const PPS = Uint8Array.from(Buffer.from("68ebe3cb20", "hex"));

/** Two system clocks in a test's hand. */
export class HandClock {
  wall = Date.UTC(2026, 0, 5, 1, 0, 0);
  mono = 1000;
  readonly boot = "test-boot";
  wallMs(): number {
    return this.wall;
  }
  monotonicMs(): number {
    return this.mono;
  }
  ntp(): "synced" {
    return "synced";
  }
  pass(ms: number): void {
    this.wall += ms;
    this.mono += ms;
  }
}

export class ScriptedCamera implements CameraSource {
  readonly clock: HandClock;
  ticks = 5_000_000;
  #events: SourceEvent[] = [];
  #wake: (() => void) | undefined;
  #taken: (() => void) | undefined;
  #ended = false;

  constructor(clock: HandClock) {
    this.clock = clock;
  }

  async *open(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    this.#ended = false;
    signal.addEventListener("abort", () => this.#wake?.());
    yield { kind: "tracks", tracks: [{ track: 0, media: "video", codec: "h264", clockRate: CLOCK_RATE }] };
    yield { kind: "parameters", track: 0, codec: "h264", vps: [], sps: [SPS], pps: [PPS] };
    while (!signal.aborted && !this.#ended) {
      const event = this.#events.shift();
      if (event !== undefined) {
        if (event.kind === "end") this.#ended = true;
        yield event;
        continue;
      }
      this.#taken?.();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (!this.#ended) yield { kind: "end", cause: "closed", detail: "" };
  }

  /** Hands events over and resolves when the recorder took them all. */
  async play(...events: readonly SourceEvent[]): Promise<void> {
    this.#events.push(...events);
    await new Promise<void>((resolve) => {
      this.#taken = resolve;
      this.#wake?.();
    });
  }

  /** One picture each 40 ms, a key frame each second; `late` adds to the arrival. */
  async pictures(
    count: number,
    options: { readonly keyEvery?: number; readonly sizeBytes?: number } = {},
  ): Promise<void> {
    for (let i = 0; i < count; i++) {
      const nal = new Uint8Array(options.sizeBytes ?? 100);
      await this.play({
        kind: "unit",
        track: 0,
        nals: [{ pieces: [nal], sizeBytes: nal.length }],
        keyFrame: i % (options.keyEvery ?? 25) === 0,
        ticks: this.ticks,
        arrivalWallMs: this.clock.wall,
        arrivalMonoMs: this.clock.mono,
      });
      this.ticks += 3600;
      this.clock.pass(40);
    }
  }
}

/** A log in memory. `block` makes appends wait; while `full` it takes records and refuses footage. */
export class MemoryLog implements Append {
  readonly drafts: EntryDraft[] = [];
  full = false;
  #gate: Promise<void> = Promise.resolve();
  #open: (() => void) | undefined;

  block(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  unblock(): void {
    this.#open?.();
  }

  async append(drafts: readonly EntryDraft[]): Promise<readonly Appended[]> {
    await this.#gate;
    if (this.full && drafts.some((draft) => "bytes" in draft)) throw new CodedError("store.diskFull");
    return drafts.map((draft): Appended => {
      // The memory of a fragment is used again once the append is settled.
      this.drafts.push("bytes" in draft ? { ...draft, bytes: Uint8Array.from(draft.bytes) } : draft);
      const body = "bytes" in draft ? draft.bytes : Buffer.from(JSON.stringify(draft.record.json));
      const entry: Entry = {
        v: 1,
        seq: seq(this.drafts.length - 1),
        type: draft.type,
        stream: draft.stream,
        n: this.drafts.length - 1,
        t: draft.t ?? 0,
        dur: draft.durMs ?? 0,
        boot: "b",
        mono: 0,
        ntp: "synced",
        len: body.length,
        sha256: sha256Hex(createHash("sha256").update(body).digest("hex")),
      };
      return { logId: logId("2026"), seq: entry.seq, entry };
    });
  }

  types(): string[] {
    return this.drafts.map((draft) => draft.type);
  }

  /** Records of a type. */
  records(type: string): Record<string, unknown>[] {
    return this.drafts.flatMap((draft) =>
      draft.type === type && "record" in draft ? [draft.record.json as Record<string, unknown>] : [],
    );
  }

  fragments(): { t: number; durMs: number; cont: boolean; cam: number | undefined }[] {
    return this.drafts.flatMap((draft) =>
      draft.type === "fragment" && "bytes" in draft
        ? [{ t: draft.t ?? 0, durMs: draft.durMs ?? 0, cont: draft.cont === true, cam: draft.cam }]
        : [],
    );
  }
}

export interface Scene {
  readonly clock: HandClock;
  readonly camera: ScriptedCamera;
  readonly log: MemoryLog;
  readonly recorder: Recorder;
}

export function scene(
  options: { readonly lastEndMs?: number; readonly pendingBytesMax?: number } = {},
): Scene {
  const clock = new HandClock();
  const camera = new ScriptedCamera(clock);
  const log = new MemoryLog();
  const recorder = createRecorder({
    camera: cameraId("cam-1"),
    source: camera,
    append: log,
    clock,
    random: () => 0,
    ...options,
  });
  return { clock, camera, log, recorder };
}
