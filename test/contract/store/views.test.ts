/** The contract of Views: order, atomicity, rebuild, loud failure. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seq } from "../../../gateway/domain/ids.ts";
import { ENTRY_TYPES } from "../../../gateway/evidence/entry.ts";
import type { ProjectedEntry, Projection, ViewTransaction } from "../../../gateway/evidence/append.ts";
import { StoreRig, fragment, record } from "./opened-store.ts";

let rig: StoreRig;
beforeEach(async () => {
  rig = await StoreRig.make();
});
afterEach(async () => {
  await rig.close();
});

/** Counts entries by type and keeps the order in which they came. */
function counting(seen: ProjectedEntry[], version = 1): Projection {
  return {
    name: "counts",
    version,
    types: ENTRY_TYPES,
    async apply(entry, table) {
      seen.push(entry);
      const row = await table.get(entry.entry.type);
      const count = typeof row?.["count"] === "number" ? row["count"] : 0;
      table.put(entry.entry.type, { count: count + 1 });
      table.put(`order/${String(entry.seq).padStart(6, "0")}`, { type: entry.entry.type });
    },
  };
}

describe("views", () => {
  it("applies each entry once, in order, with the record and without footage", async () => {
    const store = await rig.open();
    const seen: ProjectedEntry[] = [];
    const table = store.register(counting(seen));
    await store.append([record({ a: 1 })]);
    await store.catchUp();
    const [, last] = await store.append([fragment(10), record({ a: 2 })]);
    if (last === undefined) throw new Error("nothing appended");
    await store.applied(last);
    expect(seen.map((entry) => entry.seq)).toEqual([0, 1, 2, 3]);
    expect(seen.map((entry) => entry.record?.json["a"])).toEqual([undefined, 1, undefined, 2]);
    expect(await table.get("intake")).toEqual({ count: 2 });
    expect(await table.range({ from: "order/", to: "order0", limit: 2, reverse: true })).toEqual([
      ["order/000003", { type: "intake" }],
      ["order/000002", { type: "fragment" }],
    ]);
  });

  it("goes on where it stood after reopening, and rebuilds when its version changes", async () => {
    const first = await rig.open();
    first.register(counting([]));
    await first.catchUp();
    await first.append([record({}), record({})]);
    await rig.closeStore();

    const second = await rig.open();
    const seen: ProjectedEntry[] = [];
    const table = second.register(counting(seen));
    await second.catchUp();
    const [one] = await second.append([record({})]);
    if (one === undefined) throw new Error("nothing appended");
    await second.applied(one);
    expect(seen.map((entry) => entry.seq)).toEqual([3]);
    expect(await table.get("intake")).toEqual({ count: 3 });
    await rig.closeStore();

    const third = await rig.open();
    const again: ProjectedEntry[] = [];
    const rebuilt = third.register(counting(again, 2));
    await third.catchUp();
    expect(again).toHaveLength(4);
    expect(await rebuilt.get("intake")).toEqual({ count: 3 });
    expect(rig.kinds()).toContain("viewRebuild");
  });

  it("shows a transaction its own writes, and readers only finished ones", async () => {
    const store = await rig.open();
    const checks: unknown[] = [];
    const table = store.register({
      name: "own-writes",
      version: 1,
      types: ["intake"],
      async apply(_entry, rows: ViewTransaction) {
        rows.put("k/1", { n: 1 });
        rows.put("k/2", { n: 2 });
        rows.del("k/1");
        checks.push(await rows.range({ from: "k/", to: "k0" }), await table.get("k/2"));
      },
    });
    await store.catchUp();
    const [one] = await store.append([record({})]);
    if (one === undefined) throw new Error("nothing appended");
    await store.applied(one);
    expect(checks).toEqual([[["k/2", { n: 2 }]], undefined]);
    expect(await table.get("k/2")).toEqual({ n: 2 });
    expect(await table.get("k/1")).toBeUndefined();
  });

  it("is loud when a projection fails, drops what it wrote for that entry, and leaves others alone", async () => {
    const store = await rig.open();
    const broken = store.register({
      name: "broken",
      version: 1,
      types: ["intake"],
      apply(entry, table) {
        table.put(`row/${entry.seq}`, {});
        if (entry.record?.json["bad"] === true) throw new Error("can't");
      },
    });
    const seen: ProjectedEntry[] = [];
    const sound = store.register(counting(seen));
    await store.catchUp();
    const [, bad] = await store.append([record({ bad: false }), record({ bad: true })]);
    if (bad === undefined) throw new Error("nothing appended");
    await expect(store.applied(bad)).rejects.toMatchObject({ code: "store.viewFailed" });
    await expect(broken.get("row/1")).rejects.toMatchObject({ code: "store.viewFailed" });
    expect(await sound.get("intake")).toEqual({ count: 2 });
    expect(store.stats().failedViews).toEqual(["broken"]);
    expect(rig.notices).toContainEqual(
      expect.objectContaining({ kind: "viewFailed", view: "broken", ref: { logId: bad.logId, seq: 2 } }),
    );
    await rig.closeStore();

    const next = await rig.open();
    const mended = next.register({
      name: "broken",
      version: 1,
      types: ["intake"],
      apply(entry, table) {
        table.put(`row/${entry.seq}`, { mended: true });
      },
    });
    await next.catchUp();
    expect(await mended.range({ from: "row/", to: "row0" })).toEqual([
      ["row/1", {}],
      ["row/2", { mended: true }],
    ]);
  });

  it("rejects waiting callers at close, late registrations and views that don't move", async () => {
    const store = await rig.open({ appliedMs: 50 });
    const stuck = Promise.withResolvers<undefined>();
    store.register({
      name: "stuck",
      version: 1,
      types: ["intake"],
      async apply() {
        await stuck.promise;
      },
    });
    await store.catchUp();
    expect(() => store.register(counting([]))).toThrow(
      expect.objectContaining({ code: "store.lateRegistration" }),
    );
    const [one] = await store.append([record({})]);
    if (one === undefined) throw new Error("nothing appended");
    await expect(store.applied(one)).rejects.toMatchObject({ code: "store.viewsBehind" });
    stuck.resolve(undefined);
    await store.applied({ logId: one.logId, seq: seq(1) });
  });

  it("passes over thousands of foreign entries without losing its place", async () => {
    const store = await rig.open();
    const seen: number[] = [];
    store.register({
      name: "rare",
      version: 1,
      types: ["alarm"],
      apply(entry) {
        seen.push(entry.seq);
      },
    });
    for (let i = 0; i < 5; i++) await store.append(Array.from({ length: 500 }, () => record({})));
    const [alarm] = await store.append([record({}, "alarm")]);
    await store.catchUp();
    expect(seen).toEqual([alarm?.seq]);
  });
});
