/**
 * Random clean logs: what happens in each follows from a seed, with sizes around the edges of tiles, restarts, kill -9
 * of the writer, erasures, releases, changes of keys, both suites, year changes and days without any entry. Invariant: none may raise an alarm.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Entry } from "../../gateway/evidence/entry.ts";
import { TRUST_PATH } from "../../gateway/evidence/folder.ts";
import type { Suite } from "../../gateway/evidence/suite.ts";
import type { VerdictResult } from "../../gateway/evidence/verify/finding.ts";
import { resultFor } from "../../gateway/evidence/verify/parts.ts";
import { listLogs } from "../../gateway/store/folders.ts";
import { NOTHING, type Tally, added, drawnIn } from "./clean-log-tally.ts";
import { writeEvidenceFolder } from "./evidence-folder-of.ts";
import { readItems } from "./forge.ts";
import type { Peers } from "./try-mutation.ts";
import { sideBySide } from "./side-by-side.ts";
import { ours } from "./verifiers.ts";

export interface CleanLog {
  readonly seed: number;
  readonly dataFolder: string;
  /** Entries that the log, or the younger of two, has at its end. */
  readonly entries: number;
  readonly suite: Suite;
  readonly years: boolean;
  /** Days for which nothing is written, in three parts of the log; 0 where the year changes. */
  readonly emptyDays: number;
}

const WRITER = fileURLToPath(new URL("clean-log-writer.ts", import.meta.url));
const EDGES = [1, 2, 3, 255, 256, 257, 511, 512, 513];
const KILLS = 2;
/** Logs that are judged at a time: a program that is waited for leaves a core to the next. */
const JUDGES = 2;

/** Numbers from 0 to below 1 that follow from the seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function planOf(seed: number, folder: string): CleanLog {
  const random = randomOf(seed);
  const edge = EDGES[Math.floor(random() * EDGES.length)] ?? 1;
  const entries = random() < 0.5 ? edge : 1 + Math.floor(random() * 90);
  const suite = random() < 0.3 ? "sm2-sm3" : "ed25519-sha256";
  const years = random() < 0.2;
  const emptyDays = !years && random() < 0.3 ? 3 + Math.floor(random() * 9) : 0;
  return { seed, dataFolder: join(folder, String(seed)), entries, suite, years, emptyDays };
}

async function run(list: string, killAfterMs: number | undefined): Promise<void> {
  const child = spawn(process.execPath, [WRITER, list], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, "close");
  let timer: NodeJS.Timeout | undefined;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line === "ready" && killAfterMs !== undefined)
      timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  });
  const [code, signal] = await ended;
  clearTimeout(timer);
  if (code !== 0 && signal !== "SIGKILL") throw new Error(`the writer ended with ${code}\n${errors}`);
}

export interface CleanResult {
  readonly logs: number;
  readonly entries: number;
  /** Alarms of any verifier, in words. */
  readonly alarms: readonly string[];
  readonly drawn: Tally;
}

/** Makes and judges the logs of the seeds from `firstSeed` on, some of them at a time. */
export async function cleanLogs(firstSeed: number, count: number, peers: Peers): Promise<CleanResult> {
  const folder = await mkdtemp(join(tmpdir(), "clean-"));
  const alarms: string[] = [];
  let entries = 0;
  let drawn = NOTHING;
  try {
    const plans = Array.from({ length: count }, (_, i) => planOf(firstSeed + i, folder));
    const list = join(folder, "list.json");
    await writeFile(list, JSON.stringify(plans));
    const random = randomOf(firstSeed);
    for (let kill = 0; kill < KILLS; kill++) await run(list, 100 + random() * 1500);
    await run(list, undefined);
    await sideBySide(plans, JUDGES, async (plan) => {
      const logs = await judgeOne(plan, peers, alarms);
      entries += logs.flat().length;
      drawn = added(drawn, drawnIn(logs, plan.suite));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { logs: count, entries, alarms, drawn };
}

/** Returns the entries of its logs. */
async function judgeOne(plan: CleanLog, peers: Peers, alarms: string[]): Promise<readonly Entry[][]> {
  const { seed, dataFolder } = plan;
  const isAlarm = (result: string): boolean => !["ok", "erased", "released"].includes(result);
  const verdict = await ours({ folder: dataFolder });
  const note = (who: string, what: string): void => void alarms.push(`seed ${seed}: ${who}: ${what}`);
  if (isAlarm(verdict.result)) note("ours", JSON.stringify(verdict.findings.slice(0, 4)));
  const logs: Entry[][] = [];
  for (const logId of await listLogs(dataFolder)) {
    const folder = join(dataFolder, "..", `${seed}-folders`, logId);
    await writeEvidenceFolder(dataFolder, logId, folder);
    const entries = (await readItems(folder)).map(({ entry }) => entry);
    logs.push(entries);
    const announced = entries.flatMap(({ vkey }) => vkey ?? []);
    // Whoever holds the first keys alone has to come to the same.
    const trusts = announced.length === 0 ? [undefined] : [undefined, await firstTrust(folder, announced)];
    let whole: VerdictResult | undefined;
    for (const trustText of trusts) {
      const question = { folder, ...(trustText === undefined ? {} : { trustText }) };
      const one = await ours(question);
      const held = trustText === undefined ? "" : ", by the first keys";
      // A log alone may lack what the next year's one says of it; that is no matter of the keys.
      whole ??= one.result;
      if (one.result !== whole) note(`ours, ${logId}${held}`, JSON.stringify(one.findings.slice(0, 4)));
      for (const verifier of ["python", "go"] as const) {
        const answer = await peers[verifier]?.ask(question);
        const wanted = resultFor(verifier, one.findings);
        if (answer !== undefined && answer.result !== wanted)
          note(`${verifier}${held}`, `${answer.result}, ours ${wanted}\n${answer.output}`);
      }
    }
  }
  return logs;
}

/** The folder's trust file without the keys that the log itself announces. */
async function firstTrust(folder: string, announced: readonly string[]): Promise<string> {
  const lines = (await readFile(join(folder, TRUST_PATH), "utf8")).split("\n");
  return lines.filter((line) => !announced.some((vkey) => line === `log ${vkey}`)).join("\n");
}
