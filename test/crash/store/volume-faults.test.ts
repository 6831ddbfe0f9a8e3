/**
 * Each fault that a disk or a power cut leaves in a volume or in the log: the gateway starts, records on, and
 * names exactly what is damaged.
 */
import { mkdir, readFile, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Appended } from "../../../gateway/evidence/append.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { entriesFolder, listVolumes, volumeFolder } from "../../../gateway/store/folders.ts";
import type { StoreNotice } from "../../../gateway/store/ports.ts";
import { StoreRig, fragment, until } from "../../contract/store/opened-store.ts";

let rig: StoreRig;
beforeEach(async () => {
  rig = await StoreRig.make();
});
afterEach(async () => {
  await rig.close();
});

const found = (): readonly StoreNotice[] => rig.notices.filter(({ kind }) => kind === "scrubFound");
const logOf = (one: Appended): string => join(rig.dataFolder, one.logId);

async function one(store: Store, sizeBytes = 40_000): Promise<Appended> {
  const [appended] = await store.append([fragment(sizeBytes)]);
  if (appended === undefined) throw new Error("nothing appended");
  return appended;
}

const some = async (store: Store, count: number): Promise<readonly Appended[]> => {
  const all: Appended[] = [];
  for (let i = 0; i < count; i++) all.push(await one(store));
  return all;
};

function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error("nothing there");
  return item;
}

/** Bodies in a sealed volume, the store closed, the reader without a hold on the volume. */
async function sealedBodies(count: number): Promise<readonly Appended[]> {
  const store = await rig.open();
  const all = await some(store, count);
  rig.clock.monotonicOffsetMs += 3_600_001;
  await one(store);
  await rig.closeStore();
  return all;
}

async function filesOf(folder: string, ending: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
}

/** The table with most bodies in it: the first body of a volume has a small one of its own. */
async function largestTable(volume: string): Promise<string> {
  const tables = await filesOf(volume, ".ldb");
  const sized = await Promise.all(tables.map(async (path) => ({ path, sizeBytes: (await stat(path)).size })));
  return first(sized.sort((a, b) => b.sizeBytes - a.sizeBytes)).path;
}

async function flip(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

/** One whole round of the scrub on a fresh start. */
async function scrubbed(): Promise<Store> {
  const store = await rig.open();
  store.scrub({ bytesPerS: 1e9, pauseMs: 3_600_000 });
  await until("a round of the scrub", () => rig.kinds().includes("scrubDone"));
  return store;
}

describe("a sealed volume", () => {
  it("has an empty log of LevelDB's own, so that whoever opens it has nothing to recover", async () => {
    const all = await sealedBodies(3);
    const logs = await filesOf(volumeFolder(logOf(first(all)), 1), ".log");
    expect(await Promise.all(logs.map(async (path) => (await stat(path)).size))).toEqual([0]);
  });

  it("with a flipped byte in a table: that body is not handed out, the scrub names it, the rest reads", async () => {
    const all = await sealedBodies(4);
    await flip(await largestTable(volumeFolder(logOf(first(all)), 1)), 60_000);
    const store = await scrubbed();
    expect(found()).toMatchObject([{ why: "corrupt", stream: "camera/c1/main", firstSeq: 3, count: 1 }]);
    for (const ref of all)
      if (ref.seq === 3)
        await expect(store.readFootage(ref)).rejects.toMatchObject({ code: "evidence.bodyCorrupt" });
      else await store.readFootage(ref);
    await one(store);
  });

  it("with a truncated table: the reader may die of it, the recorder does not", async () => {
    const all = await sealedBodies(4);
    await truncate(await largestTable(volumeFolder(logOf(first(all)), 1)), 70_000);
    const store = await scrubbed();
    const bad = found().flatMap((notice) => (notice.kind === "scrubFound" ? [notice.count] : []));
    expect(bad.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    await expect(store.readFootage(first(all.slice(3)))).rejects.toMatchObject({
      code: expect.stringMatching(/^(store|evidence)\./),
    });
    await one(store);
  });

  it("without a table: the volume does not open, every body of it is named, recording goes on", async () => {
    const all = await sealedBodies(4);
    await rm(await largestTable(volumeFolder(logOf(first(all)), 1)));
    const store = await scrubbed();
    expect(found()).toMatchObject([{ why: "unreadable", firstSeq: 1, lastSeq: 4, count: 4 }]);
    await expect(store.readFootage(first(all))).rejects.toMatchObject({ code: "store.volumeUnreadable" });
    await one(store);
  });
});

describe("the open volume", () => {
  it("with a flipped byte in LevelDB's own log: what LevelDB drops in silence is named", async () => {
    const store = await rig.open();
    const all = await some(store, 3);
    await rig.closeStore();
    const [log] = await filesOf(volumeFolder(logOf(first(all)), 1), ".log");
    const size = (await readFile(log ?? "")).length;
    await flip(log ?? "", size - 1000);
    const again = await rig.open();
    await expect(again.readFootage(first(all.slice(2)))).rejects.toMatchObject({
      code: expect.stringMatching(/^evidence\.body(Missing|Corrupt)$/),
    });
    await again.readFootage(first(all));
    rig.clock.monotonicOffsetMs += 3_600_001;
    await one(again);
    await rig.closeStore();
    await scrubbed();
    expect(found()).toMatchObject([{ why: "missing", firstSeq: 3, count: 1 }]);
  });

  it("that lost a table or its CURRENT is kept as it is, and another one follows", async () => {
    const store = await rig.open();
    const all = await some(store, 3);
    await rig.closeStore();
    const volume = volumeFolder(logOf(first(all)), 1);
    await rm(join(volume, "CURRENT"));
    const before = await readdir(volume);
    const again = await rig.open();
    expect(rig.kinds()).toContain("volumeDamaged");
    const next = await one(again);
    expect(await listVolumes(logOf(next))).toEqual([1, next.seq]);
    expect((await readdir(volume)).filter((name) => /\.(ldb|log)$/.test(name)).sort()).toEqual(
      before.filter((name) => /\.(ldb|log)$/.test(name)).sort(),
    );
  });

  it.each([
    ["nothing in it", async () => {}],
    ["an empty manifest", (path: string) => writeFile(join(path, "MANIFEST-000001"), "")],
    [
      "a CURRENT whose manifest never arrived",
      (path: string) => writeFile(join(path, "CURRENT"), "MANIFEST-000001\n"),
    ],
    [
      "a CURRENT with an empty manifest",
      async (path: string) => {
        await writeFile(join(path, "MANIFEST-000001"), "");
        await writeFile(join(path, "CURRENT"), "MANIFEST-000001\n");
      },
    ],
  ])("that a power cut left just made, with %s, goes, and recording goes on", async (_what, leave) => {
    const store = await rig.open();
    const a = await one(store);
    await rig.closeStore();
    const path = volumeFolder(logOf(a), 2);
    await mkdir(path);
    await leave(path);
    const again = await rig.open();
    const b = await one(again);
    expect(b.seq).toBe(2);
    await again.readFootage(a);
    await again.readFootage(b);
    await rig.closeStore();
    const third = await rig.open();
    await third.readFootage(b);
  });
});

describe("the log", () => {
  it("with a flipped byte in LevelDB's own log: its entries come back from their bodies, and the signer agrees", async () => {
    const store = await rig.open();
    const all = await some(store, 4);
    await store.covering(first(all.slice(3)));
    const before = await store.entries(first(all).logId, 0, 10);
    await rig.closeStore();
    const [log] = await filesOf(entriesFolder(logOf(first(all))), ".log");
    await flip(log ?? "", (await readFile(log ?? "")).indexOf(`"seq":2,`));
    const again = await rig.open();
    expect(await again.entries(first(all).logId, 0, 10)).toEqual(before);
    expect(again.logs()).toHaveLength(1);
    const next = await one(again);
    expect(next.seq).toBe(5);
    expect((await again.covering(next)).size).toBe(6);
  });
});
