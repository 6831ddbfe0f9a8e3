/**
 * Papers under load, and how fast the views come back: the whole gateway over HTTP with 50 clerks who each issue a paper
 * every two seconds, then a rebuild from a log of intake events. A paper counts when its answer says that it is durable,
 * signed and rendered. Run with `npm run bench -- intake [seconds] [events]`; 0 leaves a part out.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asShipped, startGatewayProcess } from "../flows/running-gateway.ts";
import { type BenchClerk, openOffice } from "./intake-clerk.ts";
import { figures, residentMiB } from "./process-figures.ts";

const CLERKS = 50;
const EVERY_MS = 2000;
const WARM_MS = 10_000;
const [seconds = 60, events = 1_000_000] = process.argv
  .slice(2)
  .filter((word) => /^[0-9]+$/.test(word))
  .map(Number);

const CONFIGS = fileURLToPath(new URL("../../firmware-configs/demonstration/", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "bench-intake-"));

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
const round = (value: number): number => Math.round(value * 10) / 10;

async function issue(): Promise<Readonly<Record<string, number>>> {
  await mkdir(join(folder, "site"));
  await copyFile(join(CONFIGS, "matters.json"), join(folder, "site", "matters.json"));
  const site = {
    unit: "bench",
    gateway: "b1",
    authority: {
      name: { zh: "测试市人力资源和社会保障局", en: "Bench Bureau" },
      code: "11000000000000000X",
      shortName: "测人社",
      address: "一层",
      phone: "010-00000000",
      remedies: ["可以自收到之日起六十日内申请行政复议"],
    },
    profile: "hrss-unnamed",
    catalogue: "matters.json",
    counters: Array.from({ length: 16 }, (_, index) => ({
      id: `counter-${index + 1}`,
      name: `${index + 1}`,
    })),
  };
  const file = join(folder, "site", "site.json");
  await writeFile(file, JSON.stringify(site));
  const gateway = await startGatewayProcess({ dataFolder: join(folder, "data"), site: file });
  try {
    const port = Number(new URL(gateway.url).port);
    const code = /set-up code: (\S+)/.exec(gateway.output())?.[1] ?? "";
    const office = await openOffice(port, code);
    const clerks: BenchClerk[] = [];
    for (let index = 0; index < CLERKS; index += 1) clerks.push(await office.clerk(index));
    const began = performance.now();
    const cpuBefore = { at: began, cpuS: 0 };
    const ends = began + WARM_MS + seconds * 1000;
    await Promise.all(
      clerks.map(async (clerk, index) => {
        // Spread over the two seconds, as people are.
        let next = began + (index * EVERY_MS) / CLERKS;
        while (next < ends) {
          await new Promise((done) => setTimeout(done, Math.max(0, next - performance.now())));
          if (cpuBefore.cpuS === 0 && performance.now() > began + WARM_MS) {
            cpuBefore.at = performance.now();
            cpuBefore.cpuS = figures([gateway.pid]).cpuS;
          }
          clerk.counts = performance.now() >= began + WARM_MS;
          await clerk.issueOne();
          next = Math.max(next + EVERY_MS, performance.now());
        }
      }),
    );
    const { cpuS, pssMiB, anonymousMiB } = figures([gateway.pid]);
    const times = clerks.flatMap((clerk) => clerk.issueMs).toSorted((a, b) => a - b);
    const others = clerks.flatMap((clerk) => clerk.otherMs).toSorted((a, b) => a - b);
    const numbers = clerks.flatMap((clerk) => clerk.numbers);
    for (const error of clerks.flatMap((clerk) => clerk.errors).slice(0, 5)) console.error(error);
    const wallS = (performance.now() - cpuBefore.at) / 1000;
    return {
      clerks: CLERKS,
      issues: times.length,
      issuesPerS: round(times.length / wallS),
      issueP50Ms: round(quantile(times, 0.5)),
      issueP95Ms: round(quantile(times, 0.95)),
      issueP99Ms: round(quantile(times, 0.99)),
      issueMostMs: round(times.at(-1) ?? Number.NaN),
      otherP99Ms: round(quantile(others, 0.99)),
      errors: clerks.flatMap((clerk) => clerk.errors).length,
      duplicateNumbers: numbers.length - new Set(numbers).size,
      gatewayCpuCores: round(((cpuS - cpuBefore.cpuS) / wallS) * 10) / 10,
      gatewayPssMiB: Math.round(pssMiB),
      gatewayAnonymousMiB: Math.round(anonymousMiB),
    };
  } finally {
    await gateway.close();
  }
}

const LOOK_EVERY_MS = 250;

/**
 * Each phase in a process of its own, started with the variables and flags of the gateway, so that its peak of memory
 * is its own too: looked at four times a second, with the pages of LevelDB's tables and without.
 */
async function child(phase: "write" | "rebuild"): Promise<Readonly<Record<string, number>>> {
  const script = fileURLToPath(new URL("./intake-rebuild.ts", import.meta.url));
  const { env, flags } = asShipped();
  const run = spawn(process.execPath, [...flags, script, phase, join(folder, "million"), String(events)], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const peak = { [`${phase}PeakMiB`]: 0, [`${phase}PeakWithTablesMiB`]: 0 };
  const looking = setInterval(() => {
    if (run.pid === undefined || run.exitCode !== null) return;
    const { anonymousMiB, fileMiB } = residentMiB(run.pid);
    for (const [name, now] of Object.entries({
      PeakMiB: anonymousMiB,
      PeakWithTablesMiB: anonymousMiB + fileMiB,
    }))
      peak[phase + name] = Math.max(peak[phase + name] ?? 0, Math.round(now));
  }, LOOK_EVERY_MS);
  let output = "";
  run.stdout.on("data", (data: Buffer) => {
    output += data.toString();
  });
  const [status] = (await once(run, "exit")) as [number | null];
  clearInterval(looking);
  if (status !== 0) throw new Error(`${phase} ended with ${status}\n${output}`);
  return { ...(JSON.parse(output) as Record<string, number>), ...peak };
}

try {
  const issued = seconds === 0 ? {} : await issue();
  console.log(issued);
  let rebuilt = {};
  if (events > 0) {
    console.log(await child("write"));
    rebuilt = await child("rebuild");
  }
  console.log(`RESULT ${JSON.stringify({ ...issued, ...rebuilt })}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
