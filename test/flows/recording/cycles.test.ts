/** A thousand recorders, each started, connected and closed: no descriptor, timer or child is left, no session open. */
import { readdirSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openRtsp } from "../../../device-drivers/rtsp/open-rtsp.ts";
import { cameraId } from "../../../gateway/domain/ids.ts";
import { createRecorder } from "../../../gateway/recording/recorder.ts";
import { childrenOf } from "../../contract/camera-source/watched-source.ts";
import { MemoryLog } from "../../unit/recording/scripted-camera.ts";
import { type ScriptedServer, startScriptedServer } from "../../unit/rtsp/scripted-server.ts";
import { systemClock } from "./recording-rig.ts";

const CYCLES = 1000;
const SETTLED_MS = 3000;
let server: ScriptedServer;
beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());

const left = () => ({
  descriptors: readdirSync("/proc/self/fd").length,
  timers: process.getActiveResourcesInfo().filter((name) => name === "Timeout").length,
  children: childrenOf(process.pid).length,
});
const count = (method: string): number => server.seen.filter((request) => request.method === method).length;

async function cycles(times: number): Promise<void> {
  const clock = systemClock();
  for (let i = 0; i < times; i++) {
    const log = new MemoryLog();
    const played = count("PLAY");
    const recorder = createRecorder({
      camera: cameraId("cam-1"),
      source: { open: (signal) => openRtsp({ url: server.url, clock }, signal) },
      append: log,
      clock,
    });
    // Every third is closed in the middle of its set-up, the others once they play and have a picture.
    if (i % 3 !== 0) while (count("PLAY") === played) await turn();
    server.rtp({ sequence: 1, timestamp: 1, payload: [0x65, 0x88, 1] });
    await recorder.close();
    expect(log.records("gap").at(-1)).toMatchObject({ cause: "stopped", state: "open" });
    server.seen.length = 0;
  }
}

/** The other side's sockets close a little later. */
async function disconnected(): Promise<void> {
  const limit = performance.now() + SETTLED_MS;
  while (server.connections() > 0 && performance.now() < limit) await turn();
  expect(server.connections()).toBe(0);
}

it(`${CYCLES} starts and stops leave nothing behind`, async () => {
  await cycles(10);
  await disconnected();
  const before = left();
  await cycles(CYCLES);
  await disconnected();
  const after = left();
  expect(after.children).toBe(before.children);
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors);
  expect(after.timers).toBeLessThanOrEqual(before.timers);
}, 120_000);
