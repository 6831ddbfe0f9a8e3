/** What leaves the disk: whole volumes, survivors, erased records; what the judge says of it; what a crash leaves. */
import { execFileSync } from "node:child_process";
import { mkdir, readFile, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LogId, seq, sha256Hex } from "../../../gateway/domain/ids.ts";
import { formatAck } from "../../../gateway/evidence/ack.ts";
import type { Appended } from "../../../gateway/evidence/append.ts";
import { formatNote } from "../../../gateway/evidence/note.ts";
import type { Verdict } from "../../../gateway/evidence/verify/judge.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { Database, put } from "../../../gateway/store/database.ts";
import { footageFolder, recordsFolder, volumeFolder } from "../../../gateway/store/folders.ts";
import { unfinishedKey } from "../../../gateway/store/keys.ts";
import { StoreRig, fragment, record, until } from "./opened-store.ts";
import { verdictOn } from "./verdict.ts";

let rig: StoreRig;
beforeEach(async () => {
  rig = await StoreRig.make();
});
afterEach(async () => {
  await rig.close();
});

const HOUR_MS = 3_600_001;
const PACK = sha256Hex("ab".repeat(32));
const BASIS = { basis: "test", packs: [PACK] };

/** What an archive would say of one pack with everything until here; who signed it is not this test's matter. */
async function acknowledge(store: Store): Promise<void> {
  const [log] = store.logs();
  if (log === undefined) throw new Error("no log");
  const root = await store.rootAt(log.logId, log.size);
  const text = formatAck({
    checkpoint: { origin: log.origin, size: log.size, root },
    timeS: 1,
    packs: [{ sha256: PACK, ranges: [[0, log.size]], retainUntilS: 2 }],
  });
  const signatures = [{ keyName: "archive", keyId: 1, bytes: new Uint8Array(64) }];
  await store.append([record({ note: formatNote({ text, signatures }) }, "ack", "handover")]);
}

/** Appends `count` fragments to one volume and begins another: all of them lie in a sealed volume. */
async function sealedVolume(store: Store, count: number, sizeBytes = 30_000): Promise<readonly Appended[]> {
  const all: Appended[] = [];
  for (let i = 0; i < count; i++)
    all.push(...(await store.append([fragment(sizeBytes, `camera/c${i % 2}/main`), record({ i })])));
  rig.clock.monotonicOffsetMs += HOUR_MS;
  await store.append([fragment(100)]);
  await acknowledge(store);
  return all.filter(({ entry }) => entry.type === "fragment");
}

async function verdict(): Promise<Verdict> {
  await rig.closeStore();
  await rig.reader.close();
  const origins = [...rig.signer.signed.keys()];
  return verdictOn(rig.dataFolder, await Promise.all(origins.map((origin) => rig.signer.vkey(origin))));
}

const logFolderOf = (id: LogId): string => join(rig.dataFolder, id);
const volumeNames = async (id: LogId): Promise<readonly string[]> =>
  (await readdir(footageFolder(logFolderOf(id)))).sort();
const code = (verdictOf: Verdict): readonly string[] => [
  ...new Set(verdictOf.findings.map((finding) => finding.code)),
];
const first = <T>(items: readonly T[]): T => {
  const [one] = items;
  if (one === undefined) throw new Error("nothing there");
  return one;
};

/** True when any file under the folder holds these bytes. */
async function onDisk(folder: string, needle: Uint8Array): Promise<boolean> {
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (file.isFile() && (await readFile(join(file.parentPath, file.name))).includes(Buffer.from(needle)))
      return true;
  return false;
}

describe("release", () => {
  it("drops a whole volume, logs it, and the judge calls it released", async () => {
    const store = await rig.open();
    const gone = await sealedVolume(store, 5);
    const { logId } = first(gone);
    const [volume] = await store.volumes();
    if (volume === undefined) throw new Error("no sealed volume");
    expect(volume).toMatchObject({ logId, firstSeq: 1, endSeq: 11, kept: false });
    expect(await store.footageOf(volume)).toHaveLength(5);
    const ref = await store.release({ ...volume, going: [[1, 11]], ...BASIS, detail: { by: "test" } });
    expect((await store.readRecord(ref)).body.json).toMatchObject({
      by: "test",
      absence: { logId, ranges: [[1, 10]], of: "footage", basis: "test", packs: [PACK] },
    });
    expect(await volumeNames(logId)).toEqual(["000000000011"]);
    await expect(store.readFootage(first(gone))).rejects.toMatchObject({
      code: "evidence.bodyMissing",
      details: { why: "released" },
    });
    expect(await store.volumes()).toEqual([]);
    await expect(store.release({ ...volume, going: [[1, 11]], ...BASIS })).rejects.toMatchObject({
      code: "store.noSuchVolume",
    });
    const found = await verdict();
    expect([found.result, code(found)]).toEqual(["released", ["body.released"]]);
  });

  it("keeps the survivors of a dropped volume, and drops them later", async () => {
    const store = await rig.open();
    const footage = await sealedVolume(store, 6);
    const stays = footage[2];
    if (stays === undefined) throw new Error("no survivor");
    const { logId } = stays;
    const bytes = (await store.readFootage(stays)).bytes;
    const [volume] = await store.volumes();
    if (volume === undefined) throw new Error("no sealed volume");
    const going = [[1, stays.seq] as const, [stays.seq + 1, volume.endSeq] as const];
    await store.release({ ...volume, going, ...BASIS });
    expect(await volumeNames(logId)).toEqual(["000000000001.kept", "000000000013"]);
    expect(Buffer.from((await store.readFootage(stays)).bytes).equals(bytes)).toBe(true);
    await expect(store.readFootage(first(footage))).rejects.toMatchObject({ code: "evidence.bodyMissing" });
    await rig.closeStore();
    const again = await rig.open();
    expect(await again.volumes()).toMatchObject([{ firstSeq: 1, kept: true }]);
    expect((await again.readFootage(stays)).bytes).toHaveLength(bytes.length);
    await again.release({ ...volume, going: [[1, volume.endSeq]], ...BASIS });
    expect(await volumeNames(logId)).toEqual(["000000000013"]);
    const found = await verdict();
    expect([found.result, code(found)]).toEqual(["released", ["body.released"]]);
  });

  it("cuts out what goes where more stays than goes", async () => {
    const store = await rig.open();
    const footage = await sealedVolume(store, 6);
    const goes = first(footage);
    const { bytes } = await store.readFootage(goes);
    const [volume] = await store.volumes();
    if (volume === undefined) throw new Error("no sealed volume");
    await store.release({ ...volume, going: [[goes.seq, goes.seq + 1]], ...BASIS });
    expect(await volumeNames(goes.logId)).toEqual(["000000000001", "000000000013"]);
    expect(await onDisk(rig.dataFolder, bytes.subarray(100, 200))).toBe(false);
    for (const stays of footage.slice(1)) await store.readFootage(stays);
    expect((await verdict()).result).toBe("released");
  });

  it("is refused for the open volume and for nothing", async () => {
    const store = await rig.open();
    const [one] = await store.append([fragment(1000)]);
    if (one === undefined) throw new Error("nothing appended");
    await expect(
      store.release({ logId: one.logId, firstSeq: one.seq, going: [[0, 9]], ...BASIS }),
    ).rejects.toMatchObject({ code: "store.noSuchVolume" });
    await sealedVolume(store, 2);
    const [volume] = await store.volumes();
    if (volume === undefined) throw new Error("no sealed volume");
    await expect(store.release({ ...volume, going: [[90, 99]], ...BASIS })).rejects.toMatchObject({
      code: "store.nothingToGo",
    });
  });

  it("carries out at the next start what a crash left undone, and reads no half-dropped volume", async () => {
    const store = await rig.open();
    const footage = await sealedVolume(store, 4);
    const { logId } = first(footage);
    const [volume] = await store.volumes();
    if (volume === undefined) throw new Error("no sealed volume");
    const folder = volumeFolder(logFolderOf(logId), 1);
    await rig.closeStore();
    await rig.reader.release(folder);
    execFileSync("cp", ["-r", folder, `${folder}.backup`]);
    const second = await rig.open();
    const ref = await second.release({ ...volume, going: [[1, volume.endSeq]], ...BASIS });
    await rig.closeStore();
    // As a crash between the entry and the drop leaves it, with an unfinished copy beside it.
    await rename(`${folder}.backup`, folder);
    await mkdir(`${folder}.kept.new`);
    await mkdir(`${folder}.kept.dropped`);
    const records = await Database.open(recordsFolder(logFolderOf(logId)));
    await records.write([put(unfinishedKey(ref.seq), new Uint8Array())], { sync: true });
    await records.close();
    const third = await rig.open();
    await until("the volume to go", async () => (await volumeNames(logId)).length === 1);
    expect(await third.volumes()).toEqual([]);
    expect(rig.kinds()).not.toContain("absenceUnfinished");
    expect((await verdict()).result).toBe("released");
  });
});

describe("erase", () => {
  it("leaves no byte of a record in any file, keeps its entry, and the judge calls it erased", async () => {
    const store = await rig.open();
    const secret = "name-that-must-go-0123456789";
    await store.append([record({ before: 1 })]);
    const [person] = await store.append([record({ secret }, "person")]);
    await store.append([record({ after: 1 })]);
    if (person === undefined) throw new Error("nothing appended");
    const { logId } = person;
    expect(await onDisk(recordsFolder(logFolderOf(logId)), Buffer.from(secret))).toBe(true);
    await store.erase({
      logId,
      ranges: [[person.seq, person.seq + 1]],
      of: "all",
      basis: "list-2026-1",
    });
    expect(await onDisk(recordsFolder(logFolderOf(logId)), Buffer.from(secret))).toBe(false);
    await expect(store.readRecord(person)).rejects.toMatchObject({ code: "evidence.bodyMissing" });
    expect((await store.readEntry(person)).type).toBe("person");
    const found = await verdict();
    expect([found.result, code(found)]).toEqual(["erased", ["body.erased"]]);
  });

  it("erases footage out of the volume that is being written", async () => {
    const store = await rig.open();
    const draft = fragment(20_000);
    const [one] = await store.append([draft]);
    const [two] = await store.append([fragment(40_000)]);
    if (one === undefined || two === undefined) throw new Error("nothing appended");
    await store.erase({
      logId: one.logId,
      ranges: [[one.seq, two.seq]],
      of: "footage",
      basis: "list-2026-2",
    });
    expect(await onDisk(rig.dataFolder, draft.bytes.subarray(500, 600))).toBe(false);
    expect((await store.readFootage(two)).bytes).toHaveLength(40_000);
    await store.append([fragment(10)]);
    const found = await verdict();
    expect([found.result, code(found)]).toEqual(["erased", ["body.erased"]]);
  });

  it("refuses what carries state, and writes nothing", async () => {
    const store = await rig.open();
    const [one] = await store.append([record({ state: 1 })]);
    if (one === undefined) throw new Error("nothing appended");
    const { size } = store.stats();
    await expect(
      store.erase({ logId: one.logId, ranges: [[one.seq, one.seq + 1]], of: "all", basis: "x" }),
    ).rejects.toMatchObject({ code: "store.notErasable", details: { type: "intake" } });
    expect(store.stats().size).toBe(size);
    expect((await store.readRecord({ logId: one.logId, seq: seq(one.seq) })).body.json).toEqual({ state: 1 });
  });
});
