/**
 * Appends people, erases every second of them and is gone at a chosen moment: `entry` when the `erase` entry is
 * durable and nothing is carried out, or `after` some milliseconds. Prints the erased sequence numbers first.
 * Arguments: data folder, moment, milliseconds.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { streamId } from "../../../gateway/domain/ids.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import { openStore } from "../../../gateway/store/open-store.ts";

const PEOPLE = 300;
const [dataFolder = "", moment = "", afterMs = "0"] = process.argv.slice(2);
const store = await openStore({
  dataFolder,
  clock: {
    boot: randomUUID(),
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    ntp: () => "synced",
  },
  randomBytes,
  unit: "unit",
  gateway: "g1",
  signer: await startSigner({ dataFolder }),
  sealedReader: createSealedReader(),
  onNotice: (notice) => process.stderr.write(`${notice.kind}\n`),
  limits: { reserveBytes: 65_536, lowWaterBytes: 1024, checkpointMs: 50 },
});
const people = await store.append(
  Array.from({ length: PEOPLE }, (_, i) => ({
    type: "person" as const,
    stream: streamId("intake"),
    record: { json: { secret: `name-that-must-go-${i % 2}-${i}`, fill: "x".repeat(20_000) } },
  })),
);
const going = people.filter((_, i) => i % 2 === 0);
process.stdout.write(`${JSON.stringify(going.map(({ seq }) => seq))}\n`);
store.onAppended((appended) => {
  if (moment === "entry" && appended.some(({ entry }) => entry.type === "erase"))
    process.kill(process.pid, "SIGKILL");
});
if (moment === "after") setTimeout(() => process.kill(process.pid, "SIGKILL"), Number(afterMs));
const [first] = going;
if (first !== undefined)
  await store.erase({
    logId: first.logId,
    ranges: going.map(({ seq }) => [seq, seq + 1]),
    of: "all",
    basis: "list-2026-1",
  });
process.stdout.write("erased\n");
process.kill(process.pid, "SIGKILL");
