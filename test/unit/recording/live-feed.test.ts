/** What viewers get from a camera's feed: a start they can decode from, each picture once, times that only rise. */
import { describe, expect, it } from "vitest";
import { readFragment } from "../../../gateway/media/fragment-reader.ts";
import {
  CameraFeed,
  type LiveInit,
  type LivePicture,
  type LiveViewer,
} from "../../../gateway/recording/live/live-feed.ts";
import type { SourceUnit } from "../../../gateway/recording/ports.ts";

const SPS = Uint8Array.from(Buffer.from("674d400deca0a0fd80880000030008000003019078a14cb0", "hex"));
const PPS = Uint8Array.from(Buffer.from("68ebe3cb20", "hex"));
const PICTURE_TICKS = 3600;

function unit(ticks: number, keyFrame = false, sizeBytes = 100): SourceUnit {
  const nal = new Uint8Array(sizeBytes);
  const nals = [{ pieces: [nal], sizeBytes }];
  return { kind: "unit", track: 0, nals, keyFrame, ticks, arrivalWallMs: 0, arrivalMonoMs: 0 };
}

function startedFeed(): CameraFeed {
  const feed = new CameraFeed();
  feed.take({ kind: "tracks", tracks: [{ track: 0, media: "video", codec: "h264", clockRate: 90_000 }] });
  feed.take({ kind: "parameters", track: 0, codec: "h264", vps: [], sps: [SPS], pps: [PPS] });
  return feed;
}

class Watcher implements LiveViewer {
  readonly inits: LiveInit[] = [];
  readonly pictures: LivePicture[] = [];
  ended = false;
  init(init: LiveInit): void {
    this.inits.push(init);
  }
  picture(picture: LivePicture): void {
    this.pictures.push(picture);
  }
  end(): void {
    this.ended = true;
  }
  /** Presentation times of all samples, in ticks. */
  times(): number[] {
    return this.pictures.flatMap(({ bytes }) => readFragment(bytes).map((one) => one.presentationTicks));
  }
}

describe("a live feed", () => {
  it("gives one fragment for each picture, in time with each other", () => {
    const feed = startedFeed();
    const watcher = new Watcher();
    feed.join(watcher);
    for (let i = 0; i < 10; i++) feed.take(unit(1_000_000 + i * PICTURE_TICKS, i % 5 === 0));
    expect(watcher.inits).toMatchObject([{ codec: "avc1.4d400d" }]);
    expect(watcher.pictures.map(({ keyFrame }) => keyFrame)).toEqual(
      Array.from({ length: 10 }, (_, i) => i % 5 === 0),
    );
    const times = watcher.times();
    expect(times.slice(1).map((time, i) => time - (times[i] ?? 0))).toEqual(Array(9).fill(PICTURE_TICKS));
  });

  it("starts who joins in the middle with the pictures since the last key frame", () => {
    const feed = startedFeed();
    for (let i = 0; i < 8; i++) feed.take(unit(i * PICTURE_TICKS, i % 5 === 0));
    const watcher = new Watcher();
    feed.join(watcher);
    expect(watcher.inits).toHaveLength(1);
    expect(watcher.pictures.map(({ keyFrame }) => keyFrame)).toEqual([true]);
    expect(watcher.times()).toHaveLength(3);
    feed.take(unit(8 * PICTURE_TICKS));
    expect(watcher.times()).toHaveLength(4);
  });

  it("begins anew when parameters or media time jump", () => {
    const feed = startedFeed();
    const watcher = new Watcher();
    feed.join(watcher);
    feed.take(unit(0, true));
    feed.take({ kind: "parameters", track: 0, codec: "h264", vps: [], sps: [SPS], pps: [PPS] });
    feed.take(unit(50_000_000, true));
    feed.take(unit(1000, true));
    expect(watcher.inits).toHaveLength(3);
  });

  it("keeps times of decoding rising where pictures are reordered", () => {
    const feed = startedFeed();
    const watcher = new Watcher();
    feed.join(watcher);
    const order = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8];
    for (const place of order) feed.take(unit(500_000 + place * PICTURE_TICKS, place === 0));
    const view = (bytes: Uint8Array): number => {
      const at = Buffer.from(bytes).indexOf("tfdt");
      return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 12);
    };
    const decoded = watcher.pictures.map(({ bytes }) => view(bytes));
    expect(decoded).toEqual(decoded.toSorted((a, b) => a - b));
    expect(new Set(decoded).size).toBe(order.length);
    const times = watcher.times();
    expect(times.map((time) => (time - (times[0] ?? 0)) / PICTURE_TICKS)).toEqual(order);
  });

  it("puts the slices of one picture together", () => {
    const feed = startedFeed();
    const watcher = new Watcher();
    for (let i = 0; i < 2; i++) for (let slice = 0; slice < 2; slice++) feed.take(unit(i * 3600, i === 0));
    feed.join(watcher);
    for (let i = 2; i < 5; i++) for (let slice = 0; slice < 2; slice++) feed.take(unit(i * 3600, i === 2));
    const samples = watcher.pictures.slice(-2).flatMap(({ bytes }) => readFragment(bytes));
    expect(samples.map((one) => one.bytes.length)).toEqual([208, 208]);
  });

  it("holds no more than a bound for those who join, and refuses too many viewers", () => {
    const feed = startedFeed();
    feed.take(unit(0, true, 13 * 1024 * 1024));
    const late = new Watcher();
    feed.join(late);
    expect(late.pictures).toHaveLength(0);
    const joined = Array.from({ length: 16 }, () => feed.join(new Watcher()));
    expect(joined.at(-1)).toBeUndefined();
    feed.close();
    expect(late.ended).toBe(true);
  });
});
