/** C2SP tlog-witness, section add-checkpoint, against the real program: each rule by its sentence, races and kills. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, asyncProperty, nat } from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatAddCheckpoint, parseAddCheckpoint } from "../../../gateway/evidence/add-checkpoint.ts";
import { parseCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { checkCosignature } from "../../../gateway/evidence/cosignature.ts";
import { consistencyProof } from "../../../gateway/evidence/merkle/proof.ts";
import { parseNote } from "../../../gateway/evidence/note.ts";
import { formatVerifierKey, parseVerifierKey, verifierKey } from "../../../gateway/evidence/verifier-key.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { SampleLog } from "../../unit/evidence/sample-log.ts";
import { type RunningWitness, startWitness } from "./witness-process.ts";

const SIZE = 600;
let folder: string;
let log: SampleLog;
let notes: string[];
let witness: RunningWitness;

/** Notes of the log at every size asked for, as it grew. */
async function grown(sizes: readonly number[], of = log): Promise<string[]> {
  const made: string[] = [];
  for (const size of sizes) {
    of.fill(size - of.items.length);
    made[size] = await of.note();
  }
  return made;
}

const SIZES = [0, 1, 10, 255, 256, 300, 512, SIZE];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "witness-"));
  log = new SampleLog();
  notes = await grown(SIZES);
  witness = await startWitness({ folder, logKeys: [formatVerifierKey(log.key)] });
});
afterEach(async () => {
  await witness.close();
  await rm(folder, { recursive: true });
});

async function request(old: number, size: number, of = log, text = notes[size]): Promise<string> {
  const proof = await consistencyProof(
    { sha256: nodeSha256, read: of.readHashes },
    Math.min(old, size),
    size,
  );
  return formatAddCheckpoint({ old, proof, checkpoint: text ?? "" });
}

async function timeOf(size: number, lines: string): Promise<number | undefined> {
  const key = parseVerifierKey(witness.witnessKey, nodeSha256);
  const checked = await checkCosignature(parseNote(`${notes[size]}${lines}`), key, nodeVerify);
  return checked.state === "good" ? checked.timeS : undefined;
}

describe("add-checkpoint", () => {
  it("answers 200 with a cosignature of its own key and clock, from nothing and from what it saw", async () => {
    const before = Math.floor(Date.now() / 1000);
    let old = 0;
    for (const size of [10, 255, 256, 600]) {
      const { status, body } = await witness.add(await request(old, size));
      expect(status).toBe(200);
      expect(body).toMatch(/^— witness\.test\/w1 [A-Za-z0-9+/]+=*\n$/);
      expect(await timeOf(size, body)).toBeGreaterThanOrEqual(before);
      old = size;
    }
  });

  it("answers 404 to an unknown origin", async () => {
    const other = new SampleLog("other.hall/gw-1/2026").fill(10);
    const answer = await witness.add(await request(0, 10, other, await other.note()));
    expect(answer.status).toBe(404);
  });

  it("serves the logs of every year of a gateway with its key, and those of no other key", async () => {
    const next = new SampleLog("changli.hall/gw-1/2027.1").fill(10);
    expect((await witness.add(await request(0, 10, next, await next.note()))).status).toBe(403);
    const sameKey = verifierKey(nodeSha256, { ...log.key, name: next.origin });
    Object.assign(next, { privateKey: log.privateKey, key: sameKey });
    expect((await witness.add(await request(0, 10, next, await next.note()))).status).toBe(200);
  });

  it("answers 403 where no trusted key's signature verifies, and ignores signatures of unknown keys", async () => {
    const forger = new SampleLog().fill(10);
    expect((await witness.add(await request(0, 10, log, await forger.note()))).status).toBe(403);
    const cosigned = await log.cosigned(notes[10] ?? "");
    expect((await witness.add(await request(0, 10, log, cosigned))).status).toBe(200);
    const wrong = (notes[256] ?? "").replace(/.(?=\n$)/, "A").replace(/\n256\n/, "\n257\n");
    expect((await witness.add(await request(10, 256, log, wrong))).status).toBe(403);
  });

  it("answers 400 to an old size above the checkpoint's, and to what is no request", async () => {
    expect((await witness.add(await request(300, 10))).status).toBe(400);
    const good = await request(0, 10);
    for (const bad of [
      "",
      "old 0\n",
      good.replace("old 0", "old 00"),
      good.replace("old 0", "old -1"),
      good.replace("old 0", "old  0"),
      good.replace("old 0\n", "old 0\nAAAA\n"),
      good.replace("old 0\n", `old 0\n${`${"A".repeat(43)}=\n`.repeat(64)}`),
      good.replace("\n10\n", "\n010\n"),
      good.slice(0, -1),
    ])
      expect((await witness.add(bad)).status, bad).toBe(400);
  });

  it("answers 409 with the size it co-signed last, as text/x.tlog.size, to another old size", async () => {
    expect(await witness.add(await request(10, 256))).toEqual({
      status: 409,
      contentType: "text/x.tlog.size",
      body: "0\n",
    });
    await witness.add(await request(0, 256));
    for (const [old, size] of [
      [0, 256],
      [0, 600],
      [10, 300],
      [300, 600],
    ] as const)
      expect(await witness.add(await request(old, size))).toMatchObject({ status: 409, body: "256\n" });
  });

  it("answers 422 where the proof does not hold, is too long, or is there without an old size", async () => {
    const withProof = formatAddCheckpoint({
      old: 0,
      proof: [new Uint8Array(32)],
      checkpoint: notes[10] ?? "",
    });
    expect((await witness.add(withProof)).status).toBe(422);
    await witness.add(await request(0, 255));
    const good = parseAddCheckpoint(await request(255, 600));
    const bad = [[], good.proof.slice(1), [...good.proof, new Uint8Array(32)]];
    for (const proof of bad)
      expect((await witness.add(formatAddCheckpoint({ ...good, proof }))).status).toBe(422);
    expect((await witness.add(await request(255, 600))).status).toBe(200);
  });

  it("answers 422 to a fork and 409 to another tree of the same size, and goes on with the true log", async () => {
    await witness.add(await request(0, 256));
    const fork = new SampleLog(log.origin);
    Object.assign(fork, { privateKey: log.privateKey, key: log.key });
    fork.addFragment("cam-9");
    const forked = await grown([256, 300], fork);
    expect((await witness.add(await request(256, 300, fork, forked[300]))).status).toBe(422);
    expect(await witness.add(await request(256, 256, fork, forked[256]))).toMatchObject({
      status: 409,
      body: "256\n",
    });
    // The same tree again is co-signed again: the time is newer.
    expect((await witness.add(await request(256, 256))).status).toBe(200);
    expect((await witness.add(await request(256, 300))).status).toBe(200);
  });

  it("answers nothing else, and refuses a body past any request's length", async () => {
    const get = await fetch(`${witness.url}/add-checkpoint`);
    expect(get.status).toBe(404);
    expect((await witness.add("x".repeat(100_000))).status).toBe(413);
  });
});

describe("compare and persist", () => {
  it("are one step: of calls that race from one old size one wins, and nothing is rolled back", async () => {
    await witness.add(await request(0, 10));
    const racing = await Promise.all(
      [255, 256, 300, 512, 600].map(async (size) => ({
        size,
        answer: await witness.add(await request(10, size)),
      })),
    );
    const won = racing.filter(({ answer }) => answer.status === 200);
    expect(won).toHaveLength(1);
    for (const { answer } of racing)
      if (answer.status !== 200) expect(answer).toMatchObject({ status: 409, body: `${won[0]?.size}\n` });
  });

  it("survive kill -9 at any moment: what was co-signed is never forgotten", async () => {
    let known = 0;
    await assert(
      asyncProperty(nat(6), async (turns) => {
        const before = known;
        const sizes = SIZES.filter((size) => size > before);
        const calling = Promise.allSettled(
          sizes.map(async (size) => ({
            size,
            status: (await witness.add(await request(before, size))).status,
          })),
        );
        for (let turn = 0; turn < turns; turn++) await new Promise((next) => setImmediate(next));
        await witness.kill();
        const answers = await calling;
        for (const answer of answers)
          if (answer.status === "fulfilled" && answer.value.status === 200)
            known = Math.max(known, answer.value.size);
        witness = await startWitness({ folder, logKeys: [formatVerifierKey(log.key)] });
        const asked = await witness.add(await request(SIZE, SIZE));
        const size = asked.status === 200 ? SIZE : Number(asked.body);
        expect(size).toBeGreaterThanOrEqual(known);
        known = size;
      }),
      { numRuns: 6 },
    );
  });
});

describe("the request's text", () => {
  it("is read back as it was written (example of the specification)", () => {
    const text =
      "old 20852014\n" +
      "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n" +
      "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n" +
      "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n" +
      "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n" +
      "\n" +
      "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" +
      "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
    const parsed = parseAddCheckpoint(text);
    expect(parsed).toMatchObject({ old: 20_852_014 });
    expect(parsed.proof).toHaveLength(4);
    expect(formatAddCheckpoint(parsed)).toBe(text);
    expect(parseCheckpoint(parseNote(notes[10] ?? "").text).size).toBe(10);
  });
});
