/**
 * Turns the events of one connection into runs and fragments of a camera's ledger.
 * Invariant: a unit is either in a fragment or its loss is told to the ledger.
 */
import { CodedError } from "../domain/errors.ts";
import { type AudioTrack, type InitSegment, writeInitSegment } from "../media/init-segment.ts";
import { CLOCK_STEP_MS, type CameraLedger, type RunCause } from "./camera-ledger.ts";
import { type CutFragment, Cutter } from "./cutter.ts";
import type { FragmentMemory } from "./fragment-memory.ts";
import type { SourceEvent, SourceParameters, SourceTrack, SourceUnit } from "./ports.ts";
import { RunClock } from "./run-clock.ts";

/** Media time may fall back this far (reordered pictures), or run ahead of arrival this far. */
const TIME_BACK_MS = 1000;
const TIME_AHEAD_MS = 2000;

export interface RunSink {
  /** A fragment was cut, whose last picture came at this time; `stored` is false when there was no room for it. */
  cut(stored: boolean, lastByteMonoMs: number): void;
}

export class RunRecorder {
  readonly #ledger: CameraLedger;
  readonly #sink: RunSink;
  readonly #memory: FragmentMemory;
  #runCause: RunCause;
  #tracks: readonly SourceTrack[] = [];
  #parameters: SourceParameters | undefined;
  #init: InitSegment | undefined;
  #cutter: Cutter | undefined;
  #clock: RunClock | undefined;
  #before: SourceUnit | undefined;
  #wallMinusMono = 0;

  constructor(options: {
    readonly ledger: CameraLedger;
    readonly sink: RunSink;
    readonly memory: FragmentMemory;
    readonly cause: RunCause;
  }) {
    this.#ledger = options.ledger;
    this.#sink = options.sink;
    this.#memory = options.memory;
    this.#runCause = options.cause;
  }

  /** Throws CodedError `recording.badMedia` when the camera's parameters can't be understood. */
  take(event: Exclude<SourceEvent, { kind: "end" }>): void {
    if (event.kind === "tracks") this.#tracks = event.tracks;
    else if (event.kind === "parameters") this.#useParameters(event);
    else if (event.kind === "report") this.#report(event.track, event.ticks, event.senderWallMs);
    else if (event.kind === "loss") this.#lose(event.packets);
    else if (this.#track("video")?.track === event.track) this.#picture(event);
    else this.#cutter?.sound(event);
  }

  /** Whether a picture came that can be stored. */
  get hasBegun(): boolean {
    return this.#before !== undefined;
  }

  /** Cuts what is there. */
  end(): void {
    this.#store(this.#cutter?.flush());
  }

  #track<Media extends SourceTrack["media"]>(
    media: Media,
  ): Extract<SourceTrack, { media: Media }> | undefined {
    return this.#tracks.find(
      (track): track is Extract<SourceTrack, { media: Media }> => track.media === media,
    );
  }

  #useParameters(event: SourceParameters): void {
    this.end();
    this.#parameters = event;
    const video = this.#track("video");
    if (video === undefined) return;
    const audio = this.#track("audio");
    try {
      this.#init = writeInitSegment({ ...event, clockRate: video.clockRate }, audio && audioOf(audio));
    } catch (cause) {
      throw new CodedError("recording.badMedia", {}, { cause });
    }
    if (this.#cutter !== undefined && this.#before !== undefined)
      this.#ledger.useInit(this.#init.bytes, this.#init.codec, this.#wallOf(this.#before));
  }

  #report(track: number, ticks: number, senderWallMs: number): void {
    if (this.#track("video")?.track === track) this.#clock?.report(ticks, senderWallMs);
  }

  #lose(packets: number): void {
    this.end();
    this.#ledger.missing("packetLoss", { quiet: true, packets });
  }

  #picture(unit: SourceUnit): void {
    const video = this.#track("video");
    // Without parameters nothing can be played; such pictures belong to the gap before the run.
    if (video === undefined || this.#parameters === undefined) return;
    const offset = unit.arrivalWallMs - unit.arrivalMonoMs;
    if (this.#before !== undefined) this.#watchTime(this.#before, unit, offset, video.clockRate);
    this.#wallMinusMono = offset;
    if (this.#cutter === undefined || this.#clock === undefined) this.#beginRun(unit, video.clockRate);
    this.#clock?.observe(unit.ticks, unit.arrivalMonoMs);
    this.#before = unit;
    this.#store(this.#cutter?.picture(unit));
  }

  /** Ends the run when the system clock or the camera's media time jumped between two pictures. */
  #watchTime(before: SourceUnit, unit: SourceUnit, offset: number, clockRate: number): void {
    const step = offset - this.#wallMinusMono;
    const mediaMs = ((unit.ticks - before.ticks) * 1000) / clockRate;
    const arrivalMs = unit.arrivalMonoMs - before.arrivalMonoMs;
    if (Math.abs(step) > CLOCK_STEP_MS) {
      this.#endRun("clockStep");
      this.#ledger.clockStep({
        from: Math.round(unit.arrivalWallMs - step),
        to: Math.round(unit.arrivalWallMs),
      });
    } else if (mediaMs < -TIME_BACK_MS || mediaMs > arrivalMs + TIME_AHEAD_MS) {
      this.#endRun("timeJump");
      this.#ledger.missing("timeJump", { quiet: true });
    }
  }

  #endRun(cause: RunCause): void {
    this.end();
    this.#cutter = undefined;
    this.#clock = undefined;
    this.#runCause = cause;
  }

  #beginRun(unit: SourceUnit, clockRate: number): void {
    const audio = this.#track("audio");
    this.#cutter = new Cutter({
      videoClockRate: clockRate,
      memory: this.#memory,
      ...(audio === undefined ? {} : { audioClockRate: audio.clockRate }),
    });
    this.#clock = new RunClock(clockRate);
    const t = this.#wallOf(unit);
    this.#ledger.beginRun(this.#runCause, t);
    if (this.#init !== undefined) this.#ledger.useInit(this.#init.bytes, this.#init.codec, t);
  }

  #wallOf(unit: SourceUnit): number {
    return Math.round(unit.arrivalWallMs);
  }

  #store(cut: CutFragment | undefined): void {
    const clockRate = this.#track("video")?.clockRate;
    const [clock, init] = [this.#clock, this.#init];
    if (cut === undefined || clock === undefined || init === undefined || clockRate === undefined) return;
    clock.settle(this.#wallMinusMono);
    const t = clock.wallAt(cut.firstTicks, this.#wallMinusMono);
    const durMs = clock.wallAt(cut.firstTicks + cut.durationTicks, this.#wallMinusMono) - t;
    const cam = clock.senderAt(cut.firstTicks);
    const release = (): void => this.#memory.giveBack(cut.bytes);
    const fragment = { bytes: cut.bytes, release, t, durMs, cont: cut.cont, codec: init.codec };
    const stored = this.#ledger.fragment({ ...fragment, ...(cam === undefined ? {} : { cam }) });
    this.#sink.cut(stored, cut.lastByteMonoMs);
  }
}

function audioOf(track: Extract<SourceTrack, { media: "audio" }>): AudioTrack {
  const { codec, clockRate, channels, config } = track;
  return { codec, clockRate, channels, ...(config === undefined ? {} : { config }) };
}
