/**
 * Cuts the units of one run into fragments: at key frames, at most 2 s plus one picture, flagged where one does
 * not start at a key frame. Invariant: every unit that goes in comes out once, in order, bytes unchanged.
 */
import { type SampleLayout, type TrackLayout, decodeTimes } from "../media/fragment-writer.ts";
import { AUDIO_TRACK_ID, VIDEO_TRACK_ID } from "../media/init-segment.ts";
import { FragmentBuilder } from "./fragment-builder.ts";
import type { FragmentMemory } from "./fragment-memory.ts";
import type { SourceUnit } from "./ports.ts";

/** What is known of a unit whose bytes are in the fragment by now. */
interface Taken {
  ticks: number;
  sizeBytes: number;
  keyFrame: boolean;
}

/** A key frame begins a new fragment once the current one is this long, so all-key streams stay cheap. */
const SHORTEST_MS = 900;
export const LONGEST_MS = 2000;
/** A fragment is cut earlier when it holds this much. */
const LARGEST_BYTES = 12 * 1024 * 1024;
const DEFAULT_PICTURE_MS = 40;
/** Longer than any camera's pause between two pictures that is not a stall. */
const LONGEST_PICTURE_MS = 5000;

export interface CutFragment {
  /** Lent by the recorder's memory, with `HEAD_ROOM_BYTES` before it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Media time of the first picture shown, and how long the fragment lasts. */
  readonly firstTicks: number;
  readonly durationTicks: number;
  readonly cont: boolean;
  readonly pictures: number;
  /** Monotonic ms at which its last picture was there. */
  readonly lastByteMonoMs: number;
}

export interface CutterOptions {
  readonly videoClockRate: number;
  readonly audioClockRate?: number;
  readonly memory: FragmentMemory;
}

export class Cutter {
  readonly #rate: number;
  readonly #audioRate: number | undefined;
  readonly #builder: FragmentBuilder;
  #pictures: Taken[] = [];
  #sound: Taken[] = [];
  #firstSoundMonoMs = 0;
  #lastByteMonoMs = 0;
  #highest = 0;
  #lowest = 0;
  #sequence = 0;
  /** Media time that becomes zero in the fragments of this run. */
  #zero: number | undefined;
  #audioZero: number | undefined;
  #pictureTicks: number;
  #reordered = false;
  #firstArrivalMs = 0;

  constructor(options: CutterOptions) {
    this.#rate = options.videoClockRate;
    this.#audioRate = options.audioClockRate;
    this.#builder = new FragmentBuilder(options.memory);
    this.#pictureTicks = (DEFAULT_PICTURE_MS * this.#rate) / 1000;
  }

  /** Takes a picture; returns the fragment that it ends, where it ends one. */
  picture(unit: SourceUnit): CutFragment | undefined {
    const last = this.#pictures.at(-1);
    if (last === undefined) {
      this.#begin(unit);
      return undefined;
    }
    // Slices of one picture that a camera marks one by one.
    if (last.ticks === unit.ticks) {
      last.sizeBytes += this.#builder.picture(unit);
      last.keyFrame ||= unit.keyFrame;
      this.#lastByteMonoMs = unit.arrivalMonoMs;
      return undefined;
    }
    if (unit.ticks < this.#highest) this.#reordered = true;
    const lastsMs = ((Math.max(unit.ticks, this.#highest) - this.#lowest) * 1000) / this.#rate;
    const isLarge = this.#builder.sizeBytes >= LARGEST_BYTES;
    if (lastsMs >= LONGEST_MS || isLarge || (unit.keyFrame && lastsMs >= SHORTEST_MS)) {
      const cut = this.#cut(unit);
      this.#begin(unit);
      return cut;
    }
    if (!this.#reordered) this.#pictureTicks = unit.ticks - last.ticks;
    this.#add(unit);
    return undefined;
  }

  /** Takes a frame of sound; it goes into the fragment under way. */
  sound(unit: SourceUnit): void {
    // Before the first picture there is nothing that it could go with.
    if (this.#audioRate === undefined || (this.#pictures.length === 0 && this.#zero === undefined)) return;
    if (this.#audioZero === undefined && this.#sound.length === 0)
      this.#firstSoundMonoMs = unit.arrivalMonoMs;
    this.#sound.push({ ticks: unit.ticks, sizeBytes: this.#builder.sound(unit), keyFrame: unit.keyFrame });
  }

  /** Ends the fragment under way; undefined when there is none. */
  flush(): CutFragment | undefined {
    return this.#pictures.length === 0 ? undefined : this.#cut(undefined);
  }

  #begin(unit: SourceUnit): void {
    this.#highest = unit.ticks;
    this.#lowest = unit.ticks;
    if (this.#zero === undefined) this.#firstArrivalMs = unit.arrivalMonoMs;
    this.#add(unit);
  }

  #add(unit: SourceUnit): void {
    const sizeBytes = this.#builder.picture(unit);
    this.#pictures.push({ ticks: unit.ticks, sizeBytes, keyFrame: unit.keyFrame });
    this.#lastByteMonoMs = unit.arrivalMonoMs;
    this.#highest = Math.max(this.#highest, unit.ticks);
    this.#lowest = Math.min(this.#lowest, unit.ticks);
  }

  #cut(next: SourceUnit | undefined): CutFragment {
    const pictures = this.#pictures;
    const times = decodeTimes(pictures.map((unit) => unit.ticks));
    const first = times[0] ?? 0;
    const last = times.at(-1) ?? first;
    // With reordered pictures the next unit is not the next shown, so the usual length stands in.
    const measured = next === undefined || this.#reordered ? this.#pictureTicks : next.ticks - last;
    const lastDuration = Math.max(1, Math.min(measured, (LONGEST_PICTURE_MS * this.#rate) / 1000));
    this.#zero ??= first;
    const zero = this.#zero;
    const tracks: TrackLayout[] = [
      {
        trackId: VIDEO_TRACK_ID,
        // Pictures shown before the first of the run (open GOP) can't go below zero.
        samples: pictures.map((unit) => sampleOf(unit, Math.max(0, unit.ticks - zero))),
        lastDurationTicks: lastDuration,
      },
      ...this.#soundTrack(),
    ];
    this.#sequence += 1;
    const bytes = this.#builder.finish(this.#sequence, tracks);
    this.#pictures = [];
    this.#sound = [];
    return {
      bytes,
      firstTicks: first,
      durationTicks: last - first + lastDuration,
      cont: pictures[0]?.keyFrame !== true,
      pictures: pictures.length,
      lastByteMonoMs: this.#lastByteMonoMs,
    };
  }

  #soundTrack(): TrackLayout[] {
    const [first] = this.#sound;
    if (first === undefined || this.#audioRate === undefined) return [];
    // The two RTP clocks have nothing in common; the run's first arrivals tie them together.
    this.#audioZero ??=
      first.ticks - Math.round(((this.#firstSoundMonoMs - this.#firstArrivalMs) * this.#audioRate) / 1000);
    const zero = this.#audioZero;
    const last = this.#sound.at(-1) ?? first;
    const before = this.#sound.at(-2);
    return [
      {
        trackId: AUDIO_TRACK_ID,
        samples: this.#sound.map((unit) => sampleOf(unit, Math.max(0, unit.ticks - zero))),
        lastDurationTicks: Math.max(1, before === undefined ? 1024 : last.ticks - before.ticks),
      },
    ];
  }
}

function sampleOf(unit: Taken, presentationTicks: number): SampleLayout {
  return { sizeBytes: unit.sizeBytes, presentationTicks, keyFrame: unit.keyFrame };
}
