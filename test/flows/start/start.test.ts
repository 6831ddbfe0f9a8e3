/**
 * The start and the end of the whole gateway, as its operator meets them: what is printed and when, what a second
 * start keeps, that nothing is left behind, that no secret shows, and what a mistake at the start is answered with.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AlarmView, Healthz } from "../../../gateway/http/contract/health.ts";
import { createSecretFiles } from "../../../gateway/people/secret-files.ts";
import { type Child, descendants, isAlive, until } from "../children.ts";
import { type RunningGateway, startGatewayProcess } from "../running-gateway.ts";
import { Caller } from "../signed-in.ts";

/** From the start of the process to a durable fragment, on a box that knows its camera. */
const FIRST_FRAGMENT_MS = 8000;
const CHILDREN_GONE_MS = 10_000;
const PASSWORD_LINE = /^ {4}(clerk|technician|supervisor|leader|custodian)\s+(\S+)$/gm;
const VERSION = (
  JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8")) as {
    version: string;
  }
).version;

let dataFolder: string;
let gateway: RunningGateway;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "start-"));
  gateway = await startGatewayProcess({ dataFolder, ownGroup: true });
});
afterAll(async () => {
  await gateway.kill();
  await rm(dataFolder, { recursive: true, force: true });
});

async function health(): Promise<Healthz> {
  const answer = await fetch(`${gateway.url}/healthz`, { signal: AbortSignal.timeout(10_000) });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Healthz;
}
async function gone(children: readonly Child[]): Promise<boolean> {
  for (const { pid } of children) if (await isAlive(pid)) return false;
  return true;
}

/** Milliseconds from the start of the process to its first durable fragment. */
async function startAndRecord(): Promise<number> {
  const startedMs = performance.now();
  gateway = await startGatewayProcess({ dataFolder });
  await until("the first fragment", 20_000, async () => {
    const { lastFragmentAgeMs = null } = (await health()).cameras[0] ?? {};
    return lastFragmentAgeMs !== null;
  });
  const tookMs = performance.now() - startedMs;
  console.log(
    `start with data: ready after ${Math.round(gateway.readyAfterMs)} ms, first fragment after ${Math.round(tookMs)} ms`,
  );
  return tookMs;
}

/** In time at the first try, or at the second, when other tests had the machine to themselves at the first. */
async function secondStart(): Promise<void> {
  if ((await startAndRecord()) < FIRST_FRAGMENT_MS) return;
  expect(await gateway.close()).toBe(0);
  expect(await startAndRecord()).toBeLessThan(FIRST_FRAGMENT_MS);
}

describe("the first start", () => {
  it("prints addresses that answer, and the health figures in their fixed form", async () => {
    const figures = await health();
    expect(figures).toEqual({
      version: VERSION,
      uptimeS: expect.any(Number),
      cameras: [
        { id: "cam-1", state: expect.any(String), lastFragmentAgeMs: figures.cameras[0]?.lastFragmentAgeMs },
      ],
      log: { size: expect.any(Number), checkpointAgeMs: expect.any(Number) },
      exposureMs: expect.any(Number),
      freeBytes: expect.any(Number),
    });
    for (const page of ["", "clerk", "technician", "supervisor"])
      expect((await fetch(`${gateway.url}/${page}`, { signal: AbortSignal.timeout(10_000) })).status).toBe(
        200,
      );
    for (const port of Object.values(gateway.ports)) expect(port).toBeGreaterThan(0);
  });

  it("shows the passwords of the demonstration once and keeps them for the owner of the box alone", async () => {
    const shown = [...gateway.output().matchAll(PASSWORD_LINE)].map(([, user, password]) => ({
      user,
      password,
    }));
    expect(shown.map(({ user }) => user)).toContain("supervisor");
    for (const { user = "", password } of shown) expect(await gateway.password(user)).toBe(password);
    const { mode } = await stat(join(dataFolder, "secrets/demonstration-users.secret"));
    expect((mode & 0o777).toString(8)).toBe("600");
  });

  it("shows no secret of camera and dock in any command line or output", async () => {
    const secrets = createSecretFiles(join(dataFolder, "secrets"));
    const hidden = [await secrets.get("demonstration/camera"), await secrets.get("demonstration/dock")];
    const children = await descendants(gateway.pid);
    const seen = [gateway.output(), ...children.flatMap(({ words }) => words)].join("\n");
    expect(seen).toContain("virtual/camera.ts");
    expect(seen).toContain("virtual/dock.ts");
    for (const secret of hidden) {
      expect(secret?.length).toBeGreaterThan(16);
      expect(seen).not.toContain(secret);
    }
  });
});

describe("the end", () => {
  it("on Ctrl-C, which terminal and npm send: exit code 0, no child left, no false alarm, all data kept", async () => {
    await until("recording", 20_000, async () => (await health()).cameras[0]?.state === "recording");
    const { size } = (await health()).log;
    const children = await descendants(gateway.pid);
    expect(children.length).toBeGreaterThanOrEqual(4);
    for (const { group, words } of children) expect(group, words.join(" ")).toBe(gateway.pid);
    expect(await gateway.interrupt()).toBe(0);
    expect(await gone(children)).toBe(true);

    await secondStart();
    expect((await health()).log.size).toBeGreaterThan(size);
    expect(gateway.output().match(PASSWORD_LINE)).toBeNull();
    const supervisor = await Caller.signIn(gateway.url, "supervisor", await gateway.password("supervisor"));
    const alarms = (await supervisor.json("GET", "/api/alarms")) as readonly AlarmView[];
    expect(alarms).toEqual([]);
  });

  it("on kill -9 of the gateway: every child ends by itself", async () => {
    const children = await descendants(gateway.pid);
    expect(children.length).toBeGreaterThanOrEqual(4);
    await gateway.kill();
    const killedMs = performance.now();
    await until("all children are gone", CHILDREN_GONE_MS, () => gone(children));
    console.log(`children gone ${Math.round(performance.now() - killedMs)} ms after kill -9`);
  });
});

describe("a mistake at the start", () => {
  async function refused(...args: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, ["gateway/main.ts", "--data", join(dataFolder, "none"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 20_000,
      killSignal: "SIGKILL",
    });
    let said = "";
    child.stdout.on("data", (data: Buffer) => (said += data.toString()));
    child.stderr.on("data", (data: Buffer) => (said += data.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    expect(code).toBe(1);
    return said;
  }

  it("names an unknown flag and a port that is none, in both languages", async () => {
    for (const args of [
      ["--colour", "red"],
      ["--http-port", "eighty"],
    ]) {
      const said = await refused(...args);
      expect(said).toContain("启动参数或环境变量不正确。");
      expect(said).toContain("A start-up flag or variable is not usable.");
      expect(said).toContain(args[0]?.slice(2));
    }
  });

  it("names the place that is wrong in a site file, in both languages, and a file that is no JSON", async () => {
    const site = join(dataFolder, "site.json");
    await writeFile(site, JSON.stringify({ unit: "Not A Name" }));
    const wrong = await refused("--site", site);
    expect(wrong).toContain("站点配置文件内容不符合要求。");
    expect(wrong).toContain("The site file does not fit its schema.");
    expect(wrong).toContain("config.siteInvalid");
    await writeFile(site, "{");
    const broken = await refused("--site", site);
    expect(broken).toContain("站点配置文件无法读取。");
    expect(broken).toContain("The site file cannot be read.");
  });
});
