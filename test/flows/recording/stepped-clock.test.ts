/**
 * The system clock of the whole gateway is set forward and back while it records (libfaketime): what the log says
 * of it, and that nothing else suffers.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDataFolder } from "../../../gateway/commands/verify/data-folder.ts";
import { type Entry, decodeEntry } from "../../../gateway/evidence/entry.ts";
import { type JsonObject, decodeRecord } from "../../../gateway/evidence/record.ts";
import type { Healthz } from "../../../gateway/http/contract/health.ts";
import type { CoverageView } from "../../../gateway/http/contract/playback.ts";
import { proves } from "../../law/proves.ts";
import {
  FAKETIME_INSTALL,
  type FakedClock,
  fakedClock,
  hasFaketime,
} from "../../peers/faketime/faked-clock.ts";
import { until } from "../children.ts";
import { type RunningGateway, startGatewayProcess } from "../running-gateway.ts";
import { Caller } from "../signed-in.ts";

const LIMIT_MS = 20_000;
const HOUR_S = 3600;
const HOUR_MS = 3_600_000;
/** What passes between two looks at a clock that was not stepped. */
const NEAR_MS = 3000;
const VERIFY = new URL("../../../gateway/commands/verify.ts", import.meta.url).pathname;

if (!hasFaketime) console.warn(`SKIPPED, the stepped clock needs: ${FAKETIME_INSTALL}`);

interface Written extends Entry {
  readonly json: JsonObject;
}

describe.skipIf(!hasFaketime)(`a stepped system clock (else: ${FAKETIME_INSTALL})`, () => {
  let folder: string;
  let dataFolder: string;
  let written: readonly Written[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stepped-clock-"));
    dataFolder = join(folder, "data");
    const clock: FakedClock = fakedClock(join(folder, "clock"));
    const gateway = await startGatewayProcess({
      dataFolder,
      env: { ...clock.env, TZ: "Asia/Kathmandu" },
    });
    try {
      const person = await Caller.signIn(gateway.url, "supervisor", await gateway.password("supervisor"));
      await recordsAt(gateway, person, 0);
      clock.set(HOUR_S);
      await recordsAt(gateway, person, HOUR_MS);
      clock.set(-HOUR_S);
      await recordsAt(gateway, person, -HOUR_MS);
    } finally {
      expect(await gateway.close()).toBe(0);
    }
    written = await entriesOf(dataFolder);
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Waits for some seconds of footage in the time that the gateway now has, and for a young checkpoint. */
  async function recordsAt(gateway: RunningGateway, person: Caller, offsetMs: number): Promise<void> {
    const fromMs = Date.now() + offsetMs - NEAR_MS;
    await until(`footage at ${offsetMs} ms, signed`, LIMIT_MS, async () => {
      const range = `fromMs=${fromMs}&toMs=${Date.now() + offsetMs}`;
      const { spans } = (await person.json("GET", `/api/cameras/cam-1/coverage?${range}`)) as CoverageView;
      const { log } = (await (await fetch(`${gateway.url}/healthz`)).json()) as Healthz;
      const lengthMs = spans.reduce((sum, span) => sum + span.toMs - span.fromMs, 0);
      return lengthMs > 2 * NEAR_MS && log.checkpointAgeMs !== null && log.checkpointAgeMs < NEAR_MS;
    });
  }

  async function entriesOf(data: string): Promise<readonly Written[]> {
    const source = await openDataFolder(data);
    try {
      const found: Written[] = [];
      for (const log of await source.logs())
        for await (const { bytes } of log.leaves(0)) {
          const entry = decodeEntry(bytes ?? new Uint8Array());
          if (entry.stream !== "camera/cam-1/main") continue;
          const body = await log.body(entry.seq);
          const isRecord = body.state === "found" && ["run", "gap", "clock"].includes(entry.type);
          found.push({ ...entry, json: isRecord ? decodeRecord(body.body).json : {} });
        }
      return found;
    } finally {
      await source.close();
    }
  }

  const of = (type: Entry["type"]): readonly Written[] => written.filter((one) => one.type === type);

  it(proves(["S3-A-10"], "is an entry with the old and the new reading, forward and back"), () => {
    const steps = of("clock").map(({ json }) => Number(json["stepMs"]));
    expect(steps).toHaveLength(2);
    expect(Math.abs((steps[0] ?? 0) - HOUR_MS)).toBeLessThan(NEAR_MS);
    expect(Math.abs((steps[1] ?? 0) + 2 * HOUR_MS)).toBeLessThan(NEAR_MS);
    for (const { json } of of("clock"))
      expect(Number(json["to"]) - Number(json["from"])).toBe(Number(json["stepMs"]));
  });

  it("begins a new run each time, and a new init segment that its fragments are played with", () => {
    expect(of("run").map(({ json }) => json["cause"])).toEqual(["start", "clockStep", "clockStep"]);
    expect(of("init")).toHaveLength(3);
    const order = written.map(({ type }) => type).filter((type) => type !== "fragment" && type !== "gap");
    expect(order).toEqual(["run", "init", "clock", "run", "init", "clock", "run", "init"]);
  });

  it("states the hour that the clock left out as a gap, and after a step back none", () => {
    const gaps = of("gap").filter(({ json }) => json["cause"] === "clockStep");
    expect(gaps).toHaveLength(1);
    expect(Math.abs((gaps[0]?.dur ?? 0) - HOUR_MS)).toBeLessThan(NEAR_MS);
  });

  it("moves no footage against its own run: pictures keep their distances, monotonic time goes on", () => {
    const fragments = of("fragment");
    expect(fragments.length).toBeGreaterThan(12);
    const runs = of("run").map(({ seq }) => seq);
    let jumps = 0;
    fragments.slice(1).forEach((one, i) => {
      const before = fragments[i];
      if (before === undefined) return;
      expect(one.boot).toBe(before.boot);
      expect(one.mono).toBeGreaterThanOrEqual(before.mono);
      const isNewRun = runs.some((seq) => before.seq < seq && seq < one.seq);
      const holeMs = one.t - (before.t + before.dur);
      if (isNewRun) jumps += 1;
      else expect(Math.abs(holeMs)).toBeLessThanOrEqual(60);
    });
    expect(jumps).toBe(2);
  });

  it("leaves a log in which the check finds nothing wrong", async () => {
    const said = await new Promise<string>((resolve) => {
      execFile(process.execPath, [VERIFY, dataFolder], (_error, stdout) => resolve(stdout));
    });
    expect(said).toContain("OK: nothing wrong was found");
  });
});
