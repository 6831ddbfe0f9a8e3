/**
 * One power cut while recording, and what is left of it: the recorder's own words against the disk's. Each round
 * goes on with the folder of the rounds before.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type LogId, seq } from "../../../gateway/domain/ids.ts";
import { decodeEntry } from "../../../gateway/evidence/entry.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { openStore } from "../../../gateway/store/open-store.ts";
import type { StoreNotice } from "../../../gateway/store/ports.ts";
import { verdictOn } from "../../contract/store/verdict.ts";
import { FRAME_MS, pictureNumbers } from "./numbered-picture.ts";
import type { PowerCutDisk } from "./power-cut-disk.ts";

const RECORDER = fileURLToPath(new URL("power-cut-recorder.ts", import.meta.url));
const START_MS = 30_000;
const NUMBERS_PER_ROUND = 1_000_000;
const PAGE = 256;

export interface RoundOptions {
  readonly disk: PowerCutDisk;
  /** From 0. */
  readonly round: number;
  readonly cameras: number;
  /** From the recorder's readiness to the cut. */
  readonly delayMs: number;
  /** Confirmed in the rounds before, by sequence number; this round adds its own. */
  readonly confirmed: Map<number, string>;
}

export interface RoundResult {
  /** For each camera that sent a picture: from the last picture received to the last one kept. */
  readonly lostMs: readonly number[];
  readonly confirmedNow: number;
  /** Confirmed before the cut, in whatever round, and not there or not the same. */
  readonly ackedLost: number;
  /** Pictures missing between two that were kept. */
  readonly holes: number;
  readonly verified: boolean;
  /** What made it not verify, and notices of the start. */
  readonly remarks: readonly string[];
}

interface Told {
  readonly received: ReadonlyMap<string, number>;
  readonly confirmed: ReadonlyMap<number, string>;
}

export async function powerCutRound(options: RoundOptions): Promise<RoundResult> {
  const told = await recordUntilCut(options);
  for (const [at, hash] of told.confirmed) options.confirmed.set(at, hash);
  await options.disk.restore();
  return judgeDisk(options, told);
}

async function recordUntilCut({ disk, round, cameras, delayMs }: RoundOptions): Promise<Told> {
  const first = String(round * NUMBERS_PER_ROUND);
  const child = spawn(process.execPath, [RECORDER, disk.dataFolder, String(cameras), first], {
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: its signer and reader die with it.
    detached: true,
  });
  const ended = once(child, "close");
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const lines: string[] = [];
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const reading = createInterface({ input: child.stdout });
  reading.on("line", (line) => {
    lines.push(line);
    if (line.startsWith("ready ")) resolve();
  });
  let cutMs: number;
  try {
    const late = sleep(START_MS, "late", { ref: false });
    if ((await Promise.race([ready, late, ended])) !== undefined)
      throw new Error(`the recorder did not start: ${complaints.slice(0, 2000)}`);
    await sleep(delayMs);
    cutMs = await disk.cut();
  } finally {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, "SIGKILL");
    await ended;
  }
  const received = new Map<string, number>();
  const confirmed = new Map<number, string>();
  for (const line of lines) {
    const [kind = "", a = "", b = "", ms = ""] = line.split(" ");
    if (ms === "" || Number(ms) >= cutMs) continue;
    if (kind === "p") received.set(a, Number(b));
    if (kind === "a") confirmed.set(Number(a), b);
  }
  return { received, confirmed };
}

async function judgeDisk({ disk, round, confirmed }: RoundOptions, told: Told): Promise<RoundResult> {
  const remarks: string[] = [];
  const signer = await startSigner({ dataFolder: disk.dataFolder });
  const reader = createSealedReader();
  let kept: ReadonlyMap<string, readonly number[]> = new Map();
  let ackedLost = 0;
  let vkey = "";
  try {
    const store = await openStore({
      dataFolder: disk.dataFolder,
      clock: {
        boot: "judge",
        wallMs: () => Date.now(),
        monotonicMs: () => performance.now(),
        ntp: () => "synced",
      },
      randomBytes: (size) => randomBytes(size),
      unit: "unit",
      gateway: "g1",
      signer,
      sealedReader: reader,
      onNotice: (notice: StoreNotice) => {
        if (notice.kind !== "logOpened") remarks.push(JSON.stringify(notice));
      },
      limits: { reserveBytes: 65_536, lowWaterBytes: 1024, wantedFreeBytes: 2048 },
    });
    const { logId } = store.stats();
    if (store.logs().length !== 1) remarks.push(`${store.logs().length} logs`);
    for (const [at, hash] of confirmed) if (!(await isKept(store, logId, at, hash))) ackedLost++;
    kept = await keptPictures(store, logId, round);
    vkey = await signer.vkey(store.logs()[0]?.origin ?? "");
    await store.close();
  } finally {
    await reader.close();
    await signer.close();
  }
  const verdict = await verdictOn(disk.dataFolder, [vkey]);
  if (verdict.result !== "ok") remarks.push(JSON.stringify(verdict.findings));
  let holes = 0;
  for (const numbers of kept.values())
    holes += (numbers.at(-1) ?? -1) - (numbers[0] ?? 0) + 1 - numbers.length;
  return {
    lostMs: [...told.received].map(([camera, last]) => {
      const newest = kept.get(camera)?.at(-1) ?? round * NUMBERS_PER_ROUND - 1;
      return Math.max(0, last - newest) * FRAME_MS;
    }),
    confirmedNow: told.confirmed.size,
    ackedLost,
    holes,
    verified: verdict.result === "ok" && !remarks.some((remark) => remark.endsWith("logs")),
    remarks,
  };
}

/** Entry and body are there and are what was confirmed. */
async function isKept(store: Store, logId: LogId, at: number, hash: string): Promise<boolean> {
  const ref = { logId, seq: seq(at) };
  try {
    const entry = await store.readEntry(ref);
    await store.bodyValue(ref);
    return entry.sha256 === hash;
  } catch {
    // Whatever the reason, what was confirmed can't be read.
    return false;
  }
}

/** Numbers of this round's pictures by camera, ascending. */
async function keptPictures(
  store: Store,
  logId: LogId,
  round: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const kept = new Map<string, number[]>();
  for (let from = 0; from < store.stats().size; from += PAGE)
    for (const { seq: at, bytes } of await store.entries(logId, from, PAGE)) {
      const entry = decodeEntry(bytes);
      if (entry.type !== "fragment") continue;
      const numbers = pictureNumbers((await store.readFootage({ logId, seq: at })).bytes);
      const camera = entry.stream.split("/")[1] ?? "";
      const ofRound = numbers.filter((number) => Math.floor(number / NUMBERS_PER_ROUND) === round);
      kept.set(camera, [...(kept.get(camera) ?? []), ...ofRound]);
    }
  return kept;
}
