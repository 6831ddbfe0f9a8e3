/**
 * A program that appends at full speed until it is killed, and prints each confirmed entry as `seq sha256`.
 * Arguments: data folder. Uses the real signer and reader.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { streamId } from "../../../gateway/domain/ids.ts";
import type { Clock } from "../../../gateway/domain/time.ts";
import type { EntryDraft } from "../../../gateway/evidence/append.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import { openStore } from "../../../gateway/store/open-store.ts";

const [dataFolder = ""] = process.argv.slice(2);
const clock: Clock = {
  boot: randomUUID(),
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  ntp: () => "synced",
};
const store = await openStore({
  dataFolder,
  clock,
  randomBytes,
  unit: "unit",
  gateway: "g1",
  signer: await startSigner({ dataFolder }),
  sealedReader: createSealedReader(),
  onNotice: (notice) => process.stderr.write(`${notice.kind}\n`),
  limits: { reserveBytes: 65_536, lowWaterBytes: 1024, checkpointMs: 50, volumeBytes: 3_000_000 },
});
process.stdout.write("ready\n");

async function camera(name: string): Promise<never> {
  for (let i = 0; ; i++) {
    const drafts: EntryDraft[] = [
      {
        type: "fragment",
        stream: streamId(`camera/${name}/main`),
        bytes: randomBytes(1000 + (i % 7) * 20_000),
      },
    ];
    if (i % 5 === 0)
      drafts.unshift({
        type: "gap",
        stream: streamId(`camera/${name}/main`),
        record: { json: { cause: "test", i } },
      });
    const appended = await store.append(drafts);
    process.stdout.write(appended.map(({ seq, entry }) => `${seq} ${entry.sha256}\n`).join(""));
  }
}

async function clerk(): Promise<never> {
  for (let i = 0; ; i++) {
    const appended = await store.append([
      { type: "intake", stream: streamId("intake"), record: { json: { i } } },
      { type: "person", stream: streamId("intake"), record: { json: { i } } },
    ]);
    process.stdout.write(appended.map(({ seq, entry }) => `${seq} ${entry.sha256}\n`).join(""));
    const [last] = appended.slice(-1);
    if (last !== undefined && i % 20 === 0) await store.covering(last);
  }
}

await Promise.all([camera("c1"), camera("c2"), camera("c3"), clerk()]);
