/** What the store does when its disk, its volumes, its signer or its calendar are not as it left them. */
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { verify as verifySignature } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seq, streamId } from "../../../gateway/domain/ids.ts";
import { BEIJING_OFFSET_MS } from "../../../gateway/domain/time.ts";
import type { Appended } from "../../../gateway/evidence/append.ts";
import { type Verdict, judge } from "../../../gateway/evidence/verify/judge.ts";
import { Database, put } from "../../../gateway/store/database.ts";
import { type NumberedEntry, numberDraft, prepareDraft } from "../../../gateway/store/draft.ts";
import { openStoreSource } from "../../../gateway/store/evidence-source.ts";
import {
  footageFolder,
  listVolumes,
  logFolder,
  recordsFolder,
  volumeFolder,
} from "../../../gateway/store/folders.ts";
import { atomicKey, seqKey } from "../../../gateway/store/keys.ts";
import { sha256 } from "../../../gateway/store/sha256.ts";
import { filesWith } from "./on-disk.ts";
import { StoreRig, fragment, mixed, record, until } from "./opened-store.ts";

let rig: StoreRig;
beforeEach(async () => {
  rig = await StoreRig.make();
});
afterEach(async () => {
  await rig.close();
});

function only(appended: readonly Appended[]): Appended {
  const [one] = appended;
  if (one === undefined) throw new Error("nothing appended");
  return one;
}

/** The judge's verdict on the stopped store, with the signer's own keys as trust. */
async function verdict(): Promise<Verdict> {
  const source = await openStoreSource(rig.dataFolder);
  try {
    const keys = await Promise.all([...rig.signer.signed.keys()].map((origin) => rig.signer.vkey(origin)));
    return await judge({
      source,
      sha256,
      verify: ({ publicKey, message, signature }) =>
        verifySignature(
          null,
          message,
          {
            key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), publicKey]),
            format: "der",
            type: "spki",
          },
          signature,
        ),
      trustText: `${keys.map((key) => `log ${key}`).join("\n")}\nquorum none\n`,
      bodies: true,
    });
  } finally {
    await source.close();
  }
}

/** The one folder of the log that the store has. */
function folder(id: string): string {
  return join(rig.dataFolder, id);
}

/** Changes one byte in the middle of the needle, in whichever file of the folder it lies. */
async function flip(path: string, needle: Uint8Array): Promise<void> {
  for (const name of await readdir(path)) {
    const file = join(path, name);
    const bytes = await readFile(file);
    const at = bytes.indexOf(needle);
    if (at < 0) continue;
    const place = at + Math.floor(needle.length / 2);
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    await writeFile(file, bytes);
    return;
  }
  throw new Error("the bytes are in no file");
}

/** Bodies as a crash leaves them: durable, without their entries. */
async function leaveBodies(
  id: string,
  entries: readonly NumberedEntry[],
  marks: readonly [number, number][] = [],
): Promise<void> {
  const records = await Database.open(recordsFolder(folder(id)));
  await records.write(
    [
      ...entries.filter((entry) => !entry.footage).map(({ entry, value }) => put(seqKey(entry.seq), value)),
      ...marks.map(([at, count]) => put(atomicKey(at), Uint8Array.of(0, 0, 0, count))),
    ],
    { sync: true },
  );
  await records.close();
  const footage = entries.filter((entry) => entry.footage);
  const [first] = footage;
  if (first === undefined) return;
  const [volume = first.entry.seq] = await listVolumes(folder(id));
  const database = await Database.open(volumeFolder(folder(id), volume));
  await database.write(
    footage.map(({ entry, value }) => put(seqKey(entry.seq), value)),
    { sync: true },
  );
  await database.close();
}

const tools = { randomBytes: (size: number) => new Uint8Array(size) };
const numbered = (draft: Parameters<typeof prepareDraft>[0], at: number, n: number): NumberedEntry =>
  numberDraft(prepareDraft(draft, { ...tools, clock: rig.clock }), { seq: seq(at), n });

describe("volumes", () => {
  it("begins a new volume by age, reads the sealed ones through the reader process", async () => {
    const store = await rig.open();
    const first = fragment(40_000);
    const a = only(await store.append([first]));
    rig.clock.monotonicOffsetMs += 3_600_001;
    const b = only(await store.append([fragment(40_000)]));
    rig.clock.monotonicOffsetMs += 3_600_001;
    const c = only(await store.append([fragment(40_000)]));
    expect(await listVolumes(folder(a.logId))).toEqual([a.seq, b.seq, c.seq]);
    expect(Buffer.from((await store.readFootage(a)).bytes).equals(first.bytes)).toBe(true);
    expect(rig.reader.pid).toBeDefined();
    expect((await store.readFootage(c)).bytes).toHaveLength(40_000);
    await rig.closeStore();
    const again = await rig.open();
    expect((await again.readFootage(b)).bytes).toHaveLength(40_000);
    await rig.closeStore();
    await rig.reader.close();
    expect((await verdict()).result).toBe("ok");
  });

  it("begins a new volume by size", async () => {
    const store = await rig.open({ volumeBytes: 100_000 });
    const all: Appended[] = [];
    for (let i = 0; i < 6; i++) all.push(only(await store.append([fragment(60_000)])));
    const { logId } = only(all);
    expect(await listVolumes(folder(logId))).toEqual([1, 3, 5]);
    for (const one of all) expect((await store.readFootage(one)).bytes).toHaveLength(60_000);
  });

  it("finds a flipped byte in a sealed and in the open volume, and hands nothing out", async () => {
    const store = await rig.open();
    const [one, two] = [fragment(30_000), fragment(30_000)];
    const a = only(await store.append([one]));
    rig.clock.monotonicOffsetMs += 3_600_001;
    const b = only(await store.append([two]));
    await rig.closeStore();
    await rig.open();
    await rig.closeStore();
    await flip(volumeFolder(folder(a.logId), a.seq), one.bytes);
    await flip(volumeFolder(folder(a.logId), b.seq), two.bytes);
    const again = await rig.open();
    for (const ref of [a, b])
      await expect(again.readFootage(ref)).rejects.toMatchObject({
        code: "evidence.bodyCorrupt",
        details: { stream: "camera/c1/main", seq: ref.seq },
      });
    await rig.closeStore();
    await rig.reader.close();
    const found = await verdict();
    expect(found.result).toBe("invalid");
    const altered = found.findings.filter(({ code }) => code === "body.altered");
    expect(altered).toMatchObject([{ seq: 1, lastSeq: 2, count: 2, stream: "camera/c1/main" }]);
  });

  it("names the body of a removed volume as missing and records on", async () => {
    const store = await rig.open();
    const a = only(await store.append([fragment(1000)]));
    rig.clock.monotonicOffsetMs += 3_600_001;
    await store.append([fragment(1000)]);
    await rig.closeStore();
    await rm(volumeFolder(folder(a.logId), a.seq), { recursive: true });
    const again = await rig.open();
    await expect(again.readFootage(a)).rejects.toMatchObject({ code: "evidence.bodyMissing" });
    expect(only(await again.append([fragment(1000)])).seq).toBe(3);
  });

  it("removes a volume without entries that won't open, keeps one with entries and begins another", async () => {
    const store = await rig.open();
    const a = only(await store.append([fragment(1000)]));
    await rig.closeStore();
    const empty = volumeFolder(folder(a.logId), 2);
    const torn = await Database.open(empty);
    await torn.close();
    await writeFile(join(empty, "CURRENT"), "MANIFEST-000099\n");
    await rig.open();
    expect(await listVolumes(folder(a.logId))).toEqual([1]);
    expect(rig.kinds()).toContain("volumeDamaged");
    await rig.closeStore();

    await writeFile(join(volumeFolder(folder(a.logId), 1), "CURRENT"), "MANIFEST-000099\n");
    const again = await rig.open();
    const b = only(await again.append([fragment(1000)]));
    expect((await again.readFootage(b)).bytes).toHaveLength(1000);
    expect(await listVolumes(folder(a.logId))).toEqual([1, 2]);
    await expect(again.readFootage(a)).rejects.toMatchObject({ code: "store.volumeUnreadable" });
  });

  it("survives the reader's death: it is started again and the read succeeds", async () => {
    const store = await rig.open();
    const a = only(await store.append([fragment(1000)]));
    rig.clock.monotonicOffsetMs += 3_600_001;
    await store.append([fragment(1000)]);
    await store.readFootage(a);
    const before = rig.reader.pid;
    if (before === undefined) throw new Error("the reader does not run");
    process.kill(before, "SIGKILL");
    await until("the reader's end", () => rig.reader.pid !== before);
    expect((await store.readFootage(a)).bytes).toHaveLength(1000);
  });
});

describe("recovery", () => {
  it("appends bodies without entries up to the first hole and tells of the rest as orphans", async () => {
    const store = await rig.open();
    const a = only(await store.append([fragment(1000)]));
    await rig.closeStore();
    const left = [
      numbered(fragment(500), 2, 1),
      numbered(record({ x: 1 }), 3, 0),
      numbered(fragment(600), 5, 2),
    ];
    await leaveBodies(a.logId, left);
    const again = await rig.open();
    expect((await again.readRecord({ logId: a.logId, seq: seq(3) })).body.json).toEqual({ x: 1 });
    const orphan = await again.readRecord({ logId: a.logId, seq: seq(4) });
    expect(orphan.entry.type).toBe("orphan");
    expect(orphan.body.json).toMatchObject({ readable: true });
    expect(Buffer.from(orphan.body.attachment ?? []).equals(left[2]?.value ?? Buffer.alloc(0))).toBe(true);
    expect(rig.notices).toContainEqual({ kind: "orphans", logId: a.logId, count: 1 });
    expect(only(await again.append([fragment(10)]))).toMatchObject({ seq: 5, entry: { n: 2 } });
    await rig.closeStore();
    expect((await verdict()).result).toBe("ok");
  });

  it("leaves nothing of an orphaned record under its number, and tells whose it is, so that it goes with its matter", async () => {
    const store = await rig.open();
    const a = only(await store.append([fragment(1000)]));
    await rig.closeStore();
    const secret = "orphan-that-must-be-forgotten";
    await leaveBodies(a.logId, [numbered(record({ applicationId: "a-1", secret }, "person"), 3, 0)]);
    const again = await rig.open();
    const at = { logId: a.logId, seq: seq(2) };
    expect((await again.readRecord(at)).body.json).toMatchObject({ readable: true, applicationId: "a-1" });
    const holding = await filesWith(rig.dataFolder, [secret]);
    await again.erase({ logId: a.logId, ranges: [[2, 3]], of: "all", basis: "list-1" });
    expect(holding).not.toEqual([]);
    expect(await filesWith(rig.dataFolder, [secret])).toEqual([]);
    await rig.closeStore();
    expect((await verdict()).result).toBe("erased");
  });

  it("does not take half of a part that is all or none", async () => {
    const store = await rig.open();
    const a = only(await store.append([fragment(1000)]));
    await rig.closeStore();
    await leaveBodies(
      a.logId,
      [numbered(record({ x: 1 }), 2, 0), numbered(record({ x: 2 }), 3, 1)],
      [[3, 2]],
    );
    const again = await rig.open();
    const types: string[] = [];
    for (const at of [2, 3]) types.push((await again.readEntry({ logId: a.logId, seq: seq(at) })).type);
    expect(types).toEqual(["intake", "orphan"]);
  });

  it("takes no value that is not the next entry of its stream", async () => {
    const store = await rig.open();
    const a = only(await store.append([fragment(1000)]));
    await rig.closeStore();
    await leaveBodies(a.logId, [numbered(fragment(500), 2, 7)]);
    const again = await rig.open();
    expect((await again.readEntry({ logId: a.logId, seq: seq(2) })).type).toBe("orphan");
  });

  it("writes mixed parts whole", async () => {
    const store = await rig.open();
    for (let i = 0; i < 3; i++) await store.append(mixed());
    await rig.closeStore();
    const again = await rig.open();
    expect(again.stats().size).toBe(7);
    await rig.closeStore();
    expect((await verdict()).result).toBe("ok");
  });

  it("removes a log that never got its first entry", async () => {
    const first = await rig.open();
    const { logId } = first.stats();
    await rig.closeStore();
    await (await Database.open(join(rig.dataFolder, "2099.new", "log"))).close();
    await rig.open();
    expect((await readdir(rig.dataFolder)).filter((name) => name.endsWith(".new"))).toEqual([]);
    expect(await readdir(footageFolder(logFolder(rig.dataFolder, logId)))).toEqual([]);
  });
});

describe("one log after another", () => {
  it("opens a new log in a new year by a trusted clock only, naming the last checkpoint", async () => {
    const store = await rig.open();
    const a = only(await store.append([record({ old: true })]));
    const newYearMs = Date.UTC(Number(a.logId) + 1, 0, 1) - BEIJING_OFFSET_MS;
    rig.clock.wallOffsetMs = newYearMs - 60_000 - Date.now();
    expect(only(await store.append([record({ minute: "before" })])).logId).toBe(a.logId);
    rig.clock.wallOffsetMs = newYearMs + 1000 - Date.now();
    rig.clock.state = "unsynced";
    expect(only(await store.append([record({})])).logId).toBe(a.logId);
    rig.clock.state = "synced";
    const seen: string[] = [];
    store.onAppended((appended) =>
      seen.push(...appended.map(({ logId, entry }) => `${logId}:${entry.type}`)),
    );
    const b = only(await store.append([record({ fresh: true }), fragment(100)]));
    expect(Number(b.logId)).toBe(Number(a.logId) + 1);
    expect(b.seq).toBe(1);
    expect(seen).toEqual([`${a.logId}:close`, `${b.logId}:open`, `${b.logId}:intake`, `${b.logId}:fragment`]);
    const open = await store.readRecord({ logId: b.logId, seq: seq(0) });
    expect(open.body.json).toMatchObject({ why: "year", previous: { logId: a.logId } });
    expect(JSON.stringify(open.body.json)).toContain(String(store.checkpoint(a.logId)?.note.split("\n")[2]));
    expect((await store.readRecord(a)).body.json).toEqual({ old: true });
    rig.clock.wallOffsetMs = 0;
    expect(only(await store.append([record({})])).logId).toBe(b.logId);
    await rig.closeStore();
    const again = await rig.open();
    expect(again.logs().map(({ logId, current }) => [logId, current])).toEqual([
      [a.logId, false],
      [b.logId, true],
    ]);
    await rig.closeStore();
    expect((await verdict()).result).toBe("ok");
  });

  it("opens another log when the signer has signed more than the disk holds", async () => {
    const store = await rig.open();
    const a = only(await store.append([record({})]));
    await store.covering(a);
    await rig.closeStore();
    const other = await StoreRig.make();
    try {
      const longer = await other.open();
      for (let i = 0; i < 9; i++) await longer.append([record({ i })]);
      await other.closeStore();
      for (const [origin, signed] of other.signer.signed) rig.signer.signed.set(origin, signed);
    } finally {
      await other.close();
    }
    const again = await rig.open();
    expect(again.stats().logId).toBe(`${a.logId}.1`);
    const open = await again.readRecord({ logId: again.stats().logId, seq: seq(0) });
    expect(open.body.json).toMatchObject({ why: "diskWentBack", previous: { logId: a.logId } });
    expect(rig.notices).toContainEqual(
      expect.objectContaining({ kind: "diskWentBack", logSize: 2, signedSize: 10 }),
    );
    expect((await again.covering({ logId: again.stats().logId, seq: seq(0) })).logId).toBe(`${a.logId}.1`);
    await rig.closeStore();
    expect((await rig.open()).stats().logId).toBe(`${a.logId}.1`);
  });

  it("opens another log when the signer does not know the log it signed, even if it comes late", async () => {
    const store = await rig.open();
    await store.covering(only(await store.append([record({})])));
    await rig.closeStore();
    rig.signer.signed.clear();
    rig.signer.away = true;
    const again = await rig.open();
    const late = only(await again.append([record({})]));
    rig.signer.away = false;
    await until("the next log", () => again.stats().logId !== late.logId);
    expect(rig.notices).toContainEqual(expect.objectContaining({ kind: "logOpened", why: "signerLost" }));
    expect(only(await again.append([{ ...record({}), stream: streamId("intake") }])).logId).toBe(
      `${late.logId}.1`,
    );
  });
});
