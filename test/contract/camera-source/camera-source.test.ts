/** One contract for every camera source: the own RTSP client and ffmpeg, on the same cameras. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFfmpegSource } from "../../../device-drivers/ffmpeg/open-ffmpeg.ts";
import { openRtsp } from "../../../device-drivers/rtsp/open-rtsp.ts";
import type { SourceEvent, UnitEvent } from "../../../device-drivers/rtsp/source-event.ts";
import { createCameraSource } from "../../../gateway/wiring/camera-source.ts";
import {
  GST_INSTALL,
  type GstCamera,
  hasGstRtspServer,
  startGstCamera,
} from "../../peers/gst-rtsp-server/gst-camera.ts";
import { childrenOf, clock, consecutive, numbersOf, watchSource } from "./watched-source.ts";

interface Access {
  readonly url: string;
  readonly credentials?: { readonly user: string; readonly password: string };
}
type Open = (access: Access, signal: AbortSignal) => AsyncIterable<SourceEvent>;

const SOURCES: readonly (readonly [name: string, open: Open])[] = [
  ["the own client", (access, signal) => openRtsp({ ...access, clock, withAudio: true }, signal)],
  ["ffmpeg", (access, signal) => createFfmpegSource({ ...access, clock, withAudio: true }).open(signal)],
];

/** Signs that mean something in addresses, lists and headers. */
const CREDENTIALS = { user: "viewer", password: `p%a:5'5 @w0/rd$1` };

const HAS_PEER = hasGstRtspServer();
const CLIP = { clipS: 2, gop: 25, kbit: 2000 } as const;
let camera: GstCamera;
let locked: GstCamera;
beforeAll(async () => {
  if (!HAS_PEER) return;
  const [small, large] = [
    { width: 320, height: 240 },
    { width: 416, height: 240 },
  ];
  camera = await startGstCamera({
    mounts: [
      { ...CLIP, path: "/h264", audio: "alaw" },
      { ...CLIP, ...small, path: "/h265", codec: "h265", audio: "aac" },
      { ...CLIP, path: "/change", clipS: 1, second: small },
      { ...CLIP, ...large, path: "/change265", clipS: 1, codec: "h265", second: small },
      { path: "/mjpeg", codec: "mjpeg", width: 320, height: 240 },
    ],
  });
  locked = await startGstCamera({ ...CREDENTIALS, mounts: [{ ...CLIP, path: "/h264" }] });
});
afterAll(async () => {
  if (HAS_PEER) await Promise.all([camera.stop(), locked.stop()]);
});

describe.skipIf(!HAS_PEER).each(SOURCES)(`%s (else: ${GST_INSTALL})`, (name, open) => {
  const watch = (access: Access) => watchSource((signal) => open(access, signal));

  for (const [codec, sound] of [
    ["h264", "pcma"],
    ["h265", "aac"],
  ] as const)
    it(`gives ${codec} and ${sound} whole: every picture once, SEI to the last byte`, async () => {
      const source = watch({ url: camera.url(`/${codec}`) });
      await source.untilPictures(60);
      await source.stop();
      const [first] = source.events;
      expect(first?.kind === "tracks" && first.tracks).toMatchObject([
        { track: 0, media: "video", codec, clockRate: 90_000 },
        { track: 1, media: "audio", codec: sound },
      ]);
      const pictures = source.pictures();
      const numbers = numbersOf(pictures, codec);
      expect(numbers).toEqual(consecutive(numbers));
      // Parameters come before the first picture, and there is a key frame to begin at.
      const at = source.events.findIndex(({ kind }) => kind === "parameters");
      expect(at).toBeGreaterThan(0);
      expect(at).toBeLessThan(source.events.findIndex((event) => event === pictures[0]));
      expect(pictures.filter(({ keyFrame }) => keyFrame).length).toBeGreaterThanOrEqual(2);
      // ffmpeg moves its times a little when the camera's first report comes; the own client hands on the camera's.
      const tolerance = name === "ffmpeg" ? 1800 : 0;
      for (const step of steps(pictures)) expect(Math.abs(step - 3600)).toBeLessThanOrEqual(tolerance);
      const frames = source.events.filter((event) => event.kind === "unit" && event.track === 1);
      expect(frames.length).toBeGreaterThan(30);
      expect(source.events.filter(({ kind }) => kind === "end")).toHaveLength(1);
      expect(source.events.at(-1)).toMatchObject({ kind: "end", cause: "closed" });
    });

  for (const [path, codec] of [
    ["/change", "h264"],
    ["/change265", "h265"],
  ] as const)
    it(`tells new ${codec} parameter sets before the first picture that needs them`, async () => {
      const source = watch({ url: camera.url(path) });
      await source.untilPictures(60);
      await source.stop();
      const numbers = numbersOf(source.pictures(), codec);
      expect(numbers).toEqual(consecutive(numbers));
      const sets = source.parameters().map(({ sps }) => Buffer.concat(sps).toString("hex"));
      expect(new Set(sets).size).toBe(2);
      expect(sets.length).toBeGreaterThanOrEqual(3);
      source.events.forEach((event, i) => {
        if (event.kind !== "parameters" || i < 3) return;
        const next = source.events.slice(i).find(({ kind }) => kind === "unit");
        expect(next?.kind === "unit" && next.keyFrame).toBe(true);
      });
    });

  it("logs in, and no process, argument, environment or event shows the password", async () => {
    const before = new Set(childrenOf(process.pid));
    const source = watch({ url: locked.url("/h264"), credentials: CREDENTIALS });
    await source.untilPictures(10);
    const children = childrenOf(process.pid).filter((pid) => !before.has(pid));
    expect(children).toHaveLength(name === "ffmpeg" ? 1 : 0);
    for (const pid of children)
      for (const file of ["cmdline", "environ"]) {
        const text = readFileSync(`/proc/${pid}/${file}`, "latin1");
        expect(text).not.toMatch(/viewer|w0|%25|rtsp:\/\/[^1]/);
        expect(text.length).toBeGreaterThan(0);
      }
    await source.stop();
    expect(JSON.stringify(source.events)).not.toMatch(/w0.?rd/);
    expect(childrenOf(process.pid).filter((pid) => !before.has(pid))).toEqual([]);
  });

  it("says why there is no picture, in words of its own", async () => {
    const wrong = { user: "viewer", password: "wrong-secret" };
    const cases = [
      [{ url: locked.url("/h264"), credentials: wrong }, "unauthorized"],
      [{ url: camera.url("/nothing") }, "notFound"],
      [{ url: "rtsp://127.0.0.1:9/x", credentials: wrong }, "unreachable"],
      [{ url: "file:///etc/passwd" }, "unsupported"],
      [{ url: "rtsp://127.0.0.1/x'\nfile '/etc/passwd" }, "unsupported"],
    ] as const;
    for (const [access, cause] of cases) {
      const source = watch(access);
      expect(await source.untilEnd()).toMatchObject({
        cause,
        detail: expect.not.stringMatching(/secret|viewer/),
      });
      expect(source.events).toHaveLength(1);
    }
  });

  it("notices a camera that falls silent within 5 s, and one that is gone at once", async () => {
    const fragile = await startGstCamera({ mounts: [{ ...CLIP, clipS: 1, path: "/h264" }] });
    try {
      const silent = watch({ url: fragile.url("/h264") });
      await silent.untilPictures(5);
      const frozenAt = performance.now();
      fragile.freeze();
      expect(await silent.untilEnd()).toMatchObject({ cause: "stalled" });
      expect(performance.now() - frozenAt).toBeLessThan(5000);
      fragile.thaw();
      const dying = watch({ url: fragile.url("/h264") });
      await dying.untilPictures(5);
      const killedAt = performance.now();
      await fragile.kill();
      expect(await dying.untilEnd()).toMatchObject({ cause: "disconnected" });
      expect(performance.now() - killedAt).toBeLessThan(2000);
    } finally {
      await fragile.kill();
    }
  });
});

describe.skipIf(!HAS_PEER)(`ffmpeg alone (else: ${GST_INSTALL})`, () => {
  it("is taken by itself where a picture is no H.264 or H.265, and codes it anew", async () => {
    const end = await watchSource((signal) =>
      openRtsp({ url: camera.url("/mjpeg"), clock }, signal),
    ).untilEnd();
    expect(end).toMatchObject({ cause: "unsupported", detail: expect.stringContaining("JPEG") });
    const source = createCameraSource({
      url: camera.url("/mjpeg"),
      credentials: CREDENTIALS,
      clock: { ...clock, boot: "1", ntp: () => "unknown" },
    });
    for (let opening = 0; opening < 2; opening++) {
      const through = watchSource((signal) => source.open(signal));
      await through.untilPictures(30);
      await through.stop();
      expect(through.events[0]).toMatchObject({ kind: "tracks", tracks: [{ codec: "h264" }] });
      expect(through.parameters()).toHaveLength(1);
      expect(through.pictures()[0]?.keyFrame).toBe(true);
    }
  });

  it("ends an ffmpeg that does not react", async () => {
    const before = new Set(childrenOf(process.pid));
    const source = watchSource((signal) =>
      createFfmpegSource({ url: camera.url("/h264"), clock }).open(signal),
    );
    await source.untilPictures(5);
    const [pid = 0] = childrenOf(process.pid).filter((child) => !before.has(child));
    process.kill(pid, "SIGSTOP");
    await source.stop();
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    expect(source.end()).toMatchObject({ cause: "closed" });
  });

  it("says so where ffmpeg is not installed", async () => {
    const options = { url: camera.url("/h264"), clock, program: "no-such-program" };
    const end = await watchSource((signal) => createFfmpegSource(options).open(signal)).untilEnd();
    expect(end).toMatchObject({ cause: "unsupported", detail: "ffmpeg is not installed" });
  });
});

/** The distinct steps of time from picture to picture. */
function steps(pictures: readonly UnitEvent[]): Set<number> {
  return new Set(pictures.slice(1).map(({ ticks }, i) => ticks - (pictures[i]?.ticks ?? 0)));
}
