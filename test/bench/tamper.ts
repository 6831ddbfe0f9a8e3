/**
 * `npm run bench -- tamper [clean logs] [first seed]`: the whole tamper suite, and clean logs that may raise no alarm,
 * on three verifiers. Needs Go's packages; the figures are counts, so a busy machine changes none of them.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanLogs } from "../tamper/clean-log.ts";
import { makeEvidence } from "../tamper/made.ts";
import { tryAll } from "../tamper/try-mutation.ts";
import { GO_INSTALL, hasGo, startGo, startPython } from "../tamper/verifiers.ts";

const BATCH = 50;
const [logsText = "1000", seedText = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const wanted = Number(logsText);
const firstSeed = Number(seedText);
if (!hasGo()) {
  console.error(`the third verifier needs ${GO_INSTALL}`);
  process.exit(1);
}
const folder = await mkdtemp(join(tmpdir(), "tamper-bench-"));
const peers = { python: await startPython(), go: await startGo() };
try {
  const made = await makeEvidence(folder);
  const outcomes = await tryAll(made, peers, ({ name, isGap, remarks }) => {
    if (isGap) console.log(`known gap  ${name}`);
    for (const remark of remarks) console.log(`WRONG      ${name}: ${remark}`);
  });
  let cleanCount = 0;
  let entries = 0;
  const alarms: string[] = [];
  console.log(`clean logs from seed ${firstSeed}`);
  while (cleanCount < wanted) {
    const count = Math.min(BATCH, wanted - cleanCount);
    const batch = await cleanLogs(firstSeed + cleanCount, count, peers);
    cleanCount += batch.logs;
    entries += batch.entries;
    alarms.push(...batch.alarms);
    for (const alarm of batch.alarms) console.log(`ALARM      ${alarm}`);
    console.log(`${cleanCount} clean logs, ${entries} entries, ${alarms.length} alarms`);
  }
  const count = (is: (outcome: (typeof outcomes)[number]) => boolean): number => outcomes.filter(is).length;
  const result = {
    mutations: outcomes.length,
    detected: count((outcome) => outcome.detected),
    located: count((outcome) => outcome.located),
    knownGaps: count((outcome) => outcome.isGap),
    cleanLogs: cleanCount,
    falseAlarms: alarms.length,
    verdictsEqual: outcomes.every((outcome) => outcome.equal) && alarms.length === 0,
  };
  console.log(`RESULT ${JSON.stringify(result)}`);
} finally {
  await peers.python.close();
  await peers.go.close();
  await rm(folder, { recursive: true, force: true });
}
