/**
 * Power cuts while recording, on a file system of its own: how much footage is lost, whether anything confirmed
 * is, whether every log verifies. Run with `npm run bench -- powercut [cuts]`; needs root for the loop device.
 */
import { randomInt } from "node:crypto";
import { PowerCutDisk, whyNoPowerCut } from "../crash/store/power-cut-disk.ts";
import { type RoundResult, powerCutRound } from "../crash/store/power-cut-round.ts";

const CAMERAS = 8;
const ROUNDS_PER_DISK = 5;
const SHORTEST_MS = 1000;
const LONGEST_MS = 8000;
const DISK_MIB = 1024;

const why = whyNoPowerCut();
if (why !== undefined) {
  console.error(`SKIPPED: a power cut ${why}`);
  process.exit(1);
}
const cuts = Number(process.argv.slice(2).find((word) => /^[0-9]+$/.test(word)) ?? "24");
const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;

const results: RoundResult[] = [];
while (results.length < cuts) {
  const disk = await PowerCutDisk.make(DISK_MIB);
  const end = (): void => {
    void disk.close().finally(() => process.exit(1));
  };
  process.once("SIGINT", end).once("SIGTERM", end);
  try {
    const confirmed = new Map<number, string>();
    for (let round = 0; round < ROUNDS_PER_DISK && results.length < cuts; round++) {
      const delayMs = randomInt(SHORTEST_MS, LONGEST_MS);
      const result = await powerCutRound({ disk, round, cameras: CAMERAS, delayMs, confirmed });
      results.push(result);
      const { lostMs, confirmedNow, ackedLost, holes, verified, remarks } = result;
      const most = Math.max(0, ...lostMs);
      console.log(
        `cut ${results.length} after ${delayMs} ms: most lost ${most} ms, ${confirmedNow} confirmed, ` +
          `${ackedLost} of them lost, ${holes} holes, ${verified ? "verifies" : "DOES NOT VERIFY"}` +
          remarks.map((remark) => `\n  ${remark}`).join(""),
      );
    }
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
    await disk.close();
  }
}
const lost = results.flatMap(({ lostMs }) => lostMs).sort((a, b) => a - b);
const sum = (of: (result: RoundResult) => number): number =>
  results.reduce((total, result) => total + of(result), 0);
console.log(
  `RESULT ${JSON.stringify({
    cuts: results.length,
    lostP50Ms: quantile(lost, 0.5),
    lostP99Ms: quantile(lost, 0.99),
    lostMaxMs: lost.at(-1),
    acked: sum(({ confirmedNow }) => confirmedNow),
    ackedLost: sum(({ ackedLost }) => ackedLost),
    holes: sum(({ holes }) => holes),
    logsVerified: sum(({ verified }) => (verified ? 1 : 0)),
  })}`,
);
