/**
 * What a stopped gateway has left, read by others: no secret lies in its log, and the doctor says where the site
 * file and the log differ. While it runs, the commands that need it stopped say so.
 */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Healthz } from "../../../gateway/http/contract/health.ts";
import { createSecretFiles } from "../../../gateway/people/secret-files.ts";
import { openStoreSource } from "../../../gateway/store/evidence-source.ts";
import { until } from "../children.ts";
import { startGatewayProcess } from "../running-gateway.ts";
import { Caller } from "../signed-in.ts";

const DEMONSTRATION = fileURLToPath(new URL("../../../firmware-configs/demonstration/", import.meta.url));
const ANY_PORT = ["http", "https", "mqtt", "mqtts", "sync"].flatMap((name) => [`--${name}-port`, "0"]);

interface Answer {
  readonly code: number;
  readonly out: string;
}
interface SiteFile {
  gateway: string;
  counters: { id: string; name: string }[];
}

let folder: string;
let dataFolder: string;
let verifiedWhileRunning: Answer;
let examinedWhileRunning: Answer;

function run(script: string, ...args: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { timeout: 30_000 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out: stdout + stderr }),
    );
  });
}
const doctor = (...args: readonly string[]): Promise<Answer> =>
  run("gateway/commands/doctor.ts", "--data", dataFolder, ...ANY_PORT, ...args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stopped-"));
  dataFolder = join(folder, "data");
  const gateway = await startGatewayProcess({ dataFolder });
  try {
    const supervisor = await Caller.signIn(gateway.url, "supervisor", await gateway.password("supervisor"));
    await until("footage and a file of the dock", 30_000, async () => {
      const { cameras } = (await supervisor.json("GET", "/healthz")) as Healthz;
      const files = (await supervisor.json("GET", "/api/dock-files")) as readonly unknown[];
      return cameras[0]?.lastFragmentAgeMs !== null && files.length > 0;
    });
    verifiedWhileRunning = await run("gateway/commands/verify.ts", dataFolder);
    examinedWhileRunning = await doctor();
  } finally {
    await gateway.close();
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("while it runs", () => {
  it("the check and the doctor say that the data is held, in both languages", () => {
    expect(verifiedWhileRunning.code).toBe(1);
    expect(verifiedWhileRunning.out).toContain("网关是否正在运行");
    expect(verifiedWhileRunning.out).toContain("Is the gateway running?");
    expect(examinedWhileRunning.code).toBe(0);
    expect(examinedWhileRunning.out).toContain("the site file was not held against the log");
  });
});

describe("once it is stopped", () => {
  it("no secret and no password lies in any entry or body of the log", async () => {
    const secrets = createSecretFiles(join(dataFolder, "secrets"));
    const users = await readFile(join(dataFolder, "secrets/demonstration-users.secret"), "utf8");
    const hidden = [
      await secrets.get("demonstration/camera"),
      await secrets.get("demonstration/dock"),
      await secrets.get("claim-key"),
      ...users.split("\n").map((line) => line.split(" ")[1]),
    ].filter((secret) => secret !== undefined && secret !== "");
    expect(hidden.length).toBeGreaterThanOrEqual(8);
    const source = await openStoreSource(dataFolder);
    let looked = 0;
    try {
      for (const log of await source.logs())
        for await (const { index, bytes } of log.leaves(0)) {
          const body = await log.body(index);
          const value = body.state === "found" ? body.body : new Uint8Array();
          const text = Buffer.concat([bytes ?? new Uint8Array(), value]);
          looked += value.length === 0 ? 0 : 1;
          for (const secret of hidden) expect(text.includes(String(secret)), `entry ${index}`).toBe(false);
        }
    } finally {
      await source.close();
    }
    expect(looked).toBeGreaterThan(20);
  });

  it("the doctor finds that site file and log agree, and says it where they do not", async () => {
    const same = await doctor();
    expect(same.out).toContain("the site file agrees with the log");
    expect(same.code).toBe(0);

    const other = join(folder, "other");
    await cp(DEMONSTRATION, other, { recursive: true });
    const file = join(other, "site.json");
    const site = JSON.parse(await readFile(file, "utf8")) as SiteFile;
    const [first] = site.counters;
    site.gateway = "b7";
    site.counters = [
      { id: first?.id ?? "", name: "改名窗口" },
      { id: "counter-9", name: "9号窗口" },
    ];
    await writeFile(file, JSON.stringify(site));
    const { code, out } = await doctor("--site", file);
    expect(out).toContain("its log demonstration/a1: the next start begins a new log");
    expect(out).toContain(`counter ${first?.id} has another name`);
    expect(out).toContain("counter counter-9 is new");
    expect(code).toBe(0);

    site.counters = [{ id: "counter-9", name: "9号窗口" }];
    await writeFile(file, JSON.stringify(site));
    expect((await doctor("--site", file)).out).toContain(`counter ${first?.id} is in the log, not in`);
  });
});
