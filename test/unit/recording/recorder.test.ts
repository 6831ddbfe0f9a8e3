/** What a recorder logs when pictures come, are lost, jump in time, or can't be stored fast enough. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { proves } from "../../law/proves.ts";
import { type Scene, scene } from "./scripted-camera.ts";

let running: Scene | undefined;
const start = (...options: Parameters<typeof scene>): Scene => (running = scene(...options));
afterEach(async () => {
  running?.log.unblock();
  await running?.recorder.close();
  running = undefined;
});

describe("a recorder", () => {
  it("logs run, init and fragments of one key frame each, without a hole", async () => {
    const { camera, log, clock, recorder } = start();
    const t0 = clock.wall;
    await camera.pictures(100);
    await recorder.close();
    expect(log.types()).toEqual(["run", "init", "fragment", "fragment", "fragment", "fragment", "gap"]);
    const fragments = log.fragments();
    expect(fragments[0]).toEqual({ t: t0, durMs: 1000, cont: false, cam: undefined });
    fragments.slice(1).forEach((one, i) => expect(one.t).toBe((fragments[i]?.t ?? 0) + 1000));
    expect(log.records("gap")).toEqual([
      { camera: "cam-1", cause: "stopped", causes: ["stopped"], from: t0 + 4000, state: "open" },
    ]);
  });

  it("cuts a long group of pictures after 2 s and flags what does not start at a key frame", async () => {
    const { camera, log, recorder } = start();
    await camera.pictures(130, { keyEvery: 1000 });
    await recorder.close();
    expect(log.fragments().map((one) => [one.durMs, one.cont])).toEqual([
      [2000, false],
      [2000, true],
      [1200, true],
    ]);
  });

  it(proves(["S3-A-10"], "lost packets are a gap with its cause between two fragments"), async () => {
    const { camera, log, clock, recorder } = start();
    const t0 = clock.wall;
    await camera.pictures(30);
    camera.ticks += 2 * 3600;
    clock.pass(80);
    await camera.play({ kind: "loss", track: 0, packets: 7 });
    await camera.pictures(30, { keyEvery: 1000 });
    await recorder.close();
    expect(log.records("gap")[0]).toEqual({
      camera: "cam-1",
      cause: "packetLoss",
      causes: ["packetLoss"],
      from: t0 + 1200,
      to: t0 + 1280,
      state: "closed",
      packets: 7,
    });
  });

  it("a step of the system clock starts a new run; a step forward leaves a stated hole", async () => {
    const { camera, log, clock, recorder } = start();
    const t0 = clock.wall;
    await camera.pictures(30);
    clock.wall += 3_600_000;
    await camera.pictures(30);
    clock.wall -= 7_200_000;
    await camera.pictures(30);
    await recorder.close();
    expect(log.records("clock").map((json) => json["stepMs"])).toEqual([3_600_000, -7_200_000]);
    expect(log.records("run").map((json) => json["cause"])).toEqual(["start", "clockStep", "clockStep"]);
    expect(log.records("gap")[0]).toMatchObject({
      cause: "clockStep",
      from: t0 + 1200,
      to: t0 + 1200 + 3_600_000,
    });
    expect(log.types().filter((type) => type === "init")).toHaveLength(3);
  });

  it("a step while the camera is away is an entry too, and the gap ends by the clock that it began with", async () => {
    for (const stepMs of [3_600_000, -7_200_000]) {
      const { camera, log, clock, recorder } = start();
      const t0 = clock.wall;
      await camera.pictures(30);
      await camera.play({ kind: "end", cause: "disconnected", detail: "" });
      clock.pass(5000);
      clock.wall += stepMs;
      await camera.pictures(30);
      await recorder.close();
      expect(log.records("clock")).toMatchObject([
        { from: t0 + 6200, to: t0 + 6200 + stepMs, stepMs, camera: "cam-1" },
      ]);
      const to = stepMs > 0 ? t0 + 6200 + stepMs : t0 + 6200;
      expect(log.records("gap")[1]).toMatchObject({
        state: "closed",
        from: t0 + 1200,
        to,
        causes: stepMs > 0 ? ["disconnected", "clockStep"] : ["disconnected"],
      });
      const types = log.types().filter((type) => type === "run" || type === "clock");
      expect(types).toEqual(["run", "clock", "run"]);
    }
  });

  it("a start by a clock that lies before the newest footage says so", async () => {
    const nowMs = Date.UTC(2026, 0, 5, 1, 0, 0);
    const { camera, log, recorder } = start({ lastEndMs: nowMs + 60_000 });
    await camera.pictures(30);
    await recorder.close();
    expect(log.records("clock")).toMatchObject([{ from: nowMs + 60_000, to: nowMs, stepMs: -60_000 }]);
    expect(log.records("gap")[0]).toMatchObject({ causes: ["restart"], from: nowMs, to: nowMs });
  });

  it("a camera that counts its time too fast or too slow is followed gently: no gap, no new run, no jump", async () => {
    for (const perMille of [1, -1]) {
      const { camera, log, clock, recorder } = start();
      const t0 = clock.wall;
      const PICTURES = 15_000;
      for (let second = 0; second < PICTURES / 25; second++) {
        await camera.pictures(25);
        camera.ticks += perMille * 90;
      }
      await recorder.close();
      expect(log.records("run")).toHaveLength(1);
      expect(log.records("gap").map((json) => json["cause"])).toEqual(["stopped"]);
      const fragments = log.fragments();
      for (const [i, { t, durMs }] of fragments.slice(0, -1).entries())
        expect(Math.abs((fragments[i + 1]?.t ?? 0) - t - durMs)).toBeLessThanOrEqual(10);
      // Ten minutes of it are 600 ms by the camera's own count; by the clock on the wall it is still on time.
      const last = fragments.at(-1);
      expect(Math.abs((last?.t ?? 0) + (last?.durMs ?? 0) - t0 - PICTURES * 40)).toBeLessThan(30);
    }
  });

  it("changed parameters within a run: the init segment is stored again before the first picture that needs it", async () => {
    const { camera, log, recorder } = start();
    await camera.pictures(30);
    const sps = Uint8Array.from(Buffer.from("6764002aacb2007001e3f7840000030004000003003c8f183196", "hex"));
    const pps = Uint8Array.from(Buffer.from("68ebe3cb20", "hex"));
    await camera.play({ kind: "parameters", track: 0, codec: "h264", vps: [], sps: [sps], pps: [pps] });
    await camera.pictures(30);
    await recorder.close();
    expect(log.types().join(" ")).toBe("run init fragment fragment init fragment fragment gap");
    const inits = log.drafts.flatMap((draft) =>
      draft.type === "init" && "codec" in draft ? [draft.codec] : [],
    );
    expect(inits).toEqual(["avc1.4d400d", "avc1.64002a"]);
    // Nothing is missing between the two: the last fragment of the old set ends where the new one begins.
    const fragments = log.fragments();
    fragments.slice(1).forEach((one, i) => {
      const before = fragments[i];
      expect(Math.abs(one.t - (before?.t ?? 0) - (before?.durMs ?? 0))).toBeLessThanOrEqual(10);
    });
  });

  it("media time that jumps starts a new run instead of an endless fragment", async () => {
    const { camera, log, recorder } = start();
    await camera.pictures(30);
    camera.ticks += 90_000 * 7200;
    await camera.pictures(30);
    camera.ticks -= 90_000 * 7200;
    await camera.pictures(30);
    await recorder.close();
    expect(log.records("run").map((json) => json["cause"])).toEqual(["start", "timeJump", "timeJump"]);
    for (const one of log.fragments()) expect(one.durMs).toBeLessThanOrEqual(1200);
  });

  it(proves(["S3-A-10"], "a disk too slow is bounded memory and a stated gap, never silence"), async () => {
    const { camera, log, recorder, clock } = start({ pendingBytesMax: 60_000 });
    const t0 = clock.wall;
    await camera.pictures(26, { sizeBytes: 1000 });
    log.block();
    await camera.pictures(200, { sizeBytes: 1000 });
    expect(recorder.status()).toMatchObject({ state: "diskSlow", cause: "diskSlow" });
    log.unblock();
    await vi.waitFor(() => expect(log.fragments().length).toBeGreaterThan(2));
    await camera.pictures(60, { sizeBytes: 1000 });
    expect(recorder.status().state).toBe("recording");
    await recorder.close();
    const gaps = log.records("gap").filter((json) => json["cause"] === "diskSlow");
    expect(gaps.at(-1)).toMatchObject({ state: "closed" });
    const missing = log
      .fragments()
      .slice(1)
      .map((one, i) => ({ from: (log.fragments()[i]?.t ?? 0) + (log.fragments()[i]?.durMs ?? 0), to: one.t }))
      .filter((hole) => hole.to - hole.from > 20);
    expect(missing).toEqual([{ from: gaps.at(-1)?.["from"], to: gaps.at(-1)?.["to"] }]);
    expect(log.fragments()[0]?.t).toBe(t0);
  });

  it(
    proves(["S3-A-10"], "a full disk is a gap that is stated while it lasts, and closed when there is room"),
    async () => {
      const { camera, log, recorder } = start({ pendingBytesMax: 60_000 });
      await camera.pictures(26, { sizeBytes: 1000 });
      log.full = true;
      await camera.pictures(200, { sizeBytes: 1000 });
      expect(recorder.status()).toMatchObject({ state: "diskSlow", cause: "diskFull" });
      const gaps = (): Record<string, unknown>[] =>
        log.records("gap").filter((json) => json["cause"] === "diskFull");
      await vi.waitFor(() => expect(gaps()).toMatchObject([{ state: "open" }]));
      log.full = false;
      await vi.waitFor(() => expect(log.fragments().length).toBeGreaterThan(2));
      await camera.pictures(60, { sizeBytes: 1000 });
      expect(recorder.status().state).toBe("recording");
      await recorder.close();
      expect(gaps().at(-1)).toMatchObject({ state: "closed", from: gaps()[0]?.["from"] });
    },
  );

  it("disconnected: an open gap at once, closed at the next picture, with every cause on the way", async () => {
    const { camera, log, clock, recorder } = start();
    const t0 = clock.wall;
    await camera.pictures(30);
    await camera.play({ kind: "end", cause: "stalled", detail: "no picture" });
    expect(recorder.status()).toMatchObject({ state: "stalled", cause: "stalled", detail: "no picture" });
    clock.pass(5000);
    await camera.pictures(30);
    await recorder.close();
    expect(log.records("gap").slice(0, 2)).toMatchObject([
      { causes: ["stalled"], state: "open", from: t0 + 1200 },
      { causes: ["stalled"], state: "closed", from: t0 + 1200, to: t0 + 1200 + 5000 },
    ]);
    expect(log.records("run").map((json) => json["cause"])).toEqual(["start", "reconnect"]);
  });

  it("the camera's own time is kept, and refines ours only where it can be believed", async () => {
    for (const [offMs, moves] of [
      [-100, true],
      [-3_600_000, false],
      [5000, false],
    ] as const) {
      const { camera, log, clock, recorder } = start();
      const t0 = clock.wall;
      await camera.pictures(10);
      await camera.play({ kind: "report", track: 0, ticks: camera.ticks, senderWallMs: clock.wall + offMs });
      await camera.pictures(30, { keyEvery: 1000 });
      await recorder.close();
      expect(log.fragments()[0]).toMatchObject({ t: t0 + (moves ? offMs : 0), cam: t0 + offMs });
    }
  });
});
