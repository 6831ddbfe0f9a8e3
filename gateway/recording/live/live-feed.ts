/**
 * One camera's picture as it comes, for those who watch: an init segment, the pictures since the last key frame
 * at once, then one fragment for each picture. Invariant: it confirms nothing, holds at most one group of
 * pictures, and a fault here never reaches the recording beside it.
 */
import { writeFragment } from "../../media/fragment-writer.ts";
import { VIDEO_TRACK_ID, writeInitSegment } from "../../media/init-segment.ts";
import type { SourceEvent, SourceParameters, SourceUnit } from "../ports.ts";
import { DecodeClock } from "./decode-clock.ts";
import { GroupMemory, copyOf } from "./group-memory.ts";

/** Which of a camera's streams: what is recorded, or a lighter one beside it. */
export type LiveProfile = "main" | "sub";

export interface LiveInit {
  readonly bytes: Uint8Array;
  /** RFC 6381. */
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly profile: LiveProfile;
}

export interface LivePicture {
  /** One fragment: moof and mdat. */
  readonly bytes: Uint8Array;
  /** Whether decoding can start here. */
  readonly keyFrame: boolean;
}

/** Somebody who watches; its methods neither wait nor throw. */
export interface LiveViewer {
  /** What follows belongs to this init segment and begins at a key frame. */
  init(init: LiveInit): void;
  picture(picture: LivePicture): void;
  /** The camera is no longer recorded under this binding. */
  end(): void;
}

export interface LiveFeed {
  /** RFC 6381, of what comes now; undefined while nothing does. */
  readonly codec: string | undefined;
  /** Starts at once with what is there; undefined when too many watch already. Returns what ends it. */
  join(viewer: LiveViewer): (() => void) | undefined;
}

const VIEWERS_MAX = 16;
/** A group of pictures longer than this is not kept for those who join: they wait for the next key frame. */
const GROUP_PICTURES_MAX = 600;
const GROUP_BYTES_MAX = 12 * 1024 * 1024;
const TIME_BACK_MS = 1000;
const TIME_AHEAD_MS = 5000;

export class CameraFeed implements LiveFeed {
  readonly #profile: LiveProfile;
  readonly #viewers = new Set<LiveViewer>();
  #track: { readonly track: number; readonly clockRate: number } | undefined;
  #init: LiveInit | undefined;
  #clock: DecodeClock | undefined;
  #group: SourceUnit[] = [];
  readonly #memory = new GroupMemory();
  #lastTicks: number | undefined;
  #sequence = 0;
  /** Cameras that mark each slice as a picture: one unit is held back until the next picture begins. */
  #sliced = false;
  #held: SourceUnit | undefined;

  constructor(profile: LiveProfile = "main") {
    this.#profile = profile;
  }

  get codec(): string | undefined {
    return this.#init?.codec;
  }

  join(viewer: LiveViewer): (() => void) | undefined {
    if (this.#viewers.size >= VIEWERS_MAX) return undefined;
    this.#viewers.add(viewer);
    if (this.#init !== undefined) {
      viewer.init(this.#init);
      const bytes = this.#fragmentOf(this.#group);
      if (bytes !== undefined) viewer.picture({ bytes, keyFrame: true });
    }
    return () => this.#viewers.delete(viewer);
  }

  /** Takes what the camera sends, beside the recording. Throws RangeError on parameters that can't be read. */
  take(event: SourceEvent): void {
    if (event.kind === "tracks") {
      const video = event.tracks.find((track) => track.media === "video");
      this.#track = video === undefined ? undefined : { track: video.track, clockRate: video.clockRate };
      this.#begin(undefined);
    } else if (event.kind === "end") {
      // Who joins now must not take the last picture before the end for what the camera sees.
      this.#begin(undefined);
    } else if (event.kind === "parameters") this.#useParameters(event);
    else if (event.kind === "loss") this.#dropGroup();
    else if (event.kind === "unit" && event.track === this.#track?.track) this.#unit(event);
  }

  /** Nobody hears anything more. */
  close(): void {
    for (const viewer of this.#viewers) viewer.end();
    this.#viewers.clear();
    this.#begin(undefined);
  }

  #useParameters(event: SourceParameters): void {
    if (this.#track === undefined) return;
    const init = writeInitSegment({ ...event, clockRate: this.#track.clockRate });
    this.#begin({ ...init, profile: this.#profile });
  }

  /** Everything after this stands on its own. */
  #begin(init: LiveInit | undefined): void {
    this.#init = init;
    this.#clock = this.#track === undefined ? undefined : new DecodeClock(this.#track.clockRate);
    this.#dropGroup();
    this.#lastTicks = undefined;
    this.#held = undefined;
    if (init !== undefined) for (const viewer of this.#viewers) viewer.init(init);
  }

  #dropGroup(): void {
    this.#group = [];
    this.#memory.clear();
  }

  #unit(unit: SourceUnit): void {
    if (this.#init === undefined || this.#track === undefined) return;
    const before = this.#lastTicks;
    if (before !== undefined) {
      const stepMs = ((unit.ticks - before) * 1000) / this.#track.clockRate;
      if (stepMs < -TIME_BACK_MS || stepMs > TIME_AHEAD_MS) this.#begin(this.#init);
    }
    this.#lastTicks = unit.ticks;
    if (before === unit.ticks) this.#sliced = true;
    if (!this.#sliced) {
      this.#picture(unit);
      return;
    }
    const held = this.#held;
    if (held?.ticks === unit.ticks) {
      this.#held = {
        ...held,
        nals: [...held.nals, ...copyOf(unit).nals],
        keyFrame: held.keyFrame || unit.keyFrame,
      };
      return;
    }
    this.#held = copyOf(unit);
    if (held !== undefined) this.#picture(held);
  }

  #picture(unit: SourceUnit): void {
    if (unit.keyFrame) this.#dropGroup();
    else if (this.#group.length === 0 && this.#viewers.size === 0) return;
    const isStart = unit.keyFrame || this.#group.length > 0;
    if (isStart) this.#keep(unit);
    this.#clock?.see(unit.ticks, unit.keyFrame);
    if (this.#viewers.size === 0) return;
    const bytes = this.#fragmentOf([unit]);
    if (bytes !== undefined)
      for (const viewer of this.#viewers) viewer.picture({ bytes, keyFrame: unit.keyFrame });
  }

  #keep(unit: SourceUnit): void {
    this.#group.push(this.#memory.keep(unit));
    if (this.#group.length > GROUP_PICTURES_MAX || this.#memory.sizeBytes > GROUP_BYTES_MAX)
      this.#dropGroup();
  }

  #fragmentOf(units: readonly SourceUnit[]): Uint8Array | undefined {
    const clock = this.#clock;
    if (units.length === 0 || clock === undefined) return undefined;
    this.#sequence += 1;
    return writeFragment(this.#sequence, [
      {
        trackId: VIDEO_TRACK_ID,
        lengthPrefixed: true,
        samples: units.map((unit) => ({
          units: unit.nals,
          presentationTicks: clock.shown(unit.ticks),
          keyFrame: unit.keyFrame,
        })),
        lastDurationTicks: clock.pictureTicks,
        ...(units.length === 1 ? { firstDecodeTicks: clock.decoded } : {}),
      },
    ]);
  }
}
