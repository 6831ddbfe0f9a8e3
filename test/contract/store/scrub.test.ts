/** The scrub finds what LevelDB does not, names it, takes its time and goes on where it stopped. */
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Appended } from "../../../gateway/evidence/append.ts";
import { volumeFolder } from "../../../gateway/store/folders.ts";
import type { StoreNotice } from "../../../gateway/store/ports.ts";
import { StoreRig, fragment, record, until } from "./opened-store.ts";

let rig: StoreRig;
beforeEach(async () => {
  rig = await StoreRig.make();
});
afterEach(async () => {
  await rig.close();
});

const FAST = { bytesPerS: 1e9, pauseMs: 3_600_000 };
const findings = (): readonly StoreNotice[] => rig.notices.filter(({ kind }) => kind === "scrubFound");
const done = (): readonly StoreNotice[] => rig.notices.filter(({ kind }) => kind === "scrubDone");

/** Volumes with five fragments each; the last is the open one. */
async function volumesOf(count: number): Promise<readonly Appended[]> {
  const store = await rig.open();
  const all: Appended[] = [];
  for (let volume = 0; volume < count; volume++) {
    for (let i = 0; i < 5; i++) all.push(...(await store.append([fragment(30_000), record({ i })])));
    rig.clock.monotonicOffsetMs += 3_600_001;
  }
  await store.append([fragment(100)]);
  return all.filter(({ entry }) => entry.type === "fragment");
}

async function damage(refs: readonly Appended[], volumeAt: number, bytes: Uint8Array): Promise<void> {
  const path = volumeFolder(join(rig.dataFolder, refs[0]?.logId ?? ""), volumeAt);
  for (const name of await readdir(path)) {
    const file = join(path, name);
    const content = await readFile(file);
    const at = content.indexOf(bytes);
    if (at < 0) continue;
    content[at + 40] = (content[at + 40] ?? 0) ^ 1;
    await writeFile(file, content);
    return;
  }
  throw new Error("the bytes are in no file");
}

it("goes over a sound store once, without a finding, and says how much it read", async () => {
  await volumesOf(2);
  await rig.closeStore();
  const again = await rig.open();
  again.scrub(FAST);
  await until("a round", () => done().length === 1);
  expect(findings()).toEqual([]);
  expect(done()).toMatchObject([{ entries: 22, found: 0 }]);
});

it("names flipped bytes by stream and time, and a volume that is gone, but nothing that was released", async () => {
  const all = await volumesOf(4);
  const [bad] = all.slice(1);
  if (bad === undefined) throw new Error("nothing appended");
  await rig.closeStore();
  const store = await rig.open();
  const [, released] = await store.volumes();
  if (released === undefined) throw new Error("no volume");
  const { bytes } = await store.readFootage(bad);
  await store.release({ ...released, going: [[0, 1000]], basis: "test", packs: [] });
  await rig.closeStore();
  await rig.reader.release(volumeFolder(join(rig.dataFolder, bad.logId), 1));
  await damage(all, 1, bytes.subarray(1000, 1100));
  await rm(volumeFolder(join(rig.dataFolder, bad.logId), 21), { recursive: true });
  const again = await rig.open();
  again.scrub(FAST);
  await until("a round", () => done().length === 1);
  expect(findings()).toMatchObject([
    { why: "corrupt", stream: "camera/c1/main", firstSeq: bad.seq, count: 1, fromMs: bad.entry.t },
    { why: "missing", count: 5, firstSeq: 21, lastSeq: 29 },
  ]);
  expect(done()).toMatchObject([{ found: 6 }]);
});

it("keeps to its rate and goes on after a restart", async () => {
  await volumesOf(60);
  await rig.closeStore();
  const store = await rig.open();
  const began = performance.now();
  const scrub = store.scrub({ bytesPerS: 3_000_000, pauseMs: 3_600_000 });
  expect(store.scrub()).toBe(scrub);
  await until("two pages", () => (scrub.status().at?.seq ?? 0) >= 256);
  const perS = scrub.status().bytes / ((performance.now() - began) / 1000);
  expect(perS).toBeLessThan(4_000_000);
  await rig.closeStore();
  const again = await rig.open();
  const next = again.scrub(FAST);
  await until("the rest", () => done().length === 1);
  expect(next.status().rounds).toBe(1);
  expect(done()[0]).toMatchObject({ found: 0 });
  const { entries } = done()[0] as Extract<StoreNotice, { kind: "scrubDone" }>;
  expect(entries).toBeLessThan(400);
});
