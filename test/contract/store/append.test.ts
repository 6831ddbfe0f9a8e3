/** The contract of Append, LogReader and Checkpoints on real LevelDB. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { logId, seq, streamId } from "../../../gateway/domain/ids.ts";
import { toHex } from "../../../gateway/evidence/bytes.ts";
import { parseCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { leafHash } from "../../../gateway/evidence/merkle/hash.ts";
import { checkConsistency, checkInclusion } from "../../../gateway/evidence/merkle/check-proof.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import { decodeBundle, decodeTile } from "../../../gateway/evidence/tiles.ts";
import { sha256 } from "../../../gateway/store/sha256.ts";
import { StoreRig, fragment, mixed, record, until } from "./opened-store.ts";

let rig: StoreRig;
beforeEach(async () => {
  rig = await StoreRig.make();
});
afterEach(async () => {
  await rig.close();
});

describe("append", () => {
  it("begins a log with its open entry", async () => {
    const store = await rig.open();
    const [head] = store.logs();
    expect(head).toMatchObject({ size: 1, current: true });
    const open = await store.readRecord({ logId: head?.logId ?? logId("1970"), seq: seq(0) });
    expect(open.entry.type).toBe("open");
    expect(open.body.json).toMatchObject({ why: "first", origin: head?.origin });
  });

  it("numbers drafts densely in the order of the calls, and each stream on its own", async () => {
    const store = await rig.open();
    const all = await Promise.all([
      store.append([record({ a: 1 }), fragment(1000)]),
      store.append([fragment(10, "camera/c2/main")]),
      store.append([record({ a: 2 }), record({ a: 3 }), fragment(2000)]),
    ]);
    expect(all.flat().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(all.flat().map(({ entry }) => `${entry.stream}:${entry.n}`)).toEqual([
      "intake:0",
      "camera/c1/main:0",
      "camera/c2/main:0",
      "intake:1",
      "intake:2",
      "camera/c1/main:1",
    ]);
  });

  it("gives back exactly what was appended, also after reopening", async () => {
    const first = await rig.open();
    const draft = fragment(5000);
    const attachment = new TextEncoder().encode("paper");
    const [footage, rec] = await first.append([
      draft,
      { type: "rendition", stream: streamId("intake"), record: { json: { no: "1" }, attachment } },
    ]);
    await rig.closeStore();
    const store = await rig.open();
    if (footage === undefined || rec === undefined) throw new Error("nothing appended");
    expect(Buffer.from((await store.readFootage(footage)).bytes).equals(draft.bytes)).toBe(true);
    const back = await store.readRecord(rec);
    expect(back.body.json).toEqual({ no: "1" });
    expect(new TextDecoder().decode(back.body.attachment)).toBe("paper");
    expect(await store.readEntry(rec)).toEqual(rec.entry);
  });

  it("refuses a bad draft without harm to others, and an empty list costs nothing", async () => {
    const store = await rig.open();
    const bad = store.append([{ ...fragment(10), durMs: 0.5 }]);
    const good = store.append([fragment(10)]);
    await expect(bad).rejects.toMatchObject({ code: "store.badDraft", details: { field: "durMs" } });
    expect((await good)[0]?.seq).toBe(1);
    await expect(store.append([{ ...fragment(10), codec: "é" }])).rejects.toMatchObject({
      code: "store.badDraft",
    });
    expect(await store.append([])).toEqual([]);
  });

  it("refuses what its queue can't hold and takes more when it has drained", async () => {
    const store = await rig.open({ queueBytes: 300_000, queueDrafts: 50, groupBytes: 100_000 });
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, () => store.append([fragment(50_000)])),
    );
    const refused = results.filter((result) => result.status === "rejected");
    expect(results.length - refused.length).toBe(6);
    for (const result of refused) expect(result.reason).toMatchObject({ code: "store.queueFull" });
    expect((await store.append([fragment(50_000)]))[0]?.seq).toBe(7);
    await expect(store.append(Array.from({ length: 51 }, () => record({})))).rejects.toMatchObject({
      code: "store.queueFull",
    });
    expect(store.stats()).toMatchObject({ queueBytes: 0, queueDrafts: 0, writable: true, size: 8 });
  });

  it("tells listeners of each group in log order, and survives one that throws", async () => {
    const store = await rig.open();
    const heard: number[] = [];
    store.onAppended(() => {
      throw new Error("listener");
    });
    const end = store.onAppended((appended) => heard.push(...appended.map(({ seq }) => seq)));
    await Promise.all([store.append(mixed()), store.append([fragment(10)])]);
    end();
    await store.append([fragment(10)]);
    expect(heard).toEqual([1, 2, 3]);
    expect(rig.kinds()).toContain("listenerFailed");
  });

  it("refuses appends after close, and settles those before it", async () => {
    const store = await rig.open();
    const before = store.append([fragment(100_000)]);
    await rig.closeStore();
    expect((await before)[0]?.seq).toBe(1);
    await expect(store.append([fragment(1)])).rejects.toMatchObject({ code: "store.closed" });
    await store.close();
  });

  it("names what is not there", async () => {
    const store = await rig.open();
    const current = store.stats().logId;
    await expect(store.readEntry({ logId: current, seq: seq(99) })).rejects.toMatchObject({
      code: "evidence.noSuchEntry",
    });
    await expect(store.readFootage({ logId: logId("1999"), seq: seq(0) })).rejects.toMatchObject({
      code: "evidence.noSuchEntry",
    });
  });

  it("refuses footage when the disk is nearly full and still takes records", async () => {
    const store = await rig.open({ lowWaterBytes: Number.MAX_SAFE_INTEGER });
    await expect(store.append([fragment(10)])).rejects.toMatchObject({ code: "store.diskFull" });
    expect(await store.append([record({ still: true })])).toHaveLength(1);
  });
});

describe("checkpoints", () => {
  it("covers an entry at once, keeps the note, and proves every entry and every step", async () => {
    const store = await rig.open({ checkpointMs: 60_000 });
    const first = await store.covering({ logId: store.stats().logId, seq: seq(0) });
    for (let i = 0; i < 300; i++) void store.append([record({ i })]);
    const [last] = await store.append([record({ last: true })]);
    if (last === undefined) throw new Error("nothing appended");
    const checkpoint = await store.covering(last);
    expect(checkpoint.size).toBe(302);
    expect(store.latest()).toEqual(checkpoint);
    const { root } = parseCheckpoint(parseNote(checkpoint.note).text);
    const old = parseCheckpoint(parseNote(first.note).text);
    expect(
      checkConsistency(sha256, {
        oldSize: old.size,
        newSize: 302,
        oldRoot: old.root,
        newRoot: root,
        proof: await store.consistency(last.logId, old.size, 302),
      }),
    ).toBe(true);
    for (const index of [0, 1, 255, 256, 301]) {
      const [entry] = await store.entries(last.logId, index, 1);
      const leaf = leafHash(sha256, entry?.bytes ?? new Uint8Array());
      const proof = await store.inclusion({ logId: last.logId, seq: seq(index) }, 302);
      expect(checkInclusion(sha256, { index, size: 302, leaf, root, proof })).toBe(true);
    }
    const tile = await store.tile(last.logId, 0, 1, 46);
    const bundle = await store.entryBundle(last.logId, 1, 46);
    expect(decodeTile(tile ?? new Uint8Array(), 46).map(toHex)).toEqual(
      decodeBundle(bundle ?? new Uint8Array()).map((bytes) => toHex(leafHash(sha256, bytes))),
    );
    expect(await store.tile(last.logId, 1, 0, 1)).toHaveLength(32);
    expect(await store.tile(last.logId, 0, 1, 47)).toBeUndefined();
  });

  it("follows the log by itself, at most once per interval", async () => {
    const store = await rig.open({ checkpointMs: 200 });
    const before = rig.signer.signatures;
    for (let i = 0; i < 20; i++) await store.append([record({ i })]);
    await until("a checkpoint over all", () => store.latest()?.size === 21);
    expect(rig.signer.signatures - before).toBeLessThan(8);
  });

  it("records on without the signer, fails covering with a code, and catches up", async () => {
    rig.signer.away = true;
    const store = await rig.open({ coveringMs: 100 });
    const [one] = await store.append([record({ alone: true })]);
    if (one === undefined) throw new Error("nothing appended");
    await expect(store.covering(one)).rejects.toMatchObject({ code: "store.signerAway" });
    expect(store.latest()).toBeUndefined();
    rig.signer.away = false;
    await until("the signer's return", () => store.latest()?.size === 2);
    expect(rig.kinds().filter((kind) => kind.startsWith("signer"))).toEqual(["signerAway", "signerBack"]);
  });
});
