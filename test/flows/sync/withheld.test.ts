/**
 * Packs of a sealed matter on the way to the archive: the real gateway side, replicator and archive. What is withheld
 * is no fault of the archive's, keeps nobody else's pack waiting, and goes out by itself after the release.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { SealedPack } from "../../../gateway/handover/contract.ts";
import { type ReplicationReport, runReplicator } from "../../../sync/replicator.ts";
import { until } from "../../contract/store/opened-store.ts";
import { proves } from "../../law/proves.ts";
import { type RunningArchive, startArchive } from "./archive-process.ts";
import { type SealingGateway, openSealingGateway } from "./sealing-gateway.ts";

const LIMIT_MS = 30_000;

let folder: string;
let archive: RunningArchive;
let gateway: SealingGateway;
/** Entries of the sealed matter. */
const sealed = new Set<number>();
beforeEach(async () => {
  sealed.clear();
  folder = await mkdtemp(join(tmpdir(), "withheld-"));
  gateway = await openSealingGateway(new Set(), {
    withheld: async (_log, ranges) =>
      ranges.some(([from, to]) => [...sealed].some((seq) => from <= seq && seq < to)),
  });
  archive = await startArchive(folder, gateway.origin);
});
afterEach(async () => {
  await archive.close();
  await gateway.close();
  await rm(folder, { recursive: true });
});

const packs = (): Promise<readonly SealedPack[]> => gateway.handover.listPacks({ after: 0 });
const fileOf = ({ sha256 }: SealedPack): string => `${sha256}.pack`;

it(
  proves(
    ["S3-C-9", "S3-A-18", "S0-33"],
    "a sealed matter's packs stay here while all others go, told as withheld and not as a fault, until the release",
  ),
  async () => {
    const peers = await gateway.enrol(archive.enrolment);
    await gateway.seal(2, 4096);
    const first = await packs();
    for (const { ranges } of first) sealed.add(ranges[0]?.[0] ?? -1);
    await gateway.seal(2, 4096);
    const reports: ReplicationReport[] = [];
    const stop = new AbortController();
    const onReport = (report: ReplicationReport): void => void reports.push(report);
    const ended = runReplicator({ ...peers, pauseMs: 50, onReport }, stop.signal);
    const withheldNow = (): number =>
      (["papers", "footage"] as const).reduce((sum, lane) => {
        const last = reports.findLast((report) => report.kind === "pass" && report.lane === lane);
        return sum + (last?.kind === "pass" ? (last.withheld ?? 0) : 0);
      }, 0);
    try {
      await until(
        "all others are acknowledged",
        async () =>
          (await packs()).slice(first.length).every(({ acked }) => acked !== undefined) &&
          withheldNow() === first.length,
        LIMIT_MS,
      );
      // Many passes later: still withheld, still counted, still no fault, and nothing of it is there.
      const seen = reports.length;
      await until("more passes", () => reports.length > seen + 12, LIMIT_MS);
      expect(withheldNow()).toBe(first.length);
      expect(reports.filter(({ kind }) => kind === "fault")).toEqual([]);
      const kept = await archive.packs();
      for (const pack of first) expect(kept).not.toContain(fileOf(pack));
      // The nightly pull goes through as well.
      expect(JSON.parse(await archive.pull())).toMatchObject({ pulled: "test-unit/g1", packsCompleted: 0 });
      // What is sealed later goes out while the others stay.
      await gateway.seal(1, 4096);
      await until(
        "what came later is acknowledged",
        async () => (await packs()).slice(first.length).every(({ acked }) => acked !== undefined),
        LIMIT_MS,
      );
      sealed.clear();
      await until(
        "everything is acknowledged",
        async () => (await packs()).every(({ acked }) => acked !== undefined) && withheldNow() === 0,
        LIMIT_MS,
      );
      expect(await archive.packs()).toEqual((await packs()).map(fileOf).toSorted());
      expect(reports.filter(({ kind }) => kind === "fault")).toEqual([]);
    } finally {
      stop.abort();
      await ended;
    }
  },
);
