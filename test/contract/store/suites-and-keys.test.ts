/** Logs of both suites and a change of keys, with the real signer process beside the store. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seq } from "../../../gateway/domain/ids.ts";
import { toHex } from "../../../gateway/evidence/bytes.ts";
import { parseCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { decodeEntry } from "../../../gateway/evidence/entry.ts";
import { Frontier } from "../../../gateway/evidence/merkle/frontier.ts";
import { leafHash } from "../../../gateway/evidence/merkle/hash.ts";
import { checkNational } from "../../../gateway/evidence/national.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import type { Suite } from "../../../gateway/evidence/suite.ts";
import {
  NOTE_SM2,
  type VerifierKey,
  checkNote,
  formatVerifierKey,
} from "../../../gateway/evidence/verifier-key.ts";
import { createSealedReader } from "../../../gateway/reader/client.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import type { SignerClient } from "../../../gateway/signer/contract.ts";
import { nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { nodeSm3, nodeVerifySm2 } from "../../../gateway/signer/sm2.ts";
import type { Store } from "../../../gateway/store/contract.ts";
import { openStore } from "../../../gateway/store/open-store.ts";
import type { StoreNotice } from "../../../gateway/store/ports.ts";
import { MovableClock, SMALL, fragment, record, until } from "./opened-store.ts";
import { verdictOn } from "./verdict.ts";

let dataFolder: string;
let signer: SignerClient;
let store: Store;
let notices: StoreNotice[] = [];
const reader = createSealedReader();
const clock = new MovableClock();

async function open(suite: Suite): Promise<void> {
  signer = await startSigner({ dataFolder, suite });
  notices = [];
  store = await openStore({
    dataFolder,
    clock,
    randomBytes,
    unit: "unit",
    gateway: "g1",
    suite,
    signer,
    sealedReader: reader,
    onNotice: (notice) => notices.push(notice),
    limits: SMALL,
  });
}

async function close(): Promise<void> {
  await store.close();
  await signer.close();
}

beforeEach(async () => {
  clock.wallOffsetMs = 0;
  dataFolder = await mkdtemp(join(tmpdir(), "suites-"));
});
afterEach(async () => {
  await close();
  await rm(dataFolder, { recursive: true, force: true });
});

const keysOf = (): readonly VerifierKey[] => store.logs().flatMap(({ origin }) => signer.vkeys(origin));

async function goodTypes(text: string, keys: readonly VerifierKey[]): Promise<readonly number[]> {
  const note = parseNote(text);
  const found: number[] = [];
  for (const key of keys) {
    const { state } =
      key.type === NOTE_SM2
        ? checkNational(note, key, nodeVerifySm2)
        : { state: await checkNote(note, key, nodeVerify) };
    if (state === "good") found.push(key.type);
  }
  return found;
}

/** Everything that a log of the national suite promises, from its public files alone. */
async function expectNational(): Promise<void> {
  const log = store.logs().at(-1);
  if (log === undefined) throw new Error("there is a log");
  const checkpoint = await store.covering({ logId: log.logId, seq: seq(log.size - 1) });
  const tree = new Frontier(nodeSm3);
  for (const { bytes, seq: at } of await store.entries(log.logId, 0, checkpoint.size)) {
    tree.append(leafHash(nodeSm3, bytes));
    const { sm3 } = decodeEntry(bytes);
    const value = await store.bodyValue({ logId: log.logId, seq: at });
    expect(sm3).toBe(toHex(nodeSm3(value.subarray(2 + bytes.length))));
  }
  const key = signer.vkeys(log.origin).findLast(({ type }) => type === NOTE_SM2);
  if (key === undefined) throw new Error("the log has an SM2 key");
  const state = checkNational(parseNote(checkpoint.note), key, nodeVerifySm2);
  expect(state).toEqual({ state: "good", sm3Root: new Uint8Array(tree.root()) });
}

describe("the suite sm2-sm3", () => {
  it("gives every entry both digests and every checkpoint an SM2 line over the SM3 root", async () => {
    await open("sm2-sm3");
    for (let i = 0; i < 40; i++)
      await Promise.all([store.append([fragment(200_000)]), store.append([record({ i }), record({ i })])]);
    await expectNational();
    const first = await store.readRecord({ logId: store.stats().logId, seq: seq(0) });
    expect(first.body.json).toMatchObject({ why: "first", suite: "sm2-sm3" });
    await close();
    await open("sm2-sm3");
    await store.append([record({ again: true })]);
    await expectNational();
    expect((await verdictOnClosed()).counts.invalid).toBe(0);
  });

  it("keeps the order of calls and the event loop while large bodies are hashed", async () => {
    await open("sm2-sm3");
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns++;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const large = store.append([fragment(6_000_000)]);
    const small = store.append([record({ small: true })]);
    const [[a], [b]] = await Promise.all([large, small]);
    counting = false;
    expect(a?.seq).toBe(1);
    expect(b?.seq).toBe(2);
    // 6 MB are 92 steps of 64 KiB.
    expect(turns).toBeGreaterThan(80);
  });

  it("comes and goes with a new log, which says why", async () => {
    await open("ed25519-sha256");
    await store.append([record({ a: 1 })]);
    await close();
    await open("sm2-sm3");
    const [older, newer] = store.logs();
    expect(newer?.logId).toBe(`${older?.logId ?? ""}.1`);
    const opening = await store.readRecord({ logId: store.stats().logId, seq: seq(0) });
    const previous = store.checkpoint(older?.logId ?? store.stats().logId);
    expect(opening.body.json).toMatchObject({
      why: "suite",
      suite: "sm2-sm3",
      previous: { logId: older?.logId, note: previous?.note },
    });
    expect(previous?.size).toBe(older?.size);
    await store.append([record({ b: 1 })]);
    await expectNational();
    await close();
    await open("ed25519-sha256");
    expect(store.logs()).toHaveLength(3);
    const [, middle] = store.logs();
    const last = store.checkpoint(middle?.logId ?? store.stats().logId);
    expect(last?.size).toBe(middle?.size);
    expect(await goodTypes(last?.note ?? "", signer.vkeys(middle?.origin ?? ""))).toHaveLength(2);
    await store.append([record({ c: 1 })]);
    const keys = keysOf();
    expect(keys).toHaveLength(4);
    expect((await verdictOnClosed()).counts.invalid).toBe(0);
  });
});

async function verdictOnClosed() {
  const keys = keysOf();
  await store.append([record({ last: true })]);
  await store.close();
  return verdictOn(dataFolder, keys.map(formatVerifierKey));
}

async function change(): Promise<Awaited<ReturnType<Store["changeKeys"]>>> {
  const origin = await store.currentOrigin();
  const now = signer.vkeys(origin);
  const next = await signer.nextVkeys(origin);
  const keys = next.map((key) => ({
    from: formatVerifierKey(now.findLast(({ type }) => type === key.type) ?? key),
    to: formatVerifierKey(key),
  }));
  return store.changeKeys({ keys, why: "rotation", by: "technician-1" });
}

describe.each(["ed25519-sha256", "sm2-sm3"] as const)("a change of keys under %s", (suite) => {
  const perNote = suite === "sm2-sm3" ? 2 : 1;

  it("is announced in the log and in force with one checkpoint of old and new keys", async () => {
    await open(suite);
    await store.append([record({ a: 1 })]);
    const { origin, logId } = store.logs()[0] ?? {};
    if (origin === undefined || logId === undefined) throw new Error("there is a log");
    const old = signer.vkeys(origin);
    const turnover = await change();
    const keys = signer.vkeys(origin);
    expect(keys).toHaveLength(2 * perNote);
    expect(await goodTypes(turnover.note, keys)).toHaveLength(2 * perNote);
    expect(await goodTypes(turnover.note, old)).toHaveLength(perNote);
    const announced = (await store.entries(logId, 0, turnover.size)).map(({ bytes }) => decodeEntry(bytes));
    expect(announced.flatMap(({ vkey }) => vkey ?? [])).toEqual(keys.slice(perNote).map(formatVerifierKey));
    expect(await store.turnovers(logId)).toMatchObject([{ size: turnover.size, note: turnover.note }]);
    expect(notices).toContainEqual({ kind: "keysTurned", logId, size: turnover.size });
    const [more] = await store.append([record({ b: 1 })]);
    if (more === undefined) throw new Error("appended");
    const after = await store.covering(more);
    expect(await goodTypes(after.note, keys.slice(perNote))).toHaveLength(perNote);
    expect(await goodTypes(after.note, old)).toHaveLength(0);
    const second = await change();
    expect(await goodTypes(second.note, signer.vkeys(origin))).toHaveLength(2 * perNote);
    await close();
    await open(suite);
    expect((await store.turnovers(logId)).map(({ size }) => size)).toEqual([turnover.size, second.size]);
    expect(signer.vkeys(origin)).toHaveLength(3 * perNote);
  });

  it("as the first act of a new year goes into its log, once the old one has its last signature", async () => {
    await open(suite);
    await store.append([record({ a: 1 })]);
    const { origin } = store.logs()[0] ?? { origin: "" };
    const [now] = signer.vkeys(origin);
    const [next] = await signer.nextVkeys(origin);
    if (now === undefined || next === undefined) throw new Error("there are keys");
    clock.wallOffsetMs = 366 * 86_400_000;
    const stale = { from: formatVerifierKey(now), to: formatVerifierKey(next) };
    await expect(
      store.changeKeys({ keys: [stale], why: "rotation", by: "technician-1" }),
    ).rejects.toMatchObject({ code: "store.keysNotTaken" });
    const turnover = await change();
    const [older, newer] = store.logs();
    expect(turnover.logId).toBe(newer?.logId);
    expect(store.checkpoint(older?.logId ?? turnover.logId)?.size).toBe(older?.size);
    expect((await verdictOnClosed()).counts.invalid).toBe(0);
  });

  it("goes on in the next year with the new keys alone", async () => {
    await open(suite);
    await change();
    clock.wallOffsetMs = 366 * 86_400_000;
    const [first] = await store.append([record({ next: 1 })]);
    if (first === undefined) throw new Error("appended");
    const { origin } = store.logs().at(-1) ?? { origin: "" };
    expect(origin.endsWith(first.logId)).toBe(true);
    const note = (await store.covering(first)).note;
    expect(signer.vkeys(origin)).toHaveLength(perNote);
    expect(await goodTypes(note, signer.vkeys(origin))).toHaveLength(perNote);
    expect(signer.vkeys(store.logs()[0]?.origin ?? "")).toHaveLength(2 * perNote);
    await until("the year's end is signed", () => {
      const [ended] = store.logs();
      return ended !== undefined && store.checkpoint(ended.logId)?.size === ended.size;
    });
  });
});

describe("a change of keys", () => {
  it("leaves everything as it was where the keys are not the signer's next ones", async () => {
    await open("ed25519-sha256");
    const { origin } = store.logs()[0] ?? { origin: "" };
    const [now] = signer.vkeys(origin);
    if (now === undefined) throw new Error("there is a key");
    const from = formatVerifierKey(now);
    await signer.nextVkeys(origin);
    const other = formatVerifierKey({ ...now, keyId: 1 });
    const keys = [{ from, to: other }];
    await expect(store.changeKeys({ keys, why: "rotation", by: "technician-1" })).rejects.toMatchObject({
      code: "store.keysNotTaken",
    });
    expect(signer.vkeys(origin)).toEqual([now]);
    const [more] = await store.append([record({ b: 1 })]);
    if (more === undefined) throw new Error("appended");
    expect(parseCheckpoint(parseNote((await store.covering(more)).note).text).size).toBe(more.seq + 1);
    expect(await change()).toMatchObject({ logId: more.logId });
  });

  it("is finished by the next start when the store closed between announcement and checkpoint", async () => {
    await open("ed25519-sha256");
    const { origin } = store.logs()[0] ?? { origin: "" };
    const old = signer.vkeys(origin);
    const next = await signer.nextVkeys(origin);
    const { pid } = signer;
    if (pid === undefined) throw new Error("no signer runs");
    // The signer stands still, so the announcement stays alone.
    process.kill(pid, "SIGSTOP");
    const [from, to] = [old, next].map(([key]) => (key === undefined ? "" : formatVerifierKey(key)));
    const changing = store
      .changeKeys({ keys: [{ from: from ?? "", to: to ?? "" }], why: "rotation", by: "technician-1" })
      .catch((error: unknown) => error);
    const { logId } = store.stats();
    await until("the key is announced", () => store.stats().size >= 2);
    await close();
    expect(await changing).toMatchObject({ code: expect.stringMatching(/^store\./) });
    await open("ed25519-sha256");
    await until("the keys have turned", () => signer.vkeys(origin).length === 2);
    // The signer knows first; then the checkpoint of both keys is stored.
    await until("the turnover is stored", async () => (await store.turnovers(logId)).length > 0);
    const [turnover] = await store.turnovers(logId);
    expect(await goodTypes(turnover?.note ?? "", [...old, ...next])).toHaveLength(2);
  });

  it("begun again at once after a crash between announcement and checkpoint is one change", async () => {
    await open("ed25519-sha256");
    const { origin, logId } = store.logs()[0] ?? {};
    if (origin === undefined || logId === undefined) throw new Error("there is a log");
    const old = signer.vkeys(origin);
    const next = await signer.nextVkeys(origin);
    const [from = "", to = ""] = [old, next].flat().map(formatVerifierKey);
    const again = { keys: [{ from, to }], why: "rotation", by: "technician-1" } as const;
    const { pid } = signer;
    if (pid === undefined) throw new Error("no signer runs");
    process.kill(pid, "SIGSTOP");
    const changing = store.changeKeys(again).catch((error: unknown) => error);
    await until("the key is announced", () => store.stats().size >= 2);
    await close();
    expect(await changing).toMatchObject({ code: expect.stringMatching(/^store\./) });
    await open("ed25519-sha256");
    await store.changeKeys(again);
    await store.changeKeys(again);
    const entries = await store.entries(logId, 0, store.stats().size);
    expect(entries.filter(({ bytes }) => decodeEntry(bytes).type === "key")).toHaveLength(1);
    const [turnover] = await store.turnovers(logId);
    expect(await goodTypes(turnover?.note ?? "", [...old, ...next])).toHaveLength(2);
  });
});
