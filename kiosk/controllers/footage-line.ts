/**
 * The time line of a viewing: fragments lie one after the other, what is missing takes no media time, and within a
 * row of fragments media time runs as wall time does. Pure. Invariant: from the list alone every moment has one
 * place, so that what is shown does not depend on what was shown before.
 */
import type { FootageSegment } from "../../gateway/http/contract/playback.ts";

/** A hole up to this long is the seam of two fragments. */
const SEAM_MS = 60;

export class FootageLine {
  readonly segments: readonly FootageSegment[];
  /** Start of each fragment in media time, ms. */
  readonly #places: readonly number[];

  constructor(segments: readonly FootageSegment[]) {
    this.segments = segments;
    let place = 0;
    this.#places = segments.map((segment, i) => {
      const before = segments[i - 1];
      if (before === undefined) return place;
      const apartMs = segment.fromMs - before.fromMs;
      const isJoined = apartMs > 0 && Math.abs(apartMs - before.durationMs) <= SEAM_MS;
      place += isJoined ? apartMs : before.durationMs;
      return place;
    });
  }

  get lengthS(): number {
    return ((this.#places.at(-1) ?? 0) + (this.segments.at(-1)?.durationMs ?? 0)) / 1000;
  }

  /** Start of a fragment in media time, seconds. */
  placeS(index: number): number {
    return (this.#places[index] ?? this.lengthS * 1000) / 1000;
  }

  /** The fragment that is played at a media time; the last where there is none. */
  indexAt(mediaS: number): number {
    return Math.max(
      0,
      this.#places.findLastIndex((place) => place <= mediaS * 1000),
    );
  }

  /** Where a moment (UTC ms) lies; of one that is missing, where footage goes on. Undefined without footage. */
  mediaOf(atMs: number): number | undefined {
    const found = this.segments.findIndex(({ fromMs, durationMs }) => fromMs + durationMs > atMs);
    const index = found === -1 ? this.segments.length - 1 : found;
    const segment = this.segments[index];
    if (segment === undefined) return undefined;
    const insideMs = Math.min(Math.max(0, atMs - segment.fromMs), segment.durationMs);
    return this.placeS(index) + insideMs / 1000;
  }

  /** The moment (UTC ms) at a media time. */
  momentAt(mediaS: number): number {
    const index = this.indexAt(mediaS);
    return (this.segments[index]?.fromMs ?? 0) + mediaS * 1000 - (this.#places[index] ?? 0);
  }

  /** The fragment at or before this one where decoding can start. */
  startFor(index: number): number {
    let start = index;
    while (start > 0 && this.segments[start]?.keyFrame === false) start -= 1;
    return start;
  }
}
