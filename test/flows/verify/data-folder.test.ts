/** A stopped gateway's own databases, changed behind its back: verify names what was done, camera and moment. */
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Level } from "level";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDataFolder, isDataFolder } from "../../../gateway/commands/verify/data-folder.ts";
import { streamId } from "../../../gateway/domain/ids.ts";
import { type Verdict, judge } from "../../../gateway/evidence/verify/judge.ts";
import { startSigner } from "../../../gateway/signer/client.ts";
import { nodeSha256, nodeVerify } from "../../../gateway/signer/ed25519.ts";
import { NO_READER } from "../../contract/store/no-reader.ts";
import { openStore } from "../../../gateway/store/open-store.ts";
import { CHECKPOINT_KEY, entryKey, hashKey, seqKey } from "../../../gateway/store/keys.ts";
import { testClock } from "../../contract/real-store.ts";
import { proves } from "../../law/proves.ts";
import { codes } from "../../unit/evidence/judged.ts";

const GROUPS = 12;
const DETECTION = [
  "S3-A-4",
  "S3-C-8",
  "S0-37(3)",
  "S1-22(3)",
  "S2-31(3)",
  "S3-A-19(3)",
  "S4-34(3)",
  "S3-B-9",
] as const;

let dataFolder: string;
let logFolder: string;
/** What the log says of each entry, by sequence number. */
let entries: { readonly stream: string; readonly t: number; readonly type: string }[];

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "data-"));
  const clock = testClock();
  const signer = await startSigner({ dataFolder });
  const store = await openStore({
    dataFolder,
    clock,
    randomBytes,
    unit: "test-unit",
    gateway: "g1",
    signer,
    sealedReader: NO_READER,
    onNotice: () => undefined,
  });
  await store.catchUp();
  entries = [];
  store.onAppended((appended) => {
    for (const { seq, entry } of appended) entries[seq] = entry;
  });
  for (let group = 0; group < GROUPS; group++) {
    const fragment = (camera: string) => ({
      type: "fragment" as const,
      stream: streamId(`camera/${camera}/main`),
      // One is large enough to be handed to another thread without a copy.
      bytes: randomBytes(camera === "cam-2" && group === 5 ? 300_000 : 5000),
      durMs: 2000,
      t: clock.wallMs() + group * 2000,
    });
    await store.append([fragment("cam-1"), fragment("cam-2")]);
    await store.append([
      { type: "intake", stream: streamId("intake"), record: { json: { step: "registered", group } } },
    ]);
  }
  await store.close();
  await signer.close();
  const year = (await readdir(dataFolder)).find((name) => /^20[0-9]{2}$/.test(name));
  logFolder = join(dataFolder, year ?? "no log");
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

/** The verdict, which is the same on however many cores bodies are hashed. */
async function verdict(): Promise<Verdict> {
  const [one, two] = [await verdictOn(1), await verdictOn(2)];
  expect(two).toEqual(one);
  return one;
}

async function verdictOn(jobs: number): Promise<Verdict> {
  const source = await openDataFolder(dataFolder, jobs);
  try {
    return await judge({ source, sha256: nodeSha256, verify: nodeVerify, bodies: true });
  } finally {
    await source.close();
  }
}

type Database = Level<Uint8Array, Uint8Array>;

async function edit(name: string, change: (database: Database) => Promise<void>): Promise<void> {
  const path = name === "footage" ? join(logFolder, name, await firstVolume()) : join(logFolder, name);
  const database = new Level<Uint8Array, Uint8Array>(path, { keyEncoding: "view", valueEncoding: "view" });
  await database.open();
  try {
    await change(database);
  } finally {
    await database.close();
  }
}

async function firstVolume(): Promise<string> {
  const [first] = (await readdir(join(logFolder, "footage"))).sort();
  return first ?? "no volume";
}

/** Sequence number of the nth fragment of a camera. */
function fragmentOf(camera: string, nth: number): number {
  const found = entries.flatMap((entry, seq) => (entry?.stream === `camera/${camera}/main` ? [seq] : []));
  return found[nth] ?? -1;
}

const named = (seq: number): object => ({ seq, stream: entries[seq]?.stream, t: entries[seq]?.t });

describe("the data folder of a stopped gateway", () => {
  it("is whole as it was left, signed to its end", async () => {
    expect(await isDataFolder(dataFolder)).toBe(true);
    const clean = await verdict();
    expect(codes(clean)).toEqual([]);
    expect(clean).toMatchObject({ result: "ok", trustFrom: "source" });
    expect(clean.logs[0]?.signedSize).toBe(clean.logs[0]?.entries);
    expect(clean.logs[0]?.bodies).toBe(entries.length);
  });

  it(proves(DETECTION, "with one flipped bit of footage names camera and moment"), async () => {
    const seq = fragmentOf("cam-2", 5);
    await edit("footage", async (volume) => {
      const value = (await volume.get(seqKey(seq))) ?? new Uint8Array();
      value[value.length - 100] = (value[value.length - 100] ?? 0) ^ 2;
      await volume.put(seqKey(seq), value);
    });
    expect((await verdict()).findings).toMatchObject([{ code: "body.altered", ...named(seq) }]);
  });

  it(proves(DETECTION, "with a deleted fragment says which one is missing"), async () => {
    const seq = fragmentOf("cam-1", 7);
    await edit("footage", (volume) => volume.del(seqKey(seq)));
    const found = await verdict();
    expect(found.result).toBe("missing");
    expect(found.findings).toMatchObject([{ code: "body.missing", ...named(seq) }]);
  });

  it(proves(DETECTION, "with a removed entry names it, from what lies beside its body"), async () => {
    const seq = fragmentOf("cam-1", 7);
    await edit("log", (log) => log.del(entryKey(seq)));
    const found = await verdict();
    expect(found.result).toBe("missing");
    expect(found.findings).toMatchObject([{ code: "entry.removed", ...named(seq) }]);
  });

  it(proves(DETECTION, "with two entries that changed places names both"), async () => {
    const [a, b] = [fragmentOf("cam-1", 3), fragmentOf("cam-2", 3)];
    await edit("log", async (log) => {
      const [first, second] = [await log.get(entryKey(a)), await log.get(entryKey(b))];
      if (first === undefined || second === undefined) throw new Error("no such entry");
      await log.batch([
        { type: "put", key: entryKey(a), value: second },
        { type: "put", key: entryKey(b), value: first },
      ]);
    });
    const found = await verdict();
    expect(found.result).toBe("invalid");
    expect(found.findings).toMatchObject([
      { code: "entry.reordered", ...named(a) },
      { code: "entry.reordered", ...named(b) },
    ]);
  });

  it(proves(DETECTION, "with its end cut off names every entry that is gone"), async () => {
    const from = entries.length - 4;
    await edit("log", async (log) => {
      for (let seq = from; seq < entries.length; seq++) {
        await log.del(entryKey(seq));
        await log.del(hashKey(0, seq));
      }
    });
    const found = await verdict();
    expect(found.result).toBe("missing");
    expect(found.counts.missing).toBe(4);
    expect(found.findings[0]).toMatchObject({ code: "log.truncated", ...named(from) });
  });

  it("whose checkpoint was replaced does not verify", async () => {
    await edit("log", async (log) => {
      const text = new TextDecoder().decode(await log.get(CHECKPOINT_KEY));
      const forged = text.replace(`\\n${entries.length}\\n`, `\\n${entries.length - 1}\\n`);
      expect(forged).not.toBe(text);
      await log.put(CHECKPOINT_KEY, new TextEncoder().encode(forged));
    });
    expect(codes(await verdict())[0]).toBe("checkpoint.wrongSignature");
  });
});
