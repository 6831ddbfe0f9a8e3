/** Which stream they see who watch a camera with two: each at its time, and the second only while somebody watches. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { CameraFeed, type LiveInit, type LiveViewer } from "../../../gateway/recording/live/live-feed.ts";
import { SubStreamFeed } from "../../../gateway/recording/live/sub-stream-feed.ts";
import type { SourceEvent } from "../../../gateway/recording/ports.ts";
import { CLOCK_RATE, HandClock, ScriptedCamera } from "./scripted-camera.ts";

const SPS = Uint8Array.from(Buffer.from("674d400deca0a0fd80880000030008000003019078a14cb0", "hex"));
const PPS = Uint8Array.from(Buffer.from("68ebe3cb20", "hex"));
/** Of a clip of 416 by 240 that x265 made. */
const H265 = {
  vps: "40010c01ffff0408000003009e0800000300003c959809",
  sps: "4201010408000003009e0800000300003c9001a101e2cb2b349265780b7020200040000003004000000642",
  pps: "4401c172860c4624",
};
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

class Watcher implements LiveViewer {
  readonly seen: string[] = [];
  init({ profile }: LiveInit): void {
    this.seen.push(`init ${profile}`);
  }
  picture(): void {
    if (this.seen.at(-1) !== "pictures") this.seen.push("pictures");
  }
  end(): void {
    this.seen.push("end");
  }
}

function startMain(codec: "h264" | "h265"): CameraFeed {
  const main = new CameraFeed();
  main.take({ kind: "tracks", tracks: [{ track: 0, media: "video", codec, clockRate: CLOCK_RATE }] });
  main.take(
    codec === "h264"
      ? { kind: "parameters", track: 0, codec, vps: [], sps: [SPS], pps: [PPS] }
      : {
          kind: "parameters",
          track: 0,
          codec,
          vps: [bytes(H265.vps)],
          sps: [bytes(H265.sps)],
          pps: [bytes(H265.pps)],
        },
  );
  main.take(keyPicture(0));
  return main;
}

function keyPicture(ticks: number): SourceEvent {
  const nal = new Uint8Array(100);
  return {
    kind: "unit",
    track: 0,
    nals: [{ pieces: [nal], sizeBytes: nal.length }],
    keyFrame: true,
    ticks,
    arrivalWallMs: 0,
    arrivalMonoMs: 0,
  };
}

let feed: SubStreamFeed | undefined;
afterEach(async () => {
  await feed?.close();
  feed = undefined;
});

function scene(codec: "h264" | "h265" = "h264") {
  const camera = new ScriptedCamera(new HandClock());
  let opened = 0;
  let closed = 0;
  const main = startMain(codec);
  feed = new SubStreamFeed({
    main,
    lingerMs: 20,
    random: () => 0,
    onFault: (error) => {
      throw error;
    },
    source: {
      async *open(signal) {
        opened += 1;
        try {
          yield* camera.open(signal);
        } finally {
          closed += 1;
        }
      },
    },
  });
  return { camera, main, feed, opened: () => opened, closed: () => closed };
}

describe("a camera with two streams", () => {
  it("shows the main stream at once and the sub-stream from its first key frame on", async () => {
    const { camera, feed: live } = scene();
    const watcher = new Watcher();
    live.join(watcher);
    expect(watcher.seen).toEqual(["init main", "pictures"]);
    await camera.pictures(1);
    await camera.pictures(2, { keyEvery: 1000 });
    expect(watcher.seen).toEqual(["init main", "pictures", "init sub", "pictures"]);
    const late = new Watcher();
    live.join(late);
    expect(late.seen).toEqual(["init sub", "pictures"]);
  });

  it("goes back to the main stream while the sub-stream is down, and to it when it is back", async () => {
    const { camera, main, feed: live, opened } = scene();
    const watcher = new Watcher();
    live.join(watcher);
    await camera.pictures(1);
    await camera.play({ kind: "end", cause: "disconnected", detail: "" });
    main.take(keyPicture(3600));
    const first = ["init main", "pictures", "init sub", "pictures"];
    expect(watcher.seen).toEqual([...first, "init main", "pictures"]);
    await vi.waitFor(() => expect(opened()).toBe(2), { timeout: 3000 });
    await camera.pictures(1);
    expect(watcher.seen).toEqual([...first, "init main", "pictures", "init sub", "pictures"]);
  });

  it("keeps an H.265 main stream back until it is clear that the H.264 one does not come", async () => {
    const { camera, feed: live } = scene("h265");
    const [early, late] = [new Watcher(), new Watcher()];
    live.join(early);
    expect(early.seen).toEqual([]);
    await camera.play({ kind: "end", cause: "notFound", detail: "" });
    expect(early.seen).toEqual(["init main", "pictures"]);
    live.join(late);
    expect(late.seen).toEqual(["init main", "pictures"]);
  });

  it("holds the second connection only while somebody watches, and ends all who watch at its close", async () => {
    const { camera, feed: live, opened, closed } = scene();
    expect(opened()).toBe(0);
    const leave = live.join(new Watcher());
    await camera.pictures(1);
    leave?.();
    const watcher = new Watcher();
    const leaveSoon = live.join(watcher);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect([opened(), closed()]).toEqual([1, 0]);
    leaveSoon?.();
    await vi.waitFor(() => expect(closed()).toBe(1));
    const last = new Watcher();
    live.join(last);
    await vi.waitFor(() => expect(opened()).toBe(2));
    await live.close();
    expect(closed()).toBe(2);
    expect(last.seen.at(-1)).toBe("end");
    expect(live.join(new Watcher())).toBeUndefined();
  });
});
