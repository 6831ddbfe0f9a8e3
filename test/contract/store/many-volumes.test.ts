/** A data folder with thousands of volumes, in place of 1 TB: it opens at once and no footage is looked at. */
import { link, mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { footageFolder, volumeFolder } from "../../../gateway/store/folders.ts";
import { StoreRig, fragment, record } from "./opened-store.ts";

let rig: StoreRig;
beforeEach(async () => {
  rig = await StoreRig.make();
});
afterEach(async () => {
  await rig.close();
});

const VOLUMES = 2000;
const GROUP = 250;

/** Bytes that this process asked the kernel for, cached or not. */
async function readSoFar(): Promise<number> {
  return Number(/^rchar: (\d+)$/m.exec(await readFile("/proc/self/io", "utf8"))?.[1] ?? Number.NaN);
}

/** Another volume with the same bytes: whoever opened it would leave a new manifest behind. */
async function linkVolume(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) await link(join(from, name), join(to, name));
}

it("opens within 5 s, opens no sealed volume and reads no footage", async () => {
  const store = await rig.open();
  const [one] = await store.append([fragment(1_000_000)]);
  if (one === undefined) throw new Error("nothing appended");
  for (let i = 0; i < VOLUMES; i += GROUP)
    await store.append(Array.from({ length: GROUP }, (_, j) => record({ i: i + j })));
  rig.clock.monotonicOffsetMs += 3_600_001;
  await store.append([fragment(1000)]);
  await rig.closeStore();
  const log = join(rig.dataFolder, one.logId);
  const sealed = volumeFolder(log, one.seq);
  const before = await readdir(sealed);
  for (let i = 1; i < VOLUMES; i++) await linkVolume(sealed, volumeFolder(log, one.seq + i));

  const readBefore = await readSoFar();
  const began = performance.now();
  const again = await rig.open();
  await again.catchUp();
  const openMs = performance.now() - began;
  const readBytes = (await readSoFar()) - readBefore;
  expect(await readdir(footageFolder(log))).toHaveLength(VOLUMES + 1);
  expect(openMs).toBeLessThan(5000);
  expect(readBytes).toBeLessThan(8_000_000);
  expect(rig.reader.pid).toBeUndefined();
  expect(await readdir(sealed)).toEqual(before);
  const [next] = await again.append([fragment(1000)]);
  expect(next?.seq).toBe(VOLUMES + 3);
});
