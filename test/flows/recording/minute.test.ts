/** One minute from an independent RTSP server with digest, on the real store: every picture exactly once. */
import { describe, expect, it } from "vitest";
import { proves } from "../../law/proves.ts";
import { GST_INSTALL, hasGstRtspServer, startGstCamera } from "../../peers/gst-rtsp-server/gst-camera.ts";
import { drawnNumbers, runBytes, seiNumbers } from "./numbered-pictures.ts";
import { startRig, until } from "./recording-rig.ts";

const FPS = 25;
const CLIP_S = 4;
const RECORD_MS = 60_000;

const available = hasGstRtspServer();
if (!available) console.warn(`SKIPPED, the GStreamer camera is missing: ${GST_INSTALL}`);

describe.skipIf(!available)("recording a GStreamer camera", () => {
  it(
    proves(
      ["S0-8", "S1-6", "S2-5"],
      "keeps every picture of a minute exactly once, numbered by SEI and in the picture",
    ),
    async () => {
      const camera = await startGstCamera({
        user: "viewer",
        password: "correct horse",
        mounts: [{ path: "/cam1", width: 1280, height: 720, fps: FPS, kbit: 2000, gop: 50, clipS: CLIP_S }],
      });
      const rig = await startRig({ url: camera.url("/cam1"), user: "viewer", password: "correct horse" });
      try {
        const begun = await until("the first fragment", 10_000, () => rig.recorder.newest());
        const first = await rig.store.readEntry(begun);
        await until("a minute of footage", RECORD_MS + 15_000, async () => {
          const end = await rig.catalogue.lastEnd(rig.camera);
          return end !== undefined && end - first.t >= RECORD_MS ? end : undefined;
        });
        expect(rig.recorder.status()).toMatchObject({ id: "cam-1", state: "recording" });
        const sent = await camera.nextNumber("/cam1");
        await rig.recorder.close();

        const coverage = await rig.coverage(first.t, first.t + RECORD_MS);
        expect(coverage.gaps).toEqual([]);
        expect(coverage.complete).toBe(true);
        const all = await rig.coverage(first.t - 5000, first.t + 10 * RECORD_MS);
        for (const row of all.fragments) expect(row.durMs).toBeLessThanOrEqual(2000 + 1000 / FPS);
        // The camera's own clock is this machine's, so the two times agree once its first report came.
        for (const row of all.fragments.slice(4)) expect(Math.abs((row.cam ?? 0) - row.t)).toBeLessThan(50);

        const [mp4, ...more] = await runBytes(rig.playback, all.fragments);
        expect(more).toEqual([]);
        const numbers = await seiNumbers(mp4 ?? new Uint8Array());
        expect(numbers.length).toBeGreaterThanOrEqual((RECORD_MS / 1000) * FPS);
        const from = numbers[0] ?? 0;
        expect(numbers).toEqual(numbers.map((_, i) => from + i));
        // The last picture sent is there too: nothing waits in a buffer when recording ends.
        expect(sent - 1 - (numbers.at(-1) ?? 0)).toBeLessThanOrEqual(2);

        const drawn = await drawnNumbers(mp4 ?? new Uint8Array());
        const drawnFrom = drawn[0] ?? 0;
        expect(drawn).toEqual(drawn.map((_, i) => (drawnFrom + i) % (CLIP_S * FPS)));
        expect(drawn.length).toBe(numbers.length);
      } finally {
        await rig.close();
        await camera.stop();
      }
    },
    120_000,
  );
});
