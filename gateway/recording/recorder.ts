/**
 * One camera's recorder: keeps it connected for ever, cuts what comes into fragments and logs them.
 * Invariant: whatever was not stored is a gap entry with a cause; nothing is dropped in silence.
 */
import { CodedError } from "../domain/errors.ts";
import type { CameraId, EntryRef } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { Appended } from "../evidence/append.ts";
import { CLOCK_STEP_MS, CameraLedger } from "./camera-ledger.ts";
import { FragmentMemory } from "./fragment-memory.ts";
import { CameraFeed, type LiveFeed } from "./live/live-feed.ts";
import type { Append, CameraSource, SourceEndCause, SourceEvent, SourceUnit } from "./ports.ts";
import type { GapCause, RecorderState, RecorderStatus } from "./recorder-status.ts";
import { reconnectDelayMs } from "./reconnect.ts";
import { RunRecorder } from "./run-recorder.ts";
import { Spool } from "./spool.ts";

export interface RecorderOptions {
  readonly camera: CameraId;
  readonly source: CameraSource;
  readonly append: Append;
  readonly clock: Clock;
  /** End of the newest fragment in the log (`Catalogue.lastEnd`): from there to the first picture is a gap. */
  readonly lastEndMs?: number;
  /** Shared by all recorders; left out: one of its own. */
  readonly memory?: FragmentMemory;
  /** 0 <= value < 1, for the jitter of reconnects. */
  readonly random?: () => number;
  /** Footage cut but not durable yet; above this fragments are dropped and logged as `diskSlow`. */
  readonly pendingBytesMax?: number;
  /** Told of each fragment once it is durable. */
  readonly onDurable?: (fragment: DurableFragment) => void;
  /** Told of the store's refusals (it is tried again) and of defects in a driver (it is opened again). */
  readonly onFault?: (error: unknown) => void;
  /** Told of each change of state, for logs and alarms. */
  readonly onState?: (status: RecorderStatus) => void;
}

export interface DurableFragment extends EntryRef {
  /** Monotonic ms at which its last picture was there. */
  readonly lastByteMonoMs: number;
}

export interface Recorder {
  readonly camera: CameraId;
  /** The picture as it comes, before it is cut or stored. */
  readonly live: LiveFeed;
  status(): RecorderStatus;
  /** The newest durable fragment. */
  newest(): EntryRef | undefined;
  /** Cuts and stores what is there, opens a `stopped` gap, closes the connection; resolves when all is durable. */
  close(): Promise<void>;
}

const DEFAULT_PENDING_BYTES = 16 * 1024 * 1024;
const CLOSE_LIMIT_MS = 10_000;

/** Starts recording at once. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new CameraRecorder(options);
}

class CameraRecorder implements Recorder {
  readonly camera: CameraId;
  readonly #options: RecorderOptions;
  readonly #feed = new CameraFeed();
  readonly #abort = new AbortController();
  readonly #memory: FragmentMemory;
  readonly #spool: Spool;
  readonly #ledger: CameraLedger;
  readonly #done: Promise<void>;
  #state: RecorderState = "connecting";
  #cause: GapCause | undefined;
  #detail: string | undefined;
  #codec: RecorderStatus["codec"];
  /** Wall minus monotonic time at the picture seen last. */
  #offsetMs: number | undefined;
  #newest: EntryRef | undefined;
  #newestMonoMs: number | undefined;
  /** Of the fragments on their way to the disk, in order. */
  #lastBytesMonoMs: number[] = [];
  #wake: (() => void) | undefined;

  constructor(options: RecorderOptions) {
    this.camera = options.camera;
    this.#options = options;
    this.#memory = options.memory ?? new FragmentMemory();
    this.#spool = new Spool({
      append: options.append,
      pendingBytesMax: options.pendingBytesMax ?? DEFAULT_PENDING_BYTES,
      onDurable: (appended) => this.#durable(appended),
      onRefused: (error) => options.onFault?.(error),
    });
    this.#ledger = new CameraLedger(options.camera, this.#spool, {
      nowMs: options.clock.wallMs(),
      ...(options.lastEndMs === undefined ? {} : { lastEndMs: options.lastEndMs }),
    });
    this.#done = this.#record();
  }

  get live(): LiveFeed {
    return this.#feed;
  }

  status(): RecorderStatus {
    const age =
      this.#newestMonoMs === undefined ? null : this.#options.clock.monotonicMs() - this.#newestMonoMs;
    return {
      id: this.camera,
      state: this.#state,
      ...(this.#cause === undefined ? {} : { cause: this.#cause }),
      ...(this.#detail === undefined ? {} : { detail: this.#detail }),
      ...(this.#codec === undefined ? {} : { codec: this.#codec }),
      lastFragmentAgeMs: age === null ? null : Math.round(age),
    };
  }

  newest(): EntryRef | undefined {
    return this.#newest;
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.#wake?.();
    await this.#done;
  }

  async #record(): Promise<void> {
    let failures = 0;
    let isFirst = true;
    while (!this.#abort.signal.aborted) {
      const { end, hadPicture } = await this.#connection(isFirst);
      if (hadPicture) isFirst = false;
      if (end.cause === "closed" || this.#abort.signal.aborted) break;
      this.#ledger.missing(end.cause);
      this.#change(end.cause === "stalled" ? "stalled" : "offline", end.cause, end.detail);
      failures = hadPicture ? 0 : failures + 1;
      await this.#pause(reconnectDelayMs(failures, end.cause, (this.#options.random ?? Math.random)()));
    }
    this.#feed.close();
    this.#ledger.missing("stopped");
    this.#change("stopped", "stopped", undefined);
    await this.#spool.close(CLOSE_LIMIT_MS);
  }

  /** One connection from its start to its end. */
  async #connection(isFirst: boolean): Promise<{ end: ConnectionEnd; hadPicture: boolean }> {
    let hadPicture = false;
    let end: ConnectionEnd = { cause: "disconnected", detail: "the source ended without a word" };
    const run = new RunRecorder({
      ledger: this.#ledger,
      sink: { cut: (stored, lastByteMonoMs) => this.#cut(stored, lastByteMonoMs) },
      memory: this.#memory,
      cause: isFirst ? "start" : "reconnect",
    });
    try {
      for await (const event of this.#options.source.open(this.#abort.signal)) {
        if (event.kind === "end") {
          end = event;
          break;
        }
        if (event.kind === "unit") this.#watchClock(event, !hadPicture);
        run.take(event);
        if (event.kind === "parameters") this.#codec = event.codec;
        this.#show(event);
        if (run.hasBegun && !hadPicture) {
          hadPicture = true;
          this.#change("recording", undefined, undefined);
        }
      }
    } catch (error) {
      // A defect in one camera's driver must not end another camera's recording.
      this.#options.onFault?.(error);
      end = {
        cause: "unsupported",
        detail: error instanceof CodedError ? error.code : "a defect in the driver",
      };
    }
    run.end();
    this.#show({ kind: "end", ...end });
    return { end, hadPicture };
  }

  /** A step within a run is the run's to find; this finds one that fell into the time between two connections. */
  #watchClock({ arrivalWallMs, arrivalMonoMs }: SourceUnit, isFirst: boolean): void {
    const offsetMs = arrivalWallMs - arrivalMonoMs;
    const stepMs = offsetMs - (this.#offsetMs ?? offsetMs);
    if (isFirst && Math.abs(stepMs) > CLOCK_STEP_MS)
      this.#ledger.clockStep({ from: Math.round(arrivalWallMs - stepMs), to: Math.round(arrivalWallMs) });
    this.#offsetMs = offsetMs;
  }

  /** To those who watch; a fault there is told and ends nothing here. */
  #show(event: SourceEvent): void {
    try {
      this.#feed.take(event);
    } catch (error) {
      this.#options.onFault?.(error);
    }
  }

  #cut(stored: boolean, lastByteMonoMs: number): void {
    if (stored) {
      this.#lastBytesMonoMs.push(lastByteMonoMs);
      this.#change("recording", undefined, undefined);
    } else if (this.#spool.diskFull) this.#change("diskSlow", "diskFull", "the disk is full");
    else this.#change("diskSlow", "diskSlow", "the store does not keep up");
  }

  #durable(appended: readonly Appended[]): void {
    for (const { entry, logId, seq } of appended) {
      if (entry.type !== "fragment") continue;
      this.#newest = { logId, seq };
      const lastByteMonoMs = this.#lastBytesMonoMs.shift();
      if (lastByteMonoMs !== undefined) this.#options.onDurable?.({ logId, seq, lastByteMonoMs });
      this.#newestMonoMs = this.#options.clock.monotonicMs();
    }
  }

  #change(state: RecorderState, cause: GapCause | undefined, detail: string | undefined): void {
    const isSame = this.#state === state && this.#cause === cause;
    this.#state = state;
    this.#cause = cause;
    this.#detail = detail;
    if (!isSame) this.#options.onState?.(this.status());
  }

  async #pause(ms: number): Promise<void> {
    if (this.#abort.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}

interface ConnectionEnd {
  readonly cause: SourceEndCause;
  readonly detail: string;
}
