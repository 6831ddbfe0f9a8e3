/**
 * How long a start takes on a data folder of 1 TB, which many small volumes stand in for: 1,000 volumes of an hour
 * and the log that such a folder has (a million entries). Run with `npm run bench -- start [entries] [volumes]`.
 */
import { randomBytes } from "node:crypto";
import { link, mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { streamId } from "../../gateway/domain/ids.ts";
import type { EntryDraft } from "../../gateway/evidence/append.ts";
import { createSealedReader } from "../../gateway/reader/client.ts";
import { catalogueProjection } from "../../gateway/recording/catalogue.ts";
import type { Store } from "../../gateway/store/contract.ts";
import { volumeFolder } from "../../gateway/store/folders.ts";
import { openStore } from "../../gateway/store/open-store.ts";
import { MovableClock } from "../contract/store/opened-store.ts";
import { MemorySigner } from "../contract/store/memory-signer.ts";

const CAMERAS = 16;
const GROUP = 512;
const [entries = 1_000_000, volumes = 1000] = process.argv
  .slice(2)
  .filter((word) => /^[0-9]+$/.test(word))
  .map(Number);

const folder = await mkdtemp(join(tmpdir(), "bench-start-"));
const clock = new MovableClock();
const signer = new MemorySigner();
const reader = createSealedReader();

async function open(): Promise<Store> {
  const store = await openStore({
    dataFolder: folder,
    clock,
    randomBytes: (size) => randomBytes(size),
    unit: "bench",
    gateway: "g1",
    signer,
    sealedReader: reader,
    onNotice: () => {},
    limits: { reserveBytes: 4096 },
  });
  store.register(catalogueProjection);
  return store;
}

async function figure(file: string, name: string): Promise<number> {
  const match = new RegExp(`^${name}: (\\d+)$`, "m").exec(await readFile(file, "utf8"));
  return Number(match?.[1] ?? Number.NaN);
}

try {
  const store = await open();
  await store.catchUp();
  const init = Array.from({ length: CAMERAS }, (_, i): EntryDraft => ({
    type: "init",
    stream: streamId(`camera/c${i}/main`),
    bytes: randomBytes(700),
  }));
  const [first] = await store.append(init);
  if (first === undefined) throw new Error("nothing appended");
  for (let done = 0; done < entries; done += GROUP) {
    const group = Array.from({ length: GROUP }, (_, i): EntryDraft => ({
      type: "fragment",
      stream: streamId(`camera/c${i % CAMERAS}/main`),
      bytes: Buffer.from(`${done + i}`),
      t: clock.wallMs() + Math.floor((done + i) / CAMERAS) * 2000,
      durMs: 2000,
      codec: "avc1.4d0028",
    }));
    await store.append(group);
  }
  clock.monotonicOffsetMs += 3_600_001;
  const [last] = await store.append([{ type: "chunk", stream: streamId("dock/d1"), bytes: randomBytes(10) }]);
  await store.catchUp();
  await store.close();
  const log = join(folder, first.logId);
  const sealed = volumeFolder(log, first.seq);
  const step = Math.max(1, Math.floor((last?.seq ?? 0) / volumes));
  for (let i = 1; i < volumes; i++) {
    const to = volumeFolder(log, first.seq + i * step);
    await mkdir(to);
    for (const name of await readdir(sealed)) await link(join(sealed, name), join(to, name));
  }

  const readBefore = await figure("/proc/self/io", "rchar");
  const began = performance.now();
  const again = await open();
  const openMs = performance.now() - began;
  await again.catchUp();
  const caughtUpMs = performance.now() - began;
  const readMiB = ((await figure("/proc/self/io", "rchar")) - readBefore) / 1024 / 1024;
  await again.append([{ type: "chunk", stream: streamId("dock/d1"), bytes: randomBytes(10) }]);
  const firstAppendMs = performance.now() - began;
  const opened = reader.pid === undefined ? 0 : 1;
  await again.close();
  console.log(
    `RESULT ${JSON.stringify({
      entries,
      volumes,
      openMs: Math.round(openMs),
      caughtUpMs: Math.round(caughtUpMs),
      firstAppendMs: Math.round(firstAppendMs),
      readMiB: Number(readMiB.toFixed(2)),
      sealedVolumesOpened: opened,
    })}`,
  );
} finally {
  await reader.close();
  await rm(folder, { recursive: true, force: true });
}
