/**
 * Outages that a camera really has: the network loses everything in silence, the camera boots anew with a clock from
 * nowhere, its clock is hours off and drifts, it shows its pictures too fast.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { proves } from "../../law/proves.ts";
import { FAKETIME_INSTALL, fakedClock, hasFaketime } from "../../peers/faketime/faked-clock.ts";
import { GST_INSTALL, hasGstRtspServer, startGstCamera } from "../../peers/gst-rtsp-server/gst-camera.ts";
import { startTcpLine } from "../../peers/tcp-line.ts";
import { type Rig, startRig, until } from "./recording-rig.ts";

const SMALL = { path: "/cam1", width: 320, height: 240, kbit: 300, gop: 25, clipS: 2 };
const STALL_WITHIN_MS = 5000;
const BACK_WITHIN_MS = 5000;
const HOUR_MS = 3_600_000;
const available = hasGstRtspServer();
if (!available) console.warn(`SKIPPED, the GStreamer camera is missing: ${GST_INSTALL}`);
if (!hasFaketime) console.warn(`SKIPPED, cameras with clocks of their own need: ${FAKETIME_INSTALL}`);

const recording = (rig: Rig): Promise<unknown> => until("a fragment", 10_000, () => rig.recorder.newest());
const closedGap = (rig: Rig, from: number) =>
  until("a closed gap", 20_000, async () => {
    const { gaps } = await rig.coverage(from, Date.now() + 60_000);
    return gaps.find((gap) => gap.ref !== undefined && gap.to !== undefined && gap.to < Date.now());
  });

describe.skipIf(!available)("an outage", () => {
  it(
    proves(
      ["S3-A-10"],
      "of the network, in silence: noticed within 5 s, one session at a time, back within 5 s",
    ),
    async () => {
      const begin = Date.now();
      const camera = await startGstCamera({ mounts: [SMALL] });
      const line = await startTcpLine(camera.port);
      const rig = await startRig({ url: `rtsp://127.0.0.1:${line.port}/cam1` });
      try {
        await recording(rig);
        line.drop();
        const cut = performance.now();
        await until("the stall", 8000, () => (rig.recorder.status().state === "stalled" ? true : undefined));
        expect(performance.now() - cut).toBeLessThan(STALL_WITHIN_MS);
        // Attempts while nothing comes through, each closed before the next.
        await until("another attempt", 8000, () => (line.opened() >= 2 ? true : undefined));
        expect(line.open()).toBeLessThanOrEqual(2);
        line.mend();
        const mended = Date.now();
        const gap = await closedGap(rig, begin);
        expect(gap.causes[0]).toBe("stalled");
        expect((gap.to ?? Infinity) - mended).toBeLessThan(BACK_WITHIN_MS);
        expect(line.open()).toBe(1);
      } finally {
        await rig.close();
        await line.close();
        await camera.stop();
      }
    },
    60_000,
  );

  it.skipIf(!hasFaketime)(
    proves(
      ["S3-A-10"],
      "of a camera that boots anew with a clock from the year 2000: a gap, a new run, our time",
    ),
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "reboot-"));
      const clock = fakedClock(join(folder, "clock"));
      const begin = Date.now();
      let camera = await startGstCamera({ mounts: [SMALL] });
      const rig = await startRig({ url: camera.url("/cam1") });
      try {
        await recording(rig);
        const { port } = camera;
        await camera.kill();
        await until("the camera is seen to be away", 8000, () =>
          rig.recorder.status().cause === "unreachable" ? true : undefined,
        );
        const offsetS = Math.round((Date.UTC(2000, 0, 1) - Date.now()) / 1000);
        clock.set(offsetS);
        camera = await startGstCamera({ port, mounts: [SMALL], env: clock.env });
        const gap = await closedGap(rig, begin);
        expect(gap.causes).toEqual(["disconnected", "unreachable"]);
        const rows = await until("the camera's own time", 15_000, async () => {
          const { fragments } = await rig.coverage(gap.to ?? begin, Date.now() + 1000);
          return fragments.some(({ cam }) => cam !== undefined) ? fragments : undefined;
        });
        const all = (await rig.coverage(begin, Date.now() + 1000)).fragments;
        expect(new Set(all.map(({ run }) => run.seq)).size).toBe(2);
        for (const { t } of rows) expect(Math.abs(t - Date.now())).toBeLessThan(60_000);
        for (const { t, cam } of rows)
          if (cam !== undefined) expect(Math.abs(cam - t - offsetS * 1000)).toBeLessThan(2000);
      } finally {
        await rig.close();
        await camera.stop();
        await rm(folder, { recursive: true });
      }
    },
    60_000,
  );

  it.skipIf(!hasFaketime)(
    "never is what a camera's clock makes of it: five hours off and drifting, no gap, no new run, both times kept",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "drift-"));
      const clock = fakedClock(join(folder, "clock"));
      const rate = 1.02;
      clock.set(5 * 3600, rate);
      const camera = await startGstCamera({ mounts: [SMALL], env: clock.env });
      const rig = await startRig({ url: camera.url("/cam1") });
      try {
        const begin = Date.now();
        // GStreamer reports its clock every few seconds; two reports apart show the drift.
        const rows = await until("the camera's time twice", 30_000, async () => {
          const { fragments } = await rig.coverage(begin - 5000, Date.now() + 1000);
          const told = fragments.filter(({ cam }) => cam !== undefined);
          const aheadMs = told.map(({ t, cam }) => (cam ?? 0) - t);
          return Math.max(...aheadMs) - Math.min(...aheadMs) > 40 ? fragments : undefined;
        });
        for (const { t, cam } of rows) {
          expect(Math.abs(t - Date.now())).toBeLessThan(60_000);
          if (cam !== undefined) expect(Math.abs(cam - t - 5 * HOUR_MS)).toBeLessThan(5000);
        }
        expect(new Set(rows.map(({ run }) => run.seq)).size).toBe(1);
        const [first, last] = [rows[0], rows.at(-1)];
        const covered = await rig.coverage(first?.t ?? 0, (last?.t ?? 0) + (last?.durMs ?? 0));
        expect(covered.gaps).toEqual([]);
      } finally {
        await rig.close();
        await camera.stop();
        await rm(folder, { recursive: true });
      }
    },
    60_000,
  );
});
