/** Keys that take over, and the second key of the national suite, on a real signer process. */
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Frontier } from "../../../gateway/evidence/merkle/frontier.ts";
import { leafHash } from "../../../gateway/evidence/merkle/hash.ts";
import { consistencyProof } from "../../../gateway/evidence/merkle/proof.ts";
import { checkNational } from "../../../gateway/evidence/national.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import type { TreeToSign } from "../../../gateway/evidence/tree-signer.ts";
import {
  NOTE_ED25519,
  NOTE_SM2,
  type VerifierKey,
  checkNote,
  formatVerifierKey,
} from "../../../gateway/evidence/verifier-key.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import type { SignerClient, SignerOptions } from "../../../gateway/signer/contract.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { nodeSm3, nodeVerifySm2 } from "../../../gateway/signer/sm2.ts";
import { ORIGIN, SampleLog } from "../../unit/evidence/sample-log.ts";

let dataFolder: string;
let signer: SignerClient;
let suite: SignerOptions["suite"] = "ed25519-sha256";

const secret = (name: string): string => join(dataFolder, "secrets", name);

async function open(): Promise<void> {
  signer = await startSigner({ dataFolder, ...(suite === undefined ? {} : { suite }) });
}

async function reopen(): Promise<void> {
  await signer.close();
  await open();
}

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "signer-"));
  suite = "ed25519-sha256";
  await open();
});
afterEach(async () => {
  await signer.close();
  await rm(dataFolder, { recursive: true, force: true });
});

const texts = (keys: readonly VerifierKey[]): readonly string[] => keys.map(formatVerifierKey);

async function treeOf(log: SampleLog, fromSize: number, more: Partial<TreeToSign> = {}): Promise<TreeToSign> {
  const size = log.items.length;
  const proof = await consistencyProof({ sha256: nodeSha256, read: log.readHashes }, fromSize, size);
  return { origin: log.origin, size, root: log.frontier.root(), fromSize, proof, ...more };
}

/** The SM3 tree of the log's first `size` entries, with the proof from an earlier size. */
async function nationalOf(log: SampleLog, fromSize: number): Promise<NonNullable<TreeToSign["national"]>> {
  const tree = new Frontier(nodeSm3);
  const hashes = new Map<string, Uint8Array>();
  for (const { bytes } of log.items)
    for (const { level, index, hash } of tree.append(leafHash(nodeSm3, bytes)))
      hashes.set(`${level}/${index}`, hash);
  const read = async (level: number, start: number, count: number): Promise<readonly Uint8Array[]> =>
    Array.from({ length: count }, (_, i) => hashes.get(`${level}/${start + i}`) ?? new Uint8Array());
  const proof = await consistencyProof({ sha256: nodeSm3, read }, fromSize, log.items.length);
  return { root: tree.root(), proof };
}

async function goodKeys(text: string, keys: readonly VerifierKey[]): Promise<readonly string[]> {
  const note = parseNote(text);
  const good: string[] = [];
  for (const key of keys) {
    const state =
      key.type === NOTE_SM2
        ? checkNational(note, key, nodeVerifySm2).state
        : await checkNote(note, key, nodeVerify);
    if (state === "good") good.push(formatVerifierKey(key));
  }
  return good;
}

describe("keys that take over", () => {
  it("sign one note together with the old ones, which are destroyed then", async () => {
    const log = new SampleLog().fill(5);
    const old = signer.vkeys(ORIGIN);
    expect(await goodKeys(await signer.sign(await treeOf(log, 0)), old)).toEqual(texts(old));
    const oldFile = await readFile(secret("signer.key"), "utf8");
    const next = await signer.nextVkeys(ORIGIN);
    expect(texts(await signer.nextVkeys(ORIGIN))).toEqual(texts(next));
    log.fill(1);
    const both = [...old, ...next];
    const note = await signer.sign(await treeOf(log, 5, { turnTo: texts(next) }));
    expect(await goodKeys(note, both)).toEqual(texts(both));
    expect(texts(signer.vkeys(ORIGIN))).toEqual(texts(both));
    expect(await signer.vkey(ORIGIN)).toBe(texts(next)[0]);
    expect(existsSync(secret("signer.next.key"))).toBe(false);
    expect(existsSync(secret("signer.old.key"))).toBe(false);
    expect(await readFile(secret("signer.key"), "utf8")).not.toBe(oldFile);
    expect(await signer.last(ORIGIN)).toBe(note);
    // The same once more, as after an answer that was lost.
    expect(await signer.sign(await treeOf(log, 6, { turnTo: texts(next) }))).toBe(note);
    log.fill(1);
    const after = await signer.sign(await treeOf(log, 6));
    expect(await goodKeys(after, both)).toEqual(texts(next));
    await reopen();
    expect(signer).toMatchObject({ keyCreated: false, stateLost: false });
    expect(texts(signer.vkeys(ORIGIN))).toEqual(texts(both));
  });

  it("sign the tree that was signed already where nothing came after it", async () => {
    const log = new SampleLog().fill(5);
    await signer.sign(await treeOf(log, 0));
    const next = await signer.nextVkeys(ORIGIN);
    const note = await signer.sign(await treeOf(log, 5, { turnTo: texts(next) }));
    expect(await goodKeys(note, next)).toEqual(texts(next));
  });

  it("take over only where they are the ones made here, under the log's own name", async () => {
    const log = new SampleLog().fill(5);
    const old = signer.vkeys(ORIGIN);
    const foreign = new SampleLog().key;
    const next = await signer.nextVkeys("changli.hall/gw-1/2027");
    let size = 0;
    for (const turnTo of [[foreign], next, []]) {
      log.fill(1);
      const note = await signer.sign(await treeOf(log, size, { turnTo: texts(turnTo) }));
      size = log.items.length;
      expect(await goodKeys(note, [...old, ...turnTo])).toEqual(texts(old));
    }
    expect(texts(signer.vkeys(ORIGIN))).toEqual(texts(old));
  });

  it("add nothing to a log that ended before them, and leave its keys as they were", async () => {
    const ended = new SampleLog("changli.hall/gw-1/2025").fill(3);
    const log = new SampleLog().fill(3);
    const old = signer.vkeys(ended.origin);
    const last = await signer.sign(await treeOf(ended, 0));
    const next = await signer.nextVkeys(ORIGIN);
    await signer.sign(await treeOf(log, 0, { turnTo: texts(next) }));
    expect(texts(signer.vkeys(ended.origin))).toEqual(texts(old));
    expect(await signer.sign(await treeOf(ended, 0))).toBe(last);
    ended.fill(1);
    await expect(signer.sign(await treeOf(ended, 3))).rejects.toMatchObject({
      code: "evidence.signerRefused",
    });
    const year = "changli.hall/gw-1/2027";
    expect(signer.vkeys(year).map(({ keyId }) => keyId)).not.toContain(old[0]?.keyId);
    expect(await signer.vkey(year)).toBe(texts(await vkeysAfterRestart(year))[0]);
  });

  async function vkeysAfterRestart(origin: string): Promise<readonly VerifierKey[]> {
    await reopen();
    return signer.vkeys(origin);
  }

  it("finish at the next start whatever a crash left of a change, at each step of it", async () => {
    const log = new SampleLog().fill(5);
    await signer.sign(await treeOf(log, 0));
    const next = await signer.nextVkeys(ORIGIN);
    const before = {
      key: await readFile(secret("signer.key")),
      next: await readFile(secret("signer.next.key")),
      state: await readFile(secret("signer.state.json")),
    };
    const note = await signer.sign(await treeOf(log, 5, { turnTo: texts(next) }));
    const after = { state: await readFile(secret("signer.state.json")) };
    const put = async (name: string, bytes: Uint8Array): Promise<void> => {
      await rm(secret(name), { force: true });
      await writeFile(secret(name), bytes, { mode: 0o400 });
    };
    // Made and told, not yet in force: the old key goes on, the next one still waits.
    await signer.close();
    await put("signer.key", before.key);
    await put("signer.next.key", before.next);
    await put("signer.state.json", before.state);
    await open();
    expect(await signer.vkey(ORIGIN)).not.toBe(texts(next)[0]);
    expect(texts(await signer.nextVkeys(ORIGIN))).toEqual(texts(next));
    // In force by the state, at each step of giving it its place.
    const steps: (() => Promise<void>)[] = [
      async () => undefined,
      async () => copyFile(secret("signer.key"), secret("signer.old.key")),
      async () => {
        await copyFile(secret("signer.key"), secret("signer.old.key"));
        await put("signer.key", before.next);
        await rm(secret("signer.next.key"));
      },
      async () => {
        await put("signer.old.key", new Uint8Array(119));
        await put("signer.key", before.next);
        await rm(secret("signer.next.key"));
      },
    ];
    for (const step of steps) {
      await signer.close();
      await put("signer.key", before.key);
      await put("signer.next.key", before.next);
      await put("signer.state.json", after.state);
      await step();
      await open();
      expect(signer).toMatchObject({ keyCreated: false, stateLost: false });
      expect(await signer.vkey(ORIGIN)).toBe(texts(next)[0]);
      expect(await signer.last(ORIGIN)).toBe(note);
      expect(await readFile(secret("signer.key"))).toEqual(before.next);
      for (const gone of ["signer.next.key", "signer.old.key"]) expect(existsSync(secret(gone))).toBe(false);
    }
  });

  it("are taken up by a client whose signer was killed between signature and answer", async () => {
    const log = new SampleLog().fill(5);
    const old = signer.vkeys(ORIGIN);
    await signer.sign(await treeOf(log, 0));
    const next = await signer.nextVkeys(ORIGIN);
    log.fill(1);
    const { pid } = signer;
    if (pid === undefined) throw new Error("no signer runs");
    const signing = signer.sign(await treeOf(log, 5, { turnTo: texts(next) }));
    await new Promise((resolve) => setImmediate(resolve));
    process.kill(pid, "SIGKILL");
    expect(await goodKeys(await signing, next)).toEqual(texts(next));
    expect(texts(signer.vkeys(ORIGIN))).toEqual(texts([...old, ...next]));
  });
});

describe("the national suite", () => {
  beforeEach(async () => {
    await signer.close();
    suite = "sm2-sm3";
    await open();
  });

  it("adds the line of an SM2 key and stays one history by both hashes", async () => {
    const log = new SampleLog().fill(20);
    const keys = signer.vkeys(ORIGIN);
    expect(keys.map(({ type }) => type)).toEqual([NOTE_ED25519, NOTE_SM2]);
    const first = await treeOf(log, 0, { national: await nationalOf(log, 0) });
    const note = await signer.sign(first);
    expect(await goodKeys(note, keys)).toEqual(texts(keys));
    expect(await signer.sign(first)).toBe(note);
    log.fill(280);
    const tree = await treeOf(log, 20, { national: await nationalOf(log, 20) });
    const { national, ...bare } = tree;
    if (national === undefined) throw new Error("the tree has an SM3 root");
    const other = { ...national, root: Uint8Array.from(national.root, (byte) => byte ^ 1) };
    for (const bad of [bare, { ...bare, national: other }, { ...bare, national: { ...national, proof: [] } }])
      await expect(signer.sign(bad)).rejects.toMatchObject({ code: "evidence.signerRefused" });
    const second = await signer.sign(tree);
    expect(await goodKeys(second, keys)).toEqual(texts(keys));
    await expect(signer.sign({ ...bare, fromSize: 300, proof: [] })).rejects.toMatchObject({
      code: "evidence.signerRefused",
    });
    await reopen();
    expect(texts(signer.vkeys(ORIGIN))).toEqual(texts(keys));
    expect(await signer.sign(tree)).toBe(second);
  });

  it("changes both keys at once", async () => {
    const log = new SampleLog().fill(4);
    const old = signer.vkeys(ORIGIN);
    const next = await signer.nextVkeys(ORIGIN);
    const tree = await treeOf(log, 0, { national: await nationalOf(log, 0), turnTo: texts(next) });
    const note = await signer.sign(tree);
    expect(await goodKeys(note, [...old, ...next])).toEqual(texts([...old, ...next]));
    for (const gone of ["signer.next.key", "signer.next.sm2.key", "signer.old.key", "signer.old.sm2.key"])
      expect(existsSync(secret(gone))).toBe(false);
    await reopen();
    expect(texts(signer.vkeys(ORIGIN))).toEqual(texts([...old, ...next]));
    expect(signer.keyCreated).toBe(false);
  });

  it("may come to a box and leave it, each log keeping its own", async () => {
    const log = new SampleLog().fill(4);
    const national = await signer.sign(await treeOf(log, 0, { national: await nationalOf(log, 0) }));
    suite = "ed25519-sha256";
    await reopen();
    expect(signer.vkeys(ORIGIN)).toHaveLength(2);
    const next = new SampleLog("changli.hall/gw-1/2026.1").fill(2);
    expect(signer.vkeys(next.origin).map(({ type }) => type)).toEqual([NOTE_ED25519]);
    expect(parseNote(await signer.sign(await treeOf(next, 0))).signatures).toHaveLength(1);
    expect(await signer.last(ORIGIN)).toBe(national);
    // What the older log still lacks is signed by its own keys.
    log.fill(1);
    const rest = await signer.sign(await treeOf(log, 4, { national: await nationalOf(log, 4) }));
    expect(parseNote(rest).signatures).toHaveLength(2);
  });

  it("says that a key was made where the SM2 key of a known log is gone", async () => {
    const log = new SampleLog().fill(4);
    await signer.sign(await treeOf(log, 0, { national: await nationalOf(log, 0) }));
    await signer.close();
    await rm(secret("signer.sm2.key"));
    await open();
    expect(signer).toMatchObject({ keyCreated: true, stateLost: false });
    expect(await signer.last(ORIGIN)).toBeUndefined();
  });
});

describe("a state of the first version", () => {
  it("is read, and its logs keep the key that signed them", async () => {
    const log = new SampleLog().fill(4);
    await signer.sign(await treeOf(log, 0));
    const old = signer.vkeys(ORIGIN);
    await signer.close();
    const state = JSON.parse(await readFile(secret("signer.state.json"), "utf8")) as {
      readonly origins: readonly Readonly<Record<string, unknown>>[];
    };
    const origins = state.origins.map(({ origin, size, root, note }) => ({ origin, size, root, note }));
    await writeFile(secret("signer.state.json"), JSON.stringify({ v: 1, origins }));
    await open();
    expect(signer).toMatchObject({ keyCreated: false, stateLost: false });
    expect(texts(signer.vkeys(ORIGIN))).toEqual(texts(old));
    log.fill(1);
    expect(parseNote(await signer.sign(await treeOf(log, 4))).signatures).toHaveLength(1);
  });
});
