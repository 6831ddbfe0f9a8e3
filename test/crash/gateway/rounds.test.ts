/**
 * The whole gateway is killed again and again while everything is at work: camera, dock, clerks. Invariant that is
 * tested: what was answered is there afterwards, every number once and none left out, every paper with its rendition.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import type { DocumentView } from "../../../gateway/http/contract/documents.ts";
import type { Healthz } from "../../../gateway/http/contract/health.ts";
import type { IssuedDocumentRow } from "../../../gateway/http/contract/supervisor.ts";
import { until } from "../../flows/children.ts";
import { CounterClerk, type GivenPaper } from "../../flows/counter-clerk.ts";
import { type RunningGateway, startGatewayProcess } from "../../flows/running-gateway.ts";
import { Caller } from "../../flows/signed-in.ts";
import { proves } from "../../law/proves.ts";

const ROUNDS = 10;
const LIMIT_MS = 240_000;
const FIRST_KILL_MS = 500;
const LAST_KILL_MS = 3000;
/** Papers that the first rounds have issued at the least, whatever the machine: a run without any proves nothing. */
const FEWEST_PAPERS = 5;
const seed = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);

/** Mulberry32: the same seed kills at the same moments. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const dataFolder = await mkdtemp(join(tmpdir(), "crash-rounds-"));
let gateway: RunningGateway | undefined;
afterAll(async () => {
  await gateway?.kill();
  await rm(dataFolder, { recursive: true, force: true });
});

const healthOf = async (at: RunningGateway): Promise<Healthz> =>
  (await (await fetch(`${at.url}/healthz`, { signal: AbortSignal.timeout(10_000) })).json()) as Healthz;
const enter = async (at: RunningGateway, user: string): Promise<Caller> =>
  Caller.signIn(at.url, user, await at.password(user));

async function issuedPapers(supervisor: Caller): Promise<readonly IssuedDocumentRow[]> {
  const found: IssuedDocumentRow[] = [];
  let before = "";
  for (;;) {
    const { rows, next } = (await supervisor.json("GET", `/api/ledgers/documents?limit=500${before}`)) as {
      readonly rows: readonly IssuedDocumentRow[];
      readonly next?: string;
    };
    found.push(...rows);
    if (next === undefined) return found;
    before = `&before=${encodeURIComponent(next)}`;
  }
}

describe("ten kills of the whole gateway", () => {
  const answered: GivenPaper[] = [];
  /** Largest size of the log that a monitor was told; it may never be less. */
  let largest = 0;
  let started: number[] = [];
  const look = async (at: RunningGateway): Promise<void> => {
    const { size } = (await healthOf(at)).log;
    expect(size).toBeGreaterThanOrEqual(largest);
    largest = size;
  };

  /** Serves applicants until the gateway is gone. A refusal by a gateway that is there is a fault. */
  async function serve(at: RunningGateway, isKilled: () => boolean): Promise<void> {
    try {
      const clerk = new CounterClerk(await enter(at, "clerk"), "counter-1", (paper) => answered.push(paper));
      for (let turn = 0; !isKilled(); turn += 1) {
        await clerk.serve(turn % 2 === 0 ? "accept" : "notify-correction");
        await look(at);
      }
    } catch (error) {
      if (!isKilled()) throw error;
    }
  }

  it(
    `comes back after each of them (CRASH_SEED=${seed})`,
    async () => {
      console.log(`CRASH_SEED=${seed}`);
      const random = randomFrom(seed);
      for (let round = 0; round < ROUNDS; round += 1) {
        const at = await startGatewayProcess({ dataFolder });
        gateway = at;
        started = [...started, Math.round(at.readyAfterMs)];
        await look(at);
        let killed = false;
        const serving = serve(at, () => killed);
        const afterMs = FIRST_KILL_MS + random() * (LAST_KILL_MS - FIRST_KILL_MS);
        try {
          await Promise.race([new Promise((resolve) => setTimeout(resolve, afterMs)), serving]);
        } finally {
          killed = true;
          await at.kill();
        }
        await serving;
      }
      expect(answered.length).toBeGreaterThanOrEqual(FEWEST_PAPERS);
      console.log(`${answered.length} papers answered, starts took ${started.join(" ")} ms`);
    },
    LIMIT_MS,
  );

  it(
    proves(["S3-A-4"], "kept every number that was answered, each once, none left out, all with rendition"),
    async () => {
      const at = await startGatewayProcess({ dataFolder });
      gateway = at;
      await look(at);
      const supervisor = await enter(at, "supervisor");
      const issued = await issuedPapers(supervisor);
      const byId = new Map(issued.map((row) => [row.documentId as string, row]));
      for (const { documentId, kind, number } of answered)
        expect(byId.get(documentId)).toMatchObject({ kind, number });

      const numbers = issued.map(({ number }) => number);
      expect(new Set(numbers).size).toBe(numbers.length);
      for (const kind of new Set(issued.map((row) => row.kind))) {
        const serials = issued
          .filter((row) => row.kind === kind)
          .map(({ number }) => Number(/(\d+)号?$/.exec(number)?.[1]))
          .sort((a, b) => a - b);
        expect(serials, kind).toEqual(serials.map((_, index) => index + 1));
      }
      for (const { documentId } of issued) {
        const view = (await supervisor.json("GET", `/api/documents/${documentId}`)) as DocumentView;
        expect(view.rendition, documentId).not.toBeNull();
      }
      console.log(`${issued.length} papers in the log, ${answered.length} of them answered`);
    },
    LIMIT_MS,
  );

  it(
    "records on and has the body camera's file whole",
    async () => {
      if (gateway === undefined) throw new Error("no gateway");
      const at = gateway;
      await until("a fragment of this start", 20_000, async () =>
        (await healthOf(at)).cameras.some(({ state }) => state === "recording"),
      );
      const supervisor = await enter(at, "supervisor");
      await until(
        "a file of the dock",
        30_000,
        async () => ((await supervisor.json("GET", "/api/dock-files")) as readonly unknown[]).length > 0,
      );
    },
    LIMIT_MS,
  );

  it(
    proves(["S3-C-8"], "leaves a data folder in which the check finds nothing wrong"),
    async () => {
      expect(await gateway?.close()).toBe(0);
      gateway = undefined;
      const { stdout } = await promisify(execFile)(process.execPath, [
        "gateway/commands/verify.ts",
        dataFolder,
      ]);
      console.log(stdout.trim().split("\n").at(-1));
    },
    LIMIT_MS,
  );
});
