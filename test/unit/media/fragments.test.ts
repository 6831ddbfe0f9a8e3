/** Init segments, fragments and playlists: written, read back, and bounded against nonsense. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxes, nalUnits, readFragment } from "../../../gateway/media/fragment-reader.ts";
import { decodeTimes, writeFragment } from "../../../gateway/media/fragment-writer.ts";
import { parseH264Sps } from "../../../gateway/media/h264-sps.ts";
import { parseH265Sps } from "../../../gateway/media/h265-sps.ts";
import { writeInitSegment } from "../../../gateway/media/init-segment.ts";
import { writePlaylist } from "../../../gateway/media/playlist.ts";

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
/** As x264 makes them for 320x240. */
const SPS = fromHex("674d400deca0a0fd80880000030008000003019078a14cb0");
const PPS = fromHex("68ebe3cb20");

describe("fragments", () => {
  const unit = fc.uint8Array({ minLength: 1, maxLength: 50 });
  const sample = fc.record({
    nals: fc.array(unit, { minLength: 1, maxLength: 4 }),
    ticks: fc.nat({ max: 1e6 }),
    key: fc.boolean(),
  });

  it("give back every byte, time and key frame", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(sample, { minLength: 1, maxLength: 30, selector: (one) => one.ticks }),
        (samples) => {
          const bytes = writeFragment(1, [
            {
              trackId: 1,
              lengthPrefixed: true,
              lastDurationTicks: 3600,
              samples: samples.map(({ nals, ticks, key }) => ({
                // Each NAL unit in two pieces, as fragmentation units come.
                units: nals.map((nal) => ({
                  pieces: [nal.subarray(0, 1), nal.subarray(1)],
                  sizeBytes: nal.length,
                })),
                presentationTicks: ticks,
                keyFrame: key,
              })),
            },
          ]);
          const read = readFragment(bytes);
          expect(read.map((one) => one.presentationTicks)).toEqual(samples.map((one) => one.ticks));
          expect(read.map((one) => one.keyFrame)).toEqual(samples.map((one) => one.key));
          expect(read.map((one) => nalUnits(one.bytes).map((nal) => [...nal]))).toEqual(
            samples.map((one) => one.nals.map((nal) => [...nal])),
          );
          expect(boxes(bytes).map((box) => box.type)).toEqual(["moof", "mdat"]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("decode times are the sorted presentation times", () => {
    expect(decodeTimes([0, 3, 1, 2])).toEqual([0, 1, 2, 3]);
  });

  it("reading nonsense is a RangeError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const read of [readFragment, nalUnits, parseH264Sps, parseH265Sps])
          try {
            read(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
      }),
      { numRuns: 500 },
    );
  });

  it("a fragment with one damaged byte in its head never leads outside", () => {
    const whole = writeFragment(1, [
      {
        trackId: 1,
        lengthPrefixed: true,
        lastDurationTicks: 1,
        samples: [
          { units: [{ pieces: [PPS], sizeBytes: PPS.length }], presentationTicks: 0, keyFrame: true },
        ],
      },
    ]);
    for (let at = 0; at < whole.length; at++) {
      const damaged = Uint8Array.from(whole);
      damaged[at] = 0xff;
      try {
        for (const one of readFragment(damaged)) expect(one.bytes.length).toBeLessThanOrEqual(whole.length);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });
});

describe("init segments", () => {
  it("take size and codec from the parameter set and keep the sets", () => {
    const init = writeInitSegment({ codec: "h264", clockRate: 90_000, vps: [], sps: [SPS], pps: [PPS] });
    expect(init).toMatchObject({ codec: "avc1.4d400d", width: 320, height: 240 });
    const bytes = Buffer.from(init.bytes);
    expect(bytes.includes(Buffer.from(SPS))).toBe(true);
    expect(bytes.includes(Buffer.from(PPS))).toBe(true);
    expect(boxes(init.bytes).map((box) => box.type)).toEqual(["ftyp", "moov"]);
  });

  it("refuse a track without a usable set", () => {
    const track = { codec: "h264", clockRate: 90_000, vps: [], pps: [PPS] } as const;
    expect(() => writeInitSegment({ ...track, sps: [] })).toThrow(RangeError);
    expect(() => writeInitSegment({ ...track, sps: [Uint8Array.of(0x67)] })).toThrow(RangeError);
  });
});

describe("playlists", () => {
  const segment = {
    uri: "f/1.m4s",
    initUri: "i/0.mp4",
    durationMs: 2040,
    programDateTimeMs: Date.UTC(2026, 0, 1),
  };
  it("name init, date, discontinuity and gaps", () => {
    const text = writePlaylist([
      segment,
      { ...segment, uri: "f/2.m4s" },
      { ...segment, uri: "f/4.m4s", initUri: "i/3.mp4", discontinuity: true, gap: true },
    ]);
    expect(text.split("\n")).toEqual([
      "#EXTM3U",
      "#EXT-X-VERSION:8",
      "#EXT-X-TARGETDURATION:3",
      "#EXT-X-MEDIA-SEQUENCE:0",
      "#EXT-X-PLAYLIST-TYPE:VOD",
      '#EXT-X-MAP:URI="i/0.mp4"',
      "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z",
      "#EXTINF:2.040,",
      "f/1.m4s",
      "#EXTINF:2.040,",
      "f/2.m4s",
      "#EXT-X-DISCONTINUITY",
      '#EXT-X-MAP:URI="i/3.mp4"',
      "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z",
      "#EXT-X-GAP",
      "#EXTINF:2.040,",
      "f/4.m4s",
      "#EXT-X-ENDLIST",
      "",
    ]);
  });
  it("refuse an address that would forge a line", () => {
    expect(() => writePlaylist([{ ...segment, uri: "a\n#EXT-X-ENDLIST" }])).toThrow(RangeError);
  });
});
