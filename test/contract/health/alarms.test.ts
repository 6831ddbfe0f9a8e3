/** Alarms on the real store: one list, counted and not flooded, raised until cleared. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CodedError } from "../../../gateway/domain/errors.ts";
import type { Append, EntryDraft } from "../../../gateway/evidence/append.ts";
import { type Alarms, createAlarms } from "../../../gateway/health/alarms.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { type TestClock, freshFolder, openRealStore, testClock } from "../real-store.ts";

let folder: Awaited<ReturnType<typeof freshFolder>>;
let clock: TestClock;
let store: Store;
let alarms: Alarms;
let isBroken: boolean;

async function open(): Promise<void> {
  store = await openRealStore(folder.path, clock);
  const append: Append = {
    append: (drafts: readonly EntryDraft[]) =>
      isBroken ? Promise.reject(new CodedError("store.diskFailed")) : store.append(drafts),
  };
  alarms = createAlarms({ append, views: store, clock });
  await store.catchUp();
}
beforeEach(async () => {
  isBroken = false;
  folder = await freshFolder();
  clock = testClock();
  await open();
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

const stalled = { code: "camera.stalled", subject: "cam-1" };

describe("alarms", () => {
  it("count a fault that repeats and write it once", async () => {
    const before = store.stats().size;
    for (let i = 0; i < 50; i++) await alarms.raise({ ...stalled, detail: "no picture" });
    expect(store.stats().size - before).toBe(1);
    expect(await alarms.list({ open: true })).toMatchObject([
      { ...stalled, count: 50, seenBy: null, clearedMs: null, detail: "no picture" },
    ]);
  });

  it("stay raised over a restart until they are cleared", async () => {
    await alarms.raise(stalled);
    await store.close();
    await open();
    expect(await alarms.list({ open: true })).toHaveLength(1);
    await alarms.clear(stalled);
    expect(await alarms.list({ open: true })).toEqual([]);
    expect(await alarms.list()).toMatchObject([{ ...stalled, clearedMs: expect.any(Number) }]);
  });

  it("name who has seen them", async () => {
    await alarms.raise(stalled);
    expect(await alarms.see({ ...stalled, by: "technician" })).toMatchObject({ seenBy: "technician" });
    await expect(alarms.see({ ...stalled, subject: "cam-2", by: "x" })).rejects.toMatchObject({
      code: "health.noSuchAlarm",
    });
  });

  it("start anew after having been cleared", async () => {
    await alarms.raise(stalled);
    await alarms.see({ ...stalled, by: "technician" });
    await alarms.clear(stalled);
    await alarms.raise(stalled);
    expect(await alarms.list({ open: true })).toMatchObject([{ count: 1, seenBy: null }]);
  });

  it("are shown also when the log can't take them, and written when it can again", async () => {
    isBroken = true;
    const disk = { code: "store.diskFailed", subject: "gateway" };
    await expect(alarms.raise(disk)).rejects.toMatchObject({ code: "store.diskFailed" });
    expect(await alarms.list({ open: true })).toMatchObject([{ ...disk, count: 1 }]);
    isBroken = false;
    await alarms.raise(disk);
    expect(await alarms.list({ open: true })).toMatchObject([{ ...disk, count: 2 }]);
  });

  it("clearing what is not open writes nothing", async () => {
    const before = store.stats().size;
    await alarms.clear(stalled);
    expect(store.stats().size).toBe(before);
  });
});
