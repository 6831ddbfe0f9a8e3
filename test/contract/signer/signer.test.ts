/** The signer as a real child process: what it signs, what it refuses, and how it comes back. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { consistencyProof } from "../../../gateway/evidence/merkle/proof.ts";
import { parseCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import type { TreeToSign } from "../../../gateway/evidence/tree-signer.ts";
import { checkNote, parseVerifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import type { SignerClient } from "../../../gateway/signer/contract.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { ORIGIN, SampleLog } from "../../unit/evidence/sample-log.ts";

let dataFolder: string;
let signer: SignerClient;

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "signer-"));
  signer = await startSigner({ dataFolder });
});
afterEach(async () => {
  await signer.close();
  await rm(dataFolder, { recursive: true, force: true });
});

/** The log's tree as it is now, with the proof from an earlier size. */
async function treeOf(log: SampleLog, fromSize: number): Promise<TreeToSign> {
  const size = log.items.length;
  const source = { sha256: nodeSha256, read: log.readHashes };
  const proof = await consistencyProof(source, fromSize, size);
  return { origin: ORIGIN, size, root: log.frontier.root(), fromSize, proof };
}

async function waitFor(what: string, holds: () => boolean, limitMs = 10_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Ends the child and waits until the client has another one. */
async function killed(): Promise<void> {
  const { pid } = signer;
  if (pid === undefined) throw new Error("no signer runs");
  process.kill(pid, "SIGKILL");
  await waitFor("the signer is back", () => signer.pid !== undefined && signer.pid !== pid);
}

describe("the signer", () => {
  it("signs a growing tree with its own key, and the same tree again with the same note", async () => {
    const key = parseVerifierKey(await signer.vkey(ORIGIN), nodeSha256);
    const log = new SampleLog();
    expect(await signer.last(ORIGIN)).toBeUndefined();
    let last = 0;
    for (const more of [1, 1, 5, 300]) {
      log.fill(more);
      const tree = await treeOf(log, last);
      const note = await signer.sign(tree);
      expect(await checkNote(parseNote(note), key, nodeVerify)).toBe("good");
      expect(parseCheckpoint(parseNote(note).text)).toMatchObject({ origin: ORIGIN, size: tree.size });
      expect(await signer.sign(tree)).toBe(note);
      expect(await signer.last(ORIGIN)).toBe(note);
      last = tree.size;
    }
  });

  it("refuses a smaller tree, a forked tree and another tree of the same size", async () => {
    const log = new SampleLog().fill(20);
    const small = await treeOf(new SampleLog().fill(10), 0);
    await signer.sign(await treeOf(log, 0));
    await expect(signer.sign(small)).rejects.toMatchObject({
      code: "evidence.signerRefused",
      details: { size: 20 },
    });
    const fork = new SampleLog().fill(19);
    fork.addFragment("cam-9");
    await expect(signer.sign(await treeOf(fork, 0))).rejects.toMatchObject({
      code: "evidence.signerRefused",
    });
    fork.fill(11);
    const forked = await treeOf(fork, 20);
    await expect(signer.sign(forked)).rejects.toMatchObject({ code: "evidence.signerRefused" });
    expect(parseCheckpoint(parseNote((await signer.last(ORIGIN)) ?? "").text).size).toBe(20);
  });

  it("asks for the proof from the size that it signed last", async () => {
    const log = new SampleLog().fill(20);
    await signer.sign(await treeOf(log, 0));
    log.fill(5);
    const fromStart = await treeOf(log, 0);
    await expect(signer.sign(fromStart)).rejects.toMatchObject({
      code: "evidence.signerOutOfStep",
      details: { size: 20 },
    });
    const note = await signer.sign(await treeOf(log, 20));
    expect(parseCheckpoint(parseNote(note).text).size).toBe(25);
  });

  it("keeps each origin's history apart", async () => {
    const tree = await treeOf(new SampleLog().fill(20), 0);
    await signer.sign(tree);
    const next = { ...(await treeOf(new SampleLog().fill(3), 0)), origin: "changli.hall/gw-1/2027" };
    expect(parseCheckpoint(parseNote(await signer.sign(next)).text).size).toBe(3);
  });

  it("is killed and comes back with key and memory, and answers what was asked meanwhile", async () => {
    const log = new SampleLog().fill(20);
    const note = await signer.sign(await treeOf(log, 0));
    const vkey = await signer.vkey(ORIGIN);
    const { pid } = signer;
    if (pid === undefined) throw new Error("no signer runs");
    process.kill(pid, "SIGKILL");
    log.fill(1);
    const asked = signer.sign(await treeOf(log, 20));
    expect(parseCheckpoint(parseNote(await asked).text).size).toBe(21);
    await killed();
    expect(await signer.vkey(ORIGIN)).toBe(vkey);
    const small = await treeOf(new SampleLog().fill(10), 0);
    await expect(signer.sign(small)).rejects.toMatchObject({ code: "evidence.signerRefused" });
    expect(note).not.toBe(await signer.last(ORIGIN));
  });

  it("keeps key, state and socket for its own user only, and leaves the public key", async () => {
    await signer.sign(await treeOf(new SampleLog().fill(1), 0));
    const mode = async (name: string): Promise<number> =>
      (await stat(join(dataFolder, "secrets", name))).mode & 0o777;
    expect(await mode("")).toBe(0o700);
    expect(await mode("signer.key")).toBe(0o400);
    expect(await mode("signer.sock")).toBe(0o600);
    expect(await mode("signer.state.json")).toBe(0o600);
    expect(await readFile(join(dataFolder, "secrets", "signer.pub"), "utf8")).toContain("BEGIN PUBLIC KEY");
  });

  it("says so when its state is lost or belongs to another key, and starts without memory", async () => {
    const secrets = join(dataFolder, "secrets");
    expect(signer).toMatchObject({ keyCreated: true, stateLost: false });
    await signer.sign(await treeOf(new SampleLog().fill(20), 0));
    const reopened = async (): Promise<void> => {
      await signer.close();
      signer = await startSigner({ dataFolder });
    };
    await reopened();
    expect(signer).toMatchObject({ keyCreated: false, stateLost: false });
    await signer.close();
    await writeFile(join(secrets, "signer.state.json"), '{"v":1,"origins":[{}]}');
    await reopened();
    expect(signer).toMatchObject({ keyCreated: false, stateLost: true });
    expect(await signer.last(ORIGIN)).toBeUndefined();
    await signer.sign(await treeOf(new SampleLog().fill(20), 0));
    await signer.close();
    await rm(join(secrets, "signer.key"));
    await reopened();
    expect(signer).toMatchObject({ keyCreated: true, stateLost: false });
    expect(await signer.last(ORIGIN)).toBeUndefined();
  });

  it("drops whoever sends it garbage or an endless line, and goes on", async () => {
    for (const bad of ["hello\n", '{"id":1,"op":"sign"}\n', "x".repeat(100_000)]) {
      const socket = connect(join(dataFolder, "secrets", "signer.sock"));
      const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      socket.on("error", () => undefined);
      socket.write(bad);
      await closed;
    }
    expect(await signer.last(ORIGIN)).toBeUndefined();
    await expect(signer.last("not an origin")).rejects.toThrow(RangeError);
  });

  it("lets only one signer work on a key", async () => {
    const [first, second] = [signer.pid, startSigner({ dataFolder })];
    await expect(second).rejects.toMatchObject({ code: "evidence.signerUnavailable" });
    expect(signer.pid).toBe(first);
  });

  it("ends with proof, ignores signals of its group until then, and refuses afterwards", async () => {
    const { pid } = signer;
    if (pid === undefined) throw new Error("no signer runs");
    process.kill(pid, "SIGINT");
    process.kill(pid, "SIGTERM");
    expect(await signer.last(ORIGIN)).toBeUndefined();
    expect(await signer.close()).toEqual({ code: 0, signal: null });
    expect(() => process.kill(pid, 0)).toThrow();
    await expect(signer.last(ORIGIN)).rejects.toMatchObject({ code: "evidence.signerUnavailable" });
  });

  it("refuses more requests than its bound and ends each within its limit", async () => {
    await signer.close();
    signer = await startSigner({ dataFolder, maxPending: 1, requestMs: 300 });
    const { pid } = signer;
    if (pid === undefined) throw new Error("no signer runs");
    process.kill(pid, "SIGSTOP");
    const first = signer.last(ORIGIN);
    await expect(signer.last(ORIGIN)).rejects.toMatchObject({ code: "evidence.signerBusy" });
    await expect(first).rejects.toMatchObject({ code: "evidence.signerUnavailable" });
    expect(await signer.close()).toEqual({ code: null, signal: "SIGKILL" });
  });
});
