/** Clean logs raise no alarm in any verifier, whatever happened to them; the bench does the same with a thousand. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { streamId } from "../../gateway/domain/ids.ts";
import { formatVerifierKey } from "../../gateway/evidence/verifier-key.ts";
import { cleanLogs } from "./clean-log.ts";
import { writeEvidenceFolder } from "./evidence-folder-of.ts";
import type { Peers } from "./try-mutation.ts";
import { running } from "./turned.ts";
import { GO_INSTALL, hasGo, ours, startGo, startPython } from "./verifiers.ts";

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
  const { alarms, entries, drawn } = await cleanLogs(seed, LOGS, peers);
  console.log(`drawn: ${JSON.stringify(drawn)}`);
  expect(alarms, `seed ${seed}`).toEqual([]);
  expect(entries).toBeGreaterThan(LOGS);
}, 120_000);

it("a key that was announced again after it came into force is no alarm, by the first keys either", async () => {
  const place = await mkdtemp(join(tmpdir(), "twice-"));
  try {
    const dataFolder = join(place, "data");
    const { logId, trustText } = await running(dataFolder, "sm2-sm3", async (store, signer) => {
      const log = store.logs()[0];
      if (log === undefined) throw new RangeError("no log");
      const first = signer.vkeys(log.origin);
      const keys = (await signer.nextVkeys(log.origin)).map((to) => ({
        from: formatVerifierKey(first.find(({ type }) => type === to.type) ?? to),
        to: formatVerifierKey(to),
      }));
      await store.changeKeys({ keys, why: "rotation", by: "technician" });
      const again = keys.map(({ from, to }) => ({
        type: "key" as const,
        stream: streamId("log"),
        vkey: to,
        record: { json: { from, to, why: "rotation", by: "technician" } },
      }));
      const last = (await store.append(again)).at(-1);
      if (last === undefined) throw new RangeError("nothing was written");
      await store.covering(last);
      const lines = first.map((key) => `log ${formatVerifierKey(key)}\n`).join("");
      return { logId: log.logId, trustText: `${lines}quorum none\n` };
    });
    const folder = join(place, logId);
    await writeEvidenceFolder(dataFolder, logId, folder);
    const verdict = await ours({ folder, trustText });
    expect(verdict.findings).toEqual([]);
    expect((await peers.python.ask({ folder, trustText })).output).toContain("· ok");
    if (peers.go !== undefined)
      expect((await peers.go.ask({ folder, trustText })).output).toContain("RESULT ok");
  } finally {
    await rm(place, { recursive: true, force: true });
  }
});
