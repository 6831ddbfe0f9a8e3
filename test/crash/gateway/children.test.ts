/**
 * One gateway in which the processes beside it die one after the other: reader, signer, the camera's connection,
 * the camera. Invariant that is tested: recording and the counter go on, and what is missing is told with a cause.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AlarmView, Healthz } from "../../../gateway/http/contract/health.ts";
import type { GapView, ViewingView } from "../../../gateway/http/contract/playback.ts";
import { childRunning, isAlive, until } from "../../flows/children.ts";
import { CounterClerk } from "../../flows/counter-clerk.ts";
import { type RunningGateway, startGatewayProcess } from "../../flows/running-gateway.ts";
import { Caller } from "../../flows/signed-in.ts";
import { proves } from "../../law/proves.ts";
import { sealVolume } from "./seal-volume.ts";

const RECOVERS_MS = 15_000;
/** A checkpoint is due once a second while anything is appended. */
const FRESH_CHECKPOINT_MS = 2500;
const PICTURE_AGAIN_MS = 5000;

let dataFolder: string;
let gateway: RunningGateway;
let supervisor: Caller;
let clerk: CounterClerk;
let given = 0;
/** A moment whose footage lies in a sealed volume. */
let sealedAtMs: number;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "crash-children-"));
  gateway = await startGatewayProcess({ dataFolder });
  await until("some footage", RECOVERS_MS, async () => {
    const { state, lastFragmentAgeMs } = (await health()).cameras[0] ?? {};
    return state === "recording" && typeof lastFragmentAgeMs === "number";
  });
  sealedAtMs = Date.now();
  await gateway.close();
  await sealVolume(dataFolder);
  gateway = await startGatewayProcess({ dataFolder });
  const enter = async (user: string): Promise<Caller> =>
    Caller.signIn(gateway.url, user, await gateway.password(user));
  supervisor = await enter("supervisor");
  clerk = new CounterClerk(await enter("clerk"), "counter-1", () => {
    given += 1;
  });
  await until("recording", RECOVERS_MS, async () => isRecording(await health()));
}, 120_000);
afterAll(async () => {
  await gateway.kill();
  await rm(dataFolder, { recursive: true, force: true });
});

async function health(): Promise<Healthz> {
  const answer = await fetch(`${gateway.url}/healthz`, { signal: AbortSignal.timeout(10_000) });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Healthz;
}
const isRecording = ({ cameras }: Healthz): boolean => cameras.every(({ state }) => state === "recording");
const gaps = async (): Promise<readonly GapView[]> =>
  ((await supervisor.json("GET", "/api/ledgers/gaps")) as { readonly rows: readonly GapView[] }).rows;
const alarmCodes = async (): Promise<readonly string[]> =>
  ((await supervisor.json("GET", "/api/alarms")) as readonly AlarmView[]).map(({ code }) => code);

/** kill -9 of the child that runs this script; resolves with its pid when it is gone. */
async function killChild(script: string): Promise<number> {
  const { pid } = await childRunning(gateway.pid, script);
  process.kill(pid, "SIGKILL");
  await until(`${script} is gone`, 2000, async () => !(await isAlive(pid)));
  return pid;
}

/** Recording as a monitor sees it: the newest fragment is young and the log grows. */
async function recordsOn(): Promise<void> {
  const { size } = (await health()).log;
  await until("the log grows by footage", RECOVERS_MS, async () => {
    const now = await health();
    return isRecording(now) && now.log.size > size && (now.cameras[0]?.lastFragmentAgeMs ?? Infinity) < 3000;
  });
}

describe("children that die", () => {
  it("the signer: footage is stored meanwhile, checkpoints come again, the alarm names it", async () => {
    const pid = await killChild("signer/process.ts");
    const dead = await health();
    await recordsOn();
    const next = await until("another signer", RECOVERS_MS, async () =>
      childRunning(gateway.pid, "signer/process.ts").catch(() => undefined),
    );
    expect(next.pid).not.toBe(pid);
    const recovered = await until("a fresh checkpoint of a larger log", RECOVERS_MS, async () => {
      const now = await health();
      const ageMs = now.log.checkpointAgeMs;
      return ageMs !== null && ageMs < FRESH_CHECKPOINT_MS && now.log.size > dead.log.size ? now : undefined;
    });
    expect(recovered.log.size).toBeGreaterThan(dead.log.size);
    await clerk.serve("accept");
    expect(await alarmCodes()).toContain("signer.died");
  });

  it("the reader of sealed volumes: recording does not notice, the next one reads the same bytes", async () => {
    const viewing = (await supervisor.json("POST", "/api/viewings", {
      cameraId: "cam-1",
      fromMs: sealedAtMs - 5000,
      toMs: sealedAtMs,
      reason: "抽查",
    })) as ViewingView;
    const playlist = await (await supervisor.raw("GET", viewing.playlist)).text();
    const name = /^\d.*\.m4s$/m.exec(playlist)?.[0];
    const read = async (): Promise<Buffer> => {
      const answer = await supervisor.raw("GET", `/api/viewings/${viewing.viewingId}/${name}`);
      expect(answer.status).toBe(200);
      return Buffer.from(await answer.arrayBuffer());
    };
    const bytes = await read();
    const before = await gaps();
    await killChild("reader/process.ts");
    expect((await read()).equals(bytes)).toBe(true);
    await recordsOn();
    await clerk.serve("notify-correction");
    expect(await gaps()).toEqual(before);
    expect(await alarmCodes()).toContain("reader.died");
  });

  it(
    proves(
      ["S3-A-10", "S0-8"],
      "the camera's cable: the gap has its cause, pictures come within 5 s, the counter works on",
    ),
    async () => {
      const before = (await gaps()).length;
      const camera = await childRunning(gateway.pid, "virtual/camera.ts");
      const papers = given;
      const pulledMs = Date.now();
      process.kill(camera.pid, "SIGUSR2");
      const working = clerk.serve("accept");
      const gap = await until("a closed gap", RECOVERS_MS, async () => {
        const rows = await gaps();
        return rows.length > before && rows[0]?.toMs !== null ? rows[0] : undefined;
      });
      await working;
      expect(gap.causes).toEqual([expect.stringMatching(/\w/)]);
      expect(Number(gap.toMs) - pulledMs).toBeLessThan(PICTURE_AGAIN_MS);
      expect(given).toBe(papers + 2);
      console.log(`SIGUSR2: ${gap.causes.join()}, picture after ${Number(gap.toMs) - pulledMs} ms`);
      await recordsOn();
    },
  );

  it("the camera: its gap stays open with a cause, an alarm is raised, the counter works on", async () => {
    await killChild("virtual/camera.ts");
    const gap = await until("an open gap", RECOVERS_MS, async () =>
      (await gaps()).find(({ toMs }) => toMs === null),
    );
    expect(gap.causes.length).toBeGreaterThan(0);
    await clerk.serve("accept");
    await until("the alarm", RECOVERS_MS, async () => (await alarmCodes()).includes("recording.cameraAway"));
    expect((await health()).cameras[0]?.state).toBe("offline");
  });

  it(proves(["S3-C-8"], "ends cleanly after all of them, and the check finds nothing wrong"), async () => {
    expect(await gateway.close()).toBe(0);
    const { stdout } = await promisify(execFile)(process.execPath, [
      "gateway/commands/verify.ts",
      dataFolder,
    ]);
    expect(stdout).toContain("OK");
  });
});
