/**
 * `npm run bench -- tamper [clean logs] [first seed]`: the whole tamper suite, and clean logs that may raise no alarm,
 * on three verifiers. Needs Go's packages; the figures are counts, so a busy machine changes none of them.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanLogs } from "../tamper/clean-log.ts";
import { NOTHING, added } from "../tamper/clean-log-tally.ts";
import { makeEvidence } from "../tamper/made.ts";
import { sideBySide } from "../tamper/side-by-side.ts";
import { tryAll } from "../tamper/try-mutation.ts";
import { GO_INSTALL, hasGo, startGo, startPython } from "../tamper/verifiers.ts";

/** Logs that one writer makes; while one batch is written, another is judged. */
const BATCH = 25;
const LANES = 2;
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
  let tried = 0;
  const outcomes = await tryAll(made, peers, ({ name, isGap, remarks }) => {
    if (++tried % 24 === 0) console.log(`${tried} mutations`);
    if (isGap) console.log(`known gap  ${name}`);
    for (const remark of remarks) console.log(`WRONG      ${name}: ${remark}`);
  });
  let cleanCount = 0;
  let entries = 0;
  const alarms: string[] = [];
  let drawn = NOTHING;
  const began = performance.now();
  console.log(`clean logs from seed ${firstSeed}`);
  const starts = Array.from({ length: Math.ceil(wanted / BATCH) }, (_, i) => i * BATCH);
  await sideBySide(starts, LANES, async (start) => {
    const batch = await cleanLogs(firstSeed + start, Math.min(BATCH, wanted - start), peers);
    cleanCount += batch.logs;
    entries += batch.entries;
    drawn = added(drawn, batch.drawn);
    alarms.push(...batch.alarms);
    for (const alarm of batch.alarms) console.log(`ALARM      ${alarm}`);
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(`${cleanCount} clean logs, ${entries} entries, ${alarms.length} alarms, ${seconds} s`);
  });
  const count = (is: (outcome: (typeof outcomes)[number]) => boolean): number => outcomes.filter(is).length;
  const result = {
    mutations: outcomes.length,
    detected: count((outcome) => outcome.detected),
    located: count((outcome) => outcome.located),
    knownGaps: count((outcome) => outcome.isGap),
    cleanLogs: cleanCount,
    falseAlarms: alarms.length,
    drawn,
    verdictsEqual: outcomes.every((outcome) => outcome.equal) && alarms.length === 0,
  };
  const absent = Object.entries(drawn).flatMap(([what, count]) => (count === 0 ? what : []));
  // A handful of logs draws not everything; hundreds that do not have a writer that stopped drawing it.
  if (wanted >= 100 && absent.length > 0) throw new Error(`never drawn: ${absent.join(", ")}`);
  console.log(`RESULT ${JSON.stringify(result)}`);
} finally {
  await peers.python.close();
  await peers.go.close();
  await rm(folder, { recursive: true, force: true });
}
