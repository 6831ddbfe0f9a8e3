/** The replicator dies and comes back; it ends with its gateway; a gateway killed and started again goes on pushing. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { until } from "../../contract/store/opened-store.ts";
import { childRunning, descendants, isAlive } from "../../flows/children.ts";
import { type RunningGateway, startGatewayProcess } from "../../flows/running-gateway.ts";
import { Caller } from "../../flows/signed-in.ts";
import { type RunningArchive, startArchive } from "../../flows/sync/archive-process.ts";

const ORIGIN = `demonstration/a1/${new Date(Date.now() + 8 * 3_600_000).getUTCFullYear()}`;
const SCRIPT = "sync/push.ts";
const LIMIT_MS = 30_000;

let folder: string;
let gateway: RunningGateway;
let archive: RunningArchive;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "replicator-end-"));
  archive = await startArchive(join(folder, "archive"), ORIGIN);
  gateway = await startGatewayProcess({ dataFolder: join(folder, "data") });
});
afterEach(async () => {
  await archive.close();
  await gateway.close();
  await rm(folder, { recursive: true });
});

const technician = async (): Promise<Caller> =>
  Caller.signIn(gateway.url, "technician", await gateway.password("technician"));
const lastPass = async (caller: Caller): Promise<number | null> =>
  ((await caller.json("GET", "/api/archive")) as { lastPassAt: number | null }).lastPassAt;

it("the replicator comes back when it dies, ends with a killed gateway, and needs no second enrolment", async () => {
  const before = await technician();
  await before.json("POST", "/api/archive/enrol", { line: archive.enrolment });
  await until("the first pass", async () => (await lastPass(before)) !== null, LIMIT_MS);

  const first = await childRunning(gateway.pid, SCRIPT);
  process.kill(first.pid, "SIGKILL");
  const runs = async (): Promise<number | undefined> =>
    (await descendants(gateway.pid)).find(({ words }) => words.some((word) => word.endsWith(SCRIPT)))?.pid;
  await until("another replicator", async () => ![undefined, first.pid].includes(await runs()), LIMIT_MS);
  const died = (await lastPass(before)) ?? 0;
  await until("its first pass", async () => ((await lastPass(before)) ?? 0) > died, LIMIT_MS);

  const second = await childRunning(gateway.pid, SCRIPT);
  await gateway.kill();
  await until("the replicator's end", async () => !(await isAlive(second.pid)), LIMIT_MS);

  gateway = await startGatewayProcess({ dataFolder: join(folder, "data") });
  const after = await technician();
  expect(await after.json("GET", "/api/archive")).toMatchObject({ enrolled: true, url: archive.url });
  await until("a pass of the new run", async () => (await lastPass(after)) !== null, LIMIT_MS);
  const third = await childRunning(gateway.pid, SCRIPT);
  expect(await gateway.close()).toBe(0);
  expect(await isAlive(third.pid)).toBe(false);
});
