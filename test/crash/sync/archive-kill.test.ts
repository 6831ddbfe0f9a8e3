/** The archive killed in the middle of an upload: what it had synced is not sent again, and nothing is kept twice. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SealedPack } from "../../../gateway/handover/contract.ts";
import { type ReplicationReport, runReplicator } from "../../../sync/replicator.ts";
import { until } from "../../contract/store/opened-store.ts";
import { type RunningArchive, startArchive } from "../../flows/sync/archive-process.ts";
import { type SealingGateway, openSealingGateway } from "../../flows/sync/sealing-gateway.ts";
import { proves } from "../../law/proves.ts";

const MIB = 1024 * 1024;
const LIMIT_MS = 40_000;

let folder: string;
let gateway: SealingGateway;
let archive: RunningArchive;
const unreadable = new Set<string>();
beforeEach(async () => {
  unreadable.clear();
  folder = await mkdtemp(join(tmpdir(), "archive-kill-"));
  gateway = await openSealingGateway(unreadable);
  archive = await startArchive(folder, gateway.origin);
});
afterEach(async () => {
  await archive.close();
  await gateway.close();
  await rm(folder, { recursive: true });
});

const packs = (): Promise<readonly SealedPack[]> => gateway.handover.listPacks({ after: 0 });
const allAcked = async (): Promise<boolean> => (await packs()).every(({ acked }) => acked !== undefined);
const names = async (): Promise<string[]> => (await packs()).map(({ sha256 }) => `${sha256}.pack`).sort();

/** Bytes that lie in unfinished uploads. */
async function partialBytes(): Promise<number> {
  const place = join(archive.logFolder(), "partial");
  let sum = 0;
  try {
    for (const name of await readdir(place)) sum += (await stat(join(place, name))).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return sum;
}

/** Runs the push until the test stops it; says what it reported. */
function push(peers: Awaited<ReturnType<SealingGateway["enrol"]>>): {
  readonly reports: ReplicationReport[];
  readonly sentBytes: () => number;
  stop(): Promise<void>;
} {
  const reports: ReplicationReport[] = [];
  const stop = new AbortController();
  const ended = runReplicator(
    { ...peers, pauseMs: 100, onReport: (report) => reports.push(report) },
    stop.signal,
  );
  return {
    reports,
    sentBytes: () =>
      reports.reduce((sum, report) => sum + (report.kind === "pass" ? (report.bytesSent ?? 0) : 0), 0),
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

async function expectSameBytes(): Promise<void> {
  for (const { sha256 } of await packs()) {
    const kept = await readFile(join(archive.logFolder(), "packs", `${sha256}.pack`));
    expect(createHash("sha256").update(kept).digest("hex")).toBe(sha256);
  }
}

describe("an upload to the archive", () => {
  it(proves(["S3-A-4"], "goes on from the last synced byte after the archive was killed"), async () => {
    const peers = await gateway.enrol(archive.enrolment);
    await gateway.seal(40, MIB);
    const [total] = (await packs()).map(({ sizeBytes }) => sizeBytes).sort((a, b) => b - a);
    const first = push(peers);
    await until("a part of the pack", async () => (await partialBytes()) > 2 * MIB, LIMIT_MS);
    await archive.kill();
    const durable = await partialBytes();
    expect(durable).toBeLessThan(total ?? 0);
    await until("the fault is told", () => first.reports.some(({ kind }) => kind === "fault"), LIMIT_MS);
    await first.stop();
    archive = await startArchive(folder, gateway.origin, archive.port);
    const second = push(peers);
    await until("everything is acknowledged", allAcked, LIMIT_MS);
    await second.stop();
    // Papers may have come before the kill or after it; of the large pack only the rest was sent.
    expect(second.sentBytes()).toBeLessThanOrEqual((total ?? 0) - durable + MIB);
    expect(await archive.packs()).toEqual(await names());
    await expectSameBytes();
  });

  it("both ways at once keeps each pack once and acknowledges it once", async () => {
    const peers = await gateway.enrol(archive.enrolment);
    for (let i = 0; i < 4; i++) await gateway.seal(6, MIB);
    const started = performance.now();
    const pushing = push(peers);
    const pulled = [archive.pull(), archive.pull()];
    await until("everything is acknowledged", allAcked, LIMIT_MS);
    const tookMs = performance.now() - started;
    await Promise.all(pulled);
    await pushing.stop();
    expect(await archive.packs()).toEqual(await names());
    expect(await readdir(join(archive.logFolder(), "partial"))).toEqual([]);
    await expectSameBytes();
    expect(tookMs).toBeLessThan(LIMIT_MS);
  });

  it("of one pack that can't be read does not hold up the others, and is told", async () => {
    const peers = await gateway.enrol(archive.enrolment);
    await gateway.seal(2, 100_000);
    await gateway.seal(2, 100_000);
    const bad = (await packs()).find((pack) => pack.class === 3);
    if (bad === undefined) throw new Error("no footage was sealed");
    unreadable.add(bad.sha256);
    const pushing = push(peers);
    const acked = async (): Promise<string[]> =>
      (await packs()).filter((pack) => pack.acked !== undefined).map(({ sha256 }) => sha256);
    const wanted = (await packs()).filter((pack) => pack !== bad && pack.sha256 !== bad.sha256).length;
    await until("the others are acknowledged", async () => (await acked()).length === wanted, LIMIT_MS);
    await until(
      "the fault is told",
      () => pushing.reports.some((report) => report.kind === "fault" && report.fault === "refused"),
      LIMIT_MS,
    );
    unreadable.clear();
    await until("the last one follows", allAcked, LIMIT_MS);
    await pushing.stop();
  });
});
