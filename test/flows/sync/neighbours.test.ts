/** Two gateways that witness each other while no archive is there: real stores, sync listeners, witness programs. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seq } from "../../../gateway/domain/ids.ts";
import { decodeEntry } from "../../../gateway/evidence/entry.ts";
import { type VerifierKey, formatVerifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { nodeSha256 } from "../../../gateway/signer/ed25519.ts";
import { type Neighbours, openNeighbours } from "../../../gateway/wiring/neighbours.ts";
import { openWitnessKey } from "../../../sync/archive/witness-key.ts";
import { testVerifierKey } from "../../contract/real-store.ts";
import { record, until } from "../../contract/store/opened-store.ts";
import { readSite } from "../../../gateway/config.ts";
import { type SealingGateway, openSealingGateway } from "./sealing-gateway.ts";

const SITE = new URL("../../../firmware-configs/demonstration/site.json", import.meta.url).pathname;
const LIMIT_MS = 30_000;

interface Box {
  readonly code: string;
  readonly dataFolder: string;
  readonly port: number;
  readonly witnessKey: VerifierKey;
  readonly faults: string[];
  readonly back: string[];
  readonly forks: string[];
  gateway: SealingGateway;
  neighbours?: Neighbours;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise<void>((done) => server.close(() => done()));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

let boxes: readonly [Box, Box];

async function box(code: string, other: () => readonly VerifierKey[]): Promise<Box> {
  const dataFolder = await mkdtemp(join(tmpdir(), "neighbour-"));
  const place = join(dataFolder, "secrets", "witness", "witness.key");
  const { key } = await openWitnessKey(place, `test-unit/${code}/witness`, nodeSha256);
  return {
    code,
    dataFolder,
    port: await freePort(),
    witnessKey: key,
    faults: [],
    back: [],
    forks: [],
    gateway: await openSealingGateway(new Set(), { code, witnesses: other }),
  };
}

async function showTo(own: Box, other: Box): Promise<void> {
  own.neighbours = await openNeighbours({
    config: {
      dataFolder: own.dataFolder,
      ports: { http: 0, https: 0, mqtt: 0, mqtts: 0, sync: 0, witness: own.port },
      site: {
        ...readSite(SITE),
        unit: "test-unit",
        gateway: own.code,
        neighbours: [
          {
            logKeys: [testVerifierKey(other.gateway.origin)],
            witnessUrl: `http://127.0.0.1:${other.port}`,
            witnessKey: formatVerifierKey(other.witnessKey),
          },
        ],
      },
    },
    certificates: own.gateway.certificates,
    sha256: nodeSha256,
    onFault: (code) => own.faults.push(code),
    onBack: (url) => own.back.push(url),
    onForeignFork: (origin) => own.forks.push(origin),
  });
  await own.neighbours.start(own.gateway.url);
}

beforeEach(async () => {
  const first = await box("g1", () => [boxes[1].witnessKey]);
  const second = await box("g2", () => [first.witnessKey]);
  boxes = [first, second];
});
afterEach(async () => {
  for (const { neighbours, gateway, dataFolder } of boxes) {
    await neighbours?.close();
    await gateway.close();
    await rm(dataFolder, { recursive: true });
  }
});

interface Sighting {
  readonly at: number;
  readonly by: unknown;
  readonly size: number;
  readonly timeS: number;
}

async function sightings({ gateway }: Box): Promise<readonly Sighting[]> {
  const { store } = gateway;
  const { logId, size } = store.stats();
  const found: Sighting[] = [];
  for (const { bytes, seq: at } of await store.entries(logId, 0, size)) {
    if (decodeEntry(bytes).type !== "sighting") continue;
    const { by, size: seen, timeS } = (await store.readRecord({ logId, seq: at })).body.json;
    found.push({ at, by, size: Number(seen), timeS: Number(timeS) });
  }
  return found;
}

describe("two gateways without an archive", () => {
  it("see each other's logs, so that every entry lies between two foreign times", async () => {
    const [a, b] = boxes;
    await showTo(a, b);
    await showTo(b, a);
    for (let round = 1; round <= 2; round++) {
      for (const own of boxes) {
        const [entry] = await own.gateway.store.append([record({ round })]);
        if (entry === undefined) throw new Error("appended");
        await own.gateway.store.covering(entry);
        await until(
          `${own.code} is seen`,
          async () => (await sightings(own)).some(({ size }) => size > entry.seq),
          LIMIT_MS,
        );
        await until("nothing is exposed", () => own.gateway.handover.exposureMs() === 0, LIMIT_MS);
      }
    }
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const seen = await sightings(own);
      const [first] = seen;
      const last = seen.at(-1);
      if (first === undefined || last === undefined) throw new Error("it was seen");
      expect(new Set(seen.map(({ by }) => by))).toEqual(new Set([other.witnessKey.name]));
      // What came after the first sighting and before the last is bounded from both sides by a foreign clock.
      expect(last.size).toBeGreaterThan(first.at + 1);
      expect(last.timeS).toBeGreaterThanOrEqual(first.timeS);
      expect(own.forks).toEqual([]);
    }
  });

  it("go on alone when the other is away, and tell of it once", async () => {
    const [a, b] = boxes;
    await showTo(a, b);
    await until("its absence is told", () => a.faults.length > 0, LIMIT_MS);
    expect(a.faults).toEqual(["away"]);
    const [entry] = await a.gateway.store.append([record({ alone: true })]);
    expect(entry?.seq).toBeGreaterThan(0);
    await showTo(b, a);
    await until("its return is told", () => a.back.length > 0, LIMIT_MS);
    await until("the entry is seen", async () => (await sightings(a)).length > 0, LIMIT_MS);
    expect(a.gateway.store.logs()[0]?.size).toBeGreaterThan(seq(1));
  });
});
