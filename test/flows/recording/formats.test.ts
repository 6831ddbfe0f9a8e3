/** Codecs, sound and stills: what was recorded plays in ffmpeg, which knows nothing of our code. */
import { describe, expect, it } from "vitest";
import sharp from "sharp";
import { proves } from "../../law/proves.ts";
import {
  GST_INSTALL,
  type GstMount,
  hasGstRtspServer,
  startGstCamera,
} from "../../peers/gst-rtsp-server/gst-camera.ts";
import { createSnapshots } from "../../../gateway/recording/snapshot.ts";
import { drawnNumbers, ffmpeg, runBytes, seiNumbers } from "./numbered-pictures.ts";
import { type Rig, startRig, until } from "./recording-rig.ts";

const SIZE = { path: "/cam1", width: 320, height: 240, kbit: 300, clipS: 4 } as const;

const available = hasGstRtspServer();
if (!available) console.warn(`SKIPPED, the GStreamer camera is missing: ${GST_INSTALL}`);

/** Records the mount for some seconds and hands over what was stored. */
async function recorded(
  mount: Partial<GstMount>,
  seconds: number,
  look: (rig: Rig, mp4: Buffer) => Promise<void>,
): Promise<void> {
  const auth = { user: "viewer", password: "p", auth: "basic" as const };
  const camera = await startGstCamera({ ...auth, mounts: [{ ...SIZE, ...mount }] });
  const rig = await startRig({ url: camera.url("/cam1"), user: "viewer", password: "p", withAudio: true });
  try {
    const begin = Date.now();
    await until("enough footage", 15_000, async () => {
      const end = await rig.catalogue.lastEnd(rig.camera);
      return end !== undefined && end - begin >= seconds * 1000 ? end : undefined;
    });
    await rig.recorder.close();
    const { fragments } = await rig.coverage(begin - 10_000, Date.now());
    const [mp4, ...more] = await runBytes(rig.playback, fragments);
    expect(more).toEqual([]);
    await look(rig, mp4 ?? Buffer.alloc(0));
  } finally {
    await rig.close();
    await camera.stop();
  }
}

const consecutive = (numbers: readonly number[]): boolean =>
  numbers.length > 0 && numbers.every((number, i) => number === (numbers[0] ?? 0) + i);

describe.skipIf(!available)("recorded formats", () => {
  it(
    proves(
      ["S3-A-11(1)"],
      "H.264 with G.711: pictures and the sound as it was sent; a still of the newest key frame",
    ),
    () =>
      recorded({ codec: "h264", audio: "alaw", gop: 25 }, 3, async (rig, mp4) => {
        expect(consecutive(await seiNumbers(mp4))).toBe(true);
        const sound = await ffmpeg(
          ["-i", "pipe:0", "-map", "0:a", "-c", "copy", "-f", "alaw", "pipe:1"],
          mp4,
        );
        expect(sound.length).toBeGreaterThan(2 * 8000);
        const snapshots = createSnapshots(rig);
        const still = await snapshots.newest(rig.camera, { widthPx: 160 });
        const { fragments } = await rig.coverage(0, Date.now());
        const first = await snapshots.at(rig.camera, fragments[0]?.t ?? 0, { widthPx: 160 });
        expect(first.ref).toEqual(fragments[0]?.ref);
        expect(first.jpeg.length).toBeGreaterThan(500);
        expect(await sharp(still.jpeg).metadata()).toMatchObject({ format: "jpeg", width: 160, height: 120 });
      }),
  );

  it("H.265 with AAC decodes, every picture once", () =>
    recorded({ codec: "h265", audio: "aac", gop: 25 }, 3, async (rig, mp4) => {
      const row = await rig.catalogue.newestKeyFragment(rig.camera);
      expect(row?.codec).toMatch(/^hvc1\.1\.6\.L\d+(\.[0-9A-F]+)*,mp4a\.40\.2$/);
      const numbers = await seiNumbers(mp4, "h265");
      expect(consecutive(numbers)).toBe(true);
      expect((await drawnNumbers(mp4)).length).toBe(numbers.length);
      const sound = await ffmpeg(["-i", "pipe:0", "-map", "0:a", "-f", "s16le", "pipe:1"], mp4);
      expect(sound.length).toBeGreaterThan(2 * 2 * 16_000);
    }));

  it("a group of pictures longer than 2 s is cut and flagged; reordered pictures keep their time", () =>
    recorded({ gop: 100, bframes: 2 }, 5, async (rig, mp4) => {
      const { fragments } = await rig.coverage(0, Date.now());
      expect(fragments.some((row) => row.cont)).toBe(true);
      for (const row of fragments) expect(row.durMs).toBeLessThanOrEqual(2000 + 3 * 40);
      const drawn = await drawnNumbers(mp4);
      expect(drawn).toEqual(drawn.map((_, i) => ((drawn[0] ?? 0) + i) % 100));
    }));

  it("parameters that change in mid-stream: each part decodes with its own init segment, no picture is lost", async () => {
    const second = { width: 416, height: 240 };
    const camera = await startGstCamera({ mounts: [{ ...SIZE, clipS: 2, gop: 25, second }] });
    const rig = await startRig({ url: camera.url("/cam1") });
    try {
      const begin = Date.now();
      await until("three changes", 20_000, async () => {
        const { fragments } = await rig.coverage(begin - 5000, Date.now());
        return new Set(fragments.map(({ init }) => init.seq)).size >= 4 ? fragments : undefined;
      });
      await rig.recorder.close();
      const { fragments } = await rig.coverage(begin - 5000, Date.now());
      expect(new Set(fragments.map(({ run }) => run.seq)).size).toBe(1);
      const parts = await runBytes(rig.playback, fragments);
      const numbers = (await Promise.all(parts.map((part) => seiNumbers(part)))).flat();
      expect(consecutive(numbers)).toBe(true);
      for (const part of parts) expect((await drawnNumbers(part)).length).toBeGreaterThan(0);
      const [first, last] = [fragments[0], fragments.at(-1)];
      const covered = await rig.coverage(first?.t ?? 0, (last?.t ?? 0) + (last?.durMs ?? 0));
      expect(covered.gaps).toEqual([]);
    } finally {
      await rig.close();
      await camera.stop();
    }
  });
});
