/**
 * A program that writes clean logs with the real store, signer and reader until each has the entries it was asked for,
 * or until it is killed; a second run goes on where the first one was. One line of JSON per log that is done.
 *
 * Arguments: a file with a list of CleanLog in JSON.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { createSealedReader } from "../../gateway/reader/client.ts";
import type { SealedReaderClient } from "../../gateway/reader/contract.ts";
import { startSigner } from "../../gateway/signer/client.ts";
import { formatVerifierKey } from "../../gateway/evidence/verifier-key.ts";
import { openStore } from "../../gateway/store/open-store.ts";
import type { Store } from "../../gateway/store/contract.ts";
import { type Seq, streamId } from "../../gateway/domain/ids.ts";
import type { EntryDraft } from "../../gateway/evidence/append.ts";
import type { SignerClient } from "../../gateway/signer/contract.ts";
import { acknowledged } from "./acknowledged.ts";
import { type CleanLog, randomOf } from "./clean-log.ts";
import { YEAR_END_MS } from "./years.ts";

const DAY_MS = 86_400_000;

/** A hall that is shut for days: the clock stands back at the log's beginning and jumps at each quarter of it. */
const shutMs = ({ emptyDays, entries }: CleanLog, size: number): number =>
  -emptyDays * DAY_MS * (1 - Math.min(3, Math.floor((4 * size) / entries)) / 3);

async function write(log: CleanLog, sealedReader: SealedReaderClient): Promise<void> {
  const { dataFolder, suite, entries } = log;
  // A run that was killed and goes on has drawn other numbers; what happens stays random either way.
  const random = randomOf(log.seed + Math.floor(performance.now()));
  await mkdir(dataFolder, { recursive: true });
  const signer = await startSigner({ dataFolder, suite });
  let offsetMs = log.years ? YEAR_END_MS - Date.now() : shutMs(log, 0);
  const store = await openStore({
    dataFolder,
    suite,
    clock: {
      boot: randomUUID(),
      wallMs: () => Date.now() + offsetMs,
      monotonicMs: () => performance.now(),
      ntp: () => "synced",
    },
    randomBytes,
    unit: "unit",
    gateway: "g1",
    signer,
    sealedReader,
    onNotice: () => undefined,
    limits: { reserveBytes: 4096, lowWaterBytes: 1024, checkpointMs: 50, volumeBytes: 20_000 },
  });
  await store.catchUp();
  for (;;) {
    const { size } = store.stats();
    if (!log.years) offsetMs = Math.max(offsetMs, shutMs(log, size));
    else if (store.logs().length === 1 && size >= entries / 2) offsetMs = 0;
    const left = entries - size - (store.logs().length === 1 && log.years ? 1 : 0);
    if (left <= 0 && (!log.years || store.logs().length > 1)) break;
    await step(store, signer, log, random, Math.max(1, left));
  }
  await store.close();
  await signer.close();
}

/** One group of entries, or one of the things that happen now and then. */
async function step(
  store: Store,
  signer: SignerClient,
  log: CleanLog,
  random: () => number,
  left: number,
): Promise<void> {
  const { logId, size } = store.stats();
  const dice = random();
  if (dice < 0.03 && left > 4) return changeKeys(store, signer);
  if (dice < 0.07 && left > 2 && size > 10) {
    for (let from = Math.floor(random() * (size - 1)); from < size; from++) {
      const { type, seq } = await store.readEntry({ logId, seq: from as Seq });
      if (type !== "person") continue;
      await store.erase({ logId, ranges: [[seq, seq + 1]], of: "all", basis: `list ${log.seed}` });
      return;
    }
    return;
  }
  if (dice < 0.1 && left > 3) return release(store);
  const count = Math.min(left, 1 + Math.floor(random() * 6));
  const drafts = Array.from({ length: count }, (): EntryDraft => {
    const what = random();
    if (what < 0.7)
      return {
        type: "fragment",
        stream: streamId(`camera/cam-${what < 0.4 ? 1 : 2}/main`),
        bytes: randomBytes(50 + Math.floor(random() * 900)),
        durMs: 2000,
      };
    const type = what < 0.8 ? "person" : what < 0.95 ? "intake" : "gap";
    return { type, stream: streamId(type), record: { json: { what } } };
  });
  await store.append(drafts);
}

async function changeKeys(store: Store, signer: SignerClient): Promise<void> {
  const origin = await store.currentOrigin();
  const next = await signer.nextVkeys(origin);
  const now = signer.vkeys(origin);
  const keys = next.map((to) => ({
    from: formatVerifierKey(now.findLast(({ type }) => type === to.type) ?? to),
    to: formatVerifierKey(to),
  }));
  await store.changeKeys({ keys, why: "rotation", by: "technician" });
}

async function release(store: Store): Promise<void> {
  const [volume] = await store.volumes();
  if (volume === undefined) return;
  const { draft, pack } = await acknowledged(store, volume);
  await store.append([draft]);
  await store.release({ ...volume, going: [[volume.firstSeq, volume.endSeq]], basis: "test", packs: [pack] });
}

const [list = ""] = process.argv.slice(2);
const logs = JSON.parse(await readFile(list, "utf8")) as readonly CleanLog[];
process.stdout.write("ready\n");
const waiting = [...logs];
const sealedReader = createSealedReader();
const work = async (): Promise<void> => {
  for (let log = waiting.shift(); log !== undefined; log = waiting.shift()) {
    await write(log, sealedReader);
    process.stdout.write(`${JSON.stringify({ done: log.seed })}\n`);
  }
};
await Promise.all([work(), work(), work(), work()]);
await sealedReader.close();
