/** Clean logs raise no alarm in any verifier, whatever happened to them; the bench does the same with a thousand. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { cleanLogs } from "./clean-log.ts";
import type { Peers } from "./try-mutation.ts";
import { GO_INSTALL, hasGo, startGo, startPython } from "./verifiers.ts";

const LOGS = 12;

if (!hasGo()) console.warn(`SKIPPED: the third verifier needs ${GO_INSTALL}`);

let peers: Peers;
beforeAll(async () => {
  peers = { python: await startPython(), go: hasGo() ? await startGo() : undefined };
}, 120_000);
afterAll(async () => {
  await peers?.python.close();
  await peers?.go?.close();
});

it("restarts, kill -9, erasures, releases, changed keys, both suites and year changes raise no alarm", async () => {
  const seed = Date.now() % 1_000_000;
  console.log(`clean logs from seed ${seed}`);
  const { alarms, entries } = await cleanLogs(seed, LOGS, peers);
  expect(alarms, `seed ${seed}`).toEqual([]);
  expect(entries).toBeGreaterThan(LOGS);
}, 120_000);
