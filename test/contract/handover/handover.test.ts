/** Packs, acknowledgements and sightings on a real store, with a real witness key. */
import { createHash, generateKeyPairSync, sign, verify as verifySignature } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EntryRef, seq, sha256Hex } from "../../../gateway/domain/ids.ts";
import { formatAck } from "../../../gateway/evidence/ack.ts";
import type { EntryDraft } from "../../../gateway/evidence/append.ts";
import { parseCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { cosign, noteKeyOfWitness } from "../../../gateway/evidence/cosignature.ts";
import { addSignature, formatNote, parseNote } from "../../../gateway/evidence/note.ts";
import { eachSeq } from "../../../gateway/evidence/ranges.ts";
import { readPack } from "../../../gateway/evidence/read-pack.ts";
import type { VerifyEd25519 } from "../../../gateway/evidence/suite.ts";
import { COSIGNATURE_V1, signNote, verifierKey } from "../../../gateway/evidence/verifier-key.ts";
import type { Handover, SealedPack } from "../../../gateway/handover/contract.ts";
import { createHandover } from "../../../gateway/handover/create-handover.ts";
import type { SealLimits } from "../../../gateway/handover/ports.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { sha256 } from "../../../gateway/store/sha256.ts";
import { StoreRig, fragment, record, until } from "../store/opened-store.ts";

const keys = generateKeyPairSync("ed25519");
const publicKey = keys.publicKey.export({ type: "spki", format: "der" }).subarray(-32);
const witness = verifierKey(sha256, { name: "archive.example", type: COSIGNATURE_V1, publicKey });
const signWith = (message: Uint8Array): Uint8Array => sign(null, message, keys.privateKey);
const verify: VerifyEd25519 = ({ publicKey: key, message, signature }) =>
  verifySignature(
    null,
    message,
    {
      key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]),
      format: "der",
      type: "spki",
    },
    signature,
  );

let rig: StoreRig;
let handover: Handover;
let store: Store;
const faults: unknown[] = [];

async function open(limits: Partial<SealLimits> = {}): Promise<void> {
  store = await rig.open();
  handover = createHandover({
    store,
    views: store,
    append: store,
    clock: rig.clock,
    sha256,
    verify,
    witnesses: () => [witness],
    onFault: (cause) => faults.push(cause),
    limits: { tickMs: 10, targetBytes: 300_000, paperQuietMs: 60_000, ...limits },
  });
  await store.catchUp();
}

async function close(): Promise<void> {
  await handover.close();
  await rig.closeStore();
}

beforeEach(async () => {
  faults.length = 0;
  rig = await StoreRig.make();
});
afterEach(async () => {
  await handover.close();
  await rig.close();
  expect(faults).toEqual([]);
});

async function bytesOf(pack: SealedPack, range = { offset: 0, length: pack.sizeBytes }): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of handover.readPack(pack.sha256, range)) parts.push(part);
  return Buffer.concat(parts);
}

async function append(drafts: readonly EntryDraft[]): Promise<void> {
  const appended = await store.append(drafts);
  const last = appended.at(-1);
  if (last !== undefined) await store.applied(last);
}

describe("packs", () => {
  it("hold every body exactly once, under the hash of their bytes, records first", async () => {
    await open();
    for (let i = 0; i < 7; i++) await append([fragment(90_000), record({ i })]);
    await append([{ ...fragment(5000), type: "chunk" }]);
    await handover.sealNow("demand");
    const packs = await handover.listPacks({ after: 0 });
    expect(packs.map(({ no }) => no)).toEqual(packs.map((_, i) => i + 1));
    const seen = new Set<number>();
    for (const pack of packs) {
      const bytes = await bytesOf(pack);
      expect(bytes).toHaveLength(pack.sizeBytes);
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(pack.sha256);
      const reading = await readPack(
        (async function* () {
          yield bytes;
        })(),
      );
      expect(reading.header.ranges).toEqual(pack.ranges);
      for await (const item of reading.items) {
        expect(seen.has(item.seq)).toBe(false);
        seen.add(item.seq);
        expect(item.body).toBeDefined();
      }
    }
    // open, 7 x (fragment, intake), chunk; the seals themselves go with the next pack of records.
    expect([...seen].sort((a, b) => a - b).slice(0, 16)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(packs.map((pack) => pack.class).sort((a, b) => a - b)).toEqual([0, 2, 3, 3, 3]);
    expect((await handover.listPacks({ after: 0, class: 3 })).every((pack) => pack.class === 3)).toBe(true);
    expect(await handover.listPacks({ after: packs.length })).toEqual([]);
    expect(await handover.sealNow("demand")).toEqual([]);
  });

  it("give the same bytes for any range, now and after the views were deleted", async () => {
    await open();
    for (let i = 0; i < 5; i++) await append([fragment(50_000), record({ i })]);
    await handover.sealNow("intake");
    await append([fragment(50_000)]);
    const before = await handover.listPacks({ after: 0 });
    const [pack] = before.filter(({ class: cls }) => cls === 3);
    if (pack === undefined) throw new Error("no pack of footage");
    const whole = await bytesOf(pack);
    for (const [offset, length] of [
      [0, 1],
      [10, 100],
      [40_000, 60_001],
      [pack.sizeBytes - 7, 7],
      [5, 0],
    ] as const)
      expect((await bytesOf(pack, { offset, length })).equals(whole.subarray(offset, offset + length))).toBe(
        true,
      );
    await expect(bytesOf(pack, { offset: 1, length: pack.sizeBytes })).rejects.toMatchObject({
      code: "sync.badRange",
    });
    await expect(bytesOf({ ...pack, sha256: sha256Hex("0".repeat(64)) })).rejects.toMatchObject({
      code: "sync.noSuchPack",
    });
    await close();
    await rm(join(rig.dataFolder, "views"), { recursive: true });
    await open();
    expect(await handover.listPacks({ after: 0 })).toEqual(before);
    expect((await bytesOf(pack)).equals(whole)).toBe(true);
    const again = await handover.sealNow("demand");
    expect(again.map(({ class: cls, ranges }) => [cls, [...eachSeq(ranges)].length])).toEqual([[3, 1]]);
  });

  it("close by themselves at their size, at their age, and soon after a paper", async () => {
    await open({ paperQuietMs: 30 });
    for (let i = 0; i < 5; i++) await append([fragment(100_000)]);
    await until(
      "two full packs",
      async () => (await handover.listPacks({ after: 0, class: 3 })).length === 2,
    );
    await append([record({}, "rendition")]);
    await until(
      "a pack of papers",
      async () => (await handover.listPacks({ after: 0, class: 0 })).length === 1,
    );
    rig.clock.monotonicOffsetMs += 15 * 60_000;
    await until("an aged pack", async () => (await handover.listPacks({ after: 0, class: 3 })).length === 3);
    const packs = await handover.listPacks({ after: 0 });
    expect(packs.map(({ reason }) => reason)).toEqual(["size", "size", "intake", "age"]);
  });

  it("go on where a body is gone: its entry stands alone, and the rest is handed over", async () => {
    await open();
    await append([fragment(1000)]);
    rig.clock.monotonicOffsetMs += 3_600_001;
    await append([fragment(1000)]);
    await close();
    await rm(join(rig.dataFolder, store.stats().logId, "footage", "000000000001"), { recursive: true });
    await open();
    const sealed = await handover.sealNow("demand");
    const [pack] = sealed.filter(({ class: cls }) => cls === 3);
    if (pack === undefined) throw new Error("no pack of footage");
    const bytes = await bytesOf(pack);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(pack.sha256);
  });
});

describe("notes of others", () => {
  async function ackOf(packs: readonly SealedPack[], retainUntilS: number): Promise<string> {
    const newest = packs.at(-1);
    if (newest === undefined) throw new Error("nothing to acknowledge");
    const { note } = await store.covering(newest.seal);
    const text = formatAck({
      checkpoint: parseCheckpoint(parseNote(note).text),
      timeS: 1_800_000_000,
      packs: packs.map(({ sha256: name, ranges }) => ({ sha256: name, ranges, retainUntilS })),
    });
    return formatNote(await signNote(text, noteKeyOfWitness(sha256, witness), signWith));
  }

  it("an acknowledgement is logged once, and shows at its packs", async () => {
    await open();
    await append([fragment(1000), record({})]);
    const packs = await handover.sealNow("demand");
    const note = await ackOf(packs, 2_000_000_000);
    await handover.acceptAck(note);
    const size = store.stats().size;
    await Promise.all([handover.acceptAck(note), handover.acceptAck(note)]);
    expect(store.stats().size).toBe(size);
    const acked = await handover.listPacks({ after: 0 });
    for (const pack of acked)
      expect(pack.acked).toMatchObject({ by: "archive.example", retainUntilMs: 2_000_000_000_000 });
    await handover.acceptAck(await ackOf(packs, 2_100_000_000));
    expect(
      (await handover.findPack(packs[0]?.sha256 ?? sha256Hex("0".repeat(64))))?.acked?.retainUntilMs,
    ).toBe(2_100_000_000_000);
  });

  it("a forged, foreign or impossible acknowledgement leaves no trace", async () => {
    await open();
    await append([fragment(1000)]);
    const packs = await handover.sealNow("demand");
    const good = await ackOf(packs, 2_000_000_000);
    const { size } = store.stats();
    const other = await ackOf(
      packs.map((pack) => ({ ...pack, sha256: sha256Hex("1".repeat(64)) })),
      2_000_000_000,
    );
    for (const bad of [
      good.replace("time 18", "time 19"),
      other,
      "",
      good.replace("archive.example", "other.example"),
    ])
      await expect(handover.acceptAck(bad)).rejects.toMatchObject({ code: "sync.ackRefused" });
    expect(store.stats().size).toBe(size);
  });

  it("a cosignature ends the exposure until something new is recorded", async () => {
    await open();
    await append([record({})]);
    rig.clock.wallOffsetMs += 5000;
    expect(handover.exposureMs()).toBeGreaterThanOrEqual(5000);
    const newest = (): EntryRef => {
      const { logId, size } = store.stats();
      return { logId, seq: seq(size - 1) };
    };
    const cosigned = async (): Promise<string> => {
      const { note } = await store.covering(newest());
      const parsed = parseNote(note);
      const line = await cosign({
        checkpointText: parsed.text,
        timeS: 1_800_000_000,
        key: witness,
        sign: signWith,
      });
      return formatNote(addSignature(parsed, line));
    };
    const first = await cosigned();
    const [log] = store.logs();
    expect(log === undefined ? "no log" : await handover.cosigned(log.logId)).toBeUndefined();
    await handover.acceptCosignature(first);
    expect(log === undefined ? "no log" : await handover.cosigned(log.logId)).toBe(first);
    await until("no exposure", () => handover.exposureMs() === 0);
    const { size } = store.stats();
    await handover.acceptCosignature(first);
    await handover.acceptCosignature(await cosigned());
    expect(store.stats().size).toBe(size);
    await append([fragment(10)]);
    rig.clock.wallOffsetMs += 7000;
    expect(handover.exposureMs()).toBeGreaterThanOrEqual(7000);
    await close();
    await open();
    await until("the exposure of before", () => handover.exposureMs() >= 7000);
    await expect(
      handover.acceptCosignature(first.replace("archive.example", "someone.else")),
    ).rejects.toMatchObject({
      code: "sync.cosignatureRefused",
    });
    const { note } = await store.covering(newest());
    await expect(handover.acceptCosignature(note)).rejects.toMatchObject({ code: "sync.cosignatureRefused" });
  });
});
