/** The time line of stored footage: every moment has one place, whatever is missing between. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FootageSegment } from "../../../gateway/http/contract/playback.ts";
import { FootageLine } from "../../../kiosk/controllers/footage-line.ts";
import { readFragment } from "../../../gateway/media/fragment-reader.ts";
import { silence } from "../../../kiosk/controllers/silence.ts";

const segment = (fromMs: number, durationMs: number, keyFrame = true): FootageSegment => ({
  fromMs,
  durationMs,
  initUri: "i",
  uri: "u",
  codec: "avc1.4d400d",
  keyFrame,
});

describe("the time line of footage", () => {
  const line = new FootageLine([segment(10_000, 1000), segment(11_005, 1000, false), segment(60_000, 2000)]);

  it("runs as wall time does within a row, and takes no time for what is missing", () => {
    expect([0, 1, 2].map((index) => line.placeS(index))).toEqual([0, 1.005, 2.005]);
    expect(line.lengthS).toBeCloseTo(4.005);
    expect(line.mediaOf(10_500)).toBe(0.5);
    expect(line.momentAt(2.505)).toBeCloseTo(60_500);
  });

  it("leads from what is missing to where footage goes on, and past the end to the end", () => {
    expect(line.mediaOf(30_000)).toBe(2.005);
    expect(line.mediaOf(0)).toBe(0);
    expect(line.mediaOf(1e9)).toBeCloseTo(4.005);
    expect(new FootageLine([]).mediaOf(0)).toBeUndefined();
  });

  it("begins to decode at a key frame", () => {
    expect([0, 1, 2].map((index) => line.startFor(index))).toEqual([0, 0, 2]);
  });

  it("finds back to every moment that was recorded", () => {
    const row = fc.record({ holeMs: fc.nat({ max: 5000 }), durationMs: fc.integer({ min: 40, max: 2000 }) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), fc.nat(), fc.nat(), (rows, which, at) => {
        let fromMs = 1_000_000;
        const segments = rows.map(({ holeMs, durationMs }) => {
          const one = segment(fromMs + holeMs, durationMs);
          fromMs = one.fromMs + durationMs;
          return one;
        });
        const made = new FootageLine(segments);
        const chosen = segments[which % segments.length] ?? segment(0, 1);
        const atMs = chosen.fromMs + (at % chosen.durationMs);
        expect(Math.abs(made.momentAt((made.mediaOf(atMs) ?? 0) + 0.0001) - atMs)).toBeLessThan(1);
      }),
    );
  });
});

describe("silence", () => {
  it.each([
    ["avc1.4d400d,flac", 8000, 1, 0.37],
    ["avc1.4d400d,mp4a.40.2", 16_000, 2, 3],
  ])("of %s is as long as asked", (codec, timescale, channels, lengthS) => {
    const samples = readFragment(silence(codec, { timescale, channels }, lengthS) ?? new Uint8Array());
    const ticks = samples.reduce((sum, { durationTicks }) => sum + durationTicks, 0);
    expect(ticks / timescale).toBeCloseTo(lengthS, 3);
  });

  it("is not made for a codec that it is not known for", () => {
    expect(silence("avc1.4d400d,opus", { timescale: 48_000, channels: 2 }, 1)).toBeUndefined();
    expect(silence("avc1.4d400d,mp4a.40.2", { timescale: 48_000, channels: 6 }, 1)).toBeUndefined();
  });
});
