/** Each way of changing stored evidence is found, named by camera, time and number, and given the right kind. */
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { logId, streamId } from "../../../gateway/domain/ids.ts";
import { encodeAbsence } from "../../../gateway/evidence/absence.ts";
import { type Entry, decodeEntry, encodeEntry } from "../../../gateway/evidence/entry.ts";
import { CHECKPOINT_PATH, TRUST_PATH, cosignedPath } from "../../../gateway/evidence/folder.ts";
import { leafHash } from "../../../gateway/evidence/merkle/hash.ts";
import { decodeBundle, encodeBundle, tilePath } from "../../../gateway/evidence/tiles.ts";
import { nodeSha256 } from "../../../gateway/signer/ed25519.ts";
import { proves } from "../../law/proves.ts";
import { codes, judged } from "./judged.ts";
import { START_MS, SampleLog, put } from "./sample-log.ts";

/** Two full bundles and a part of a third. */
const SIZE = 530;
const BUNDLE = tilePath({ level: "entries", index: 1, width: 256 });
const LEAVES = tilePath({ level: 0, index: 1, width: 256 });

let folder: string;
let log: SampleLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "evidence-"));
  log = new SampleLog().fill(SIZE);
  await log.write(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function change(path: string, edit: (bytes: Buffer) => Uint8Array | void): Promise<void> {
  const bytes = await readFile(join(folder, path));
  await writeFile(join(folder, path), edit(bytes) ?? bytes);
}

async function changeEntries(path: string, edit: (entries: Uint8Array[]) => void): Promise<void> {
  await change(path, (bytes) => {
    const entries = decodeBundle(bytes).map((entry) => entry.slice());
    edit(entries);
    return encodeBundle(entries);
  });
}

/** Finds the bytes in one of the packs and changes them there. */
async function changeInPacks(
  wanted: Uint8Array,
  edit: (pack: Buffer, at: number) => Uint8Array | void,
): Promise<void> {
  for (const name of await readdir(join(folder, "packs"))) {
    const bytes = await readFile(join(folder, "packs", name));
    const at = bytes.indexOf(wanted);
    if (at < 0) continue;
    await change(join("packs", name), (pack) => edit(pack, at));
    return;
  }
  throw new Error("no pack has these bytes");
}

function item(index: number): SampleLog["items"][number] {
  const found = log.items[index];
  if (found === undefined) throw new RangeError("no such item");
  return found;
}

const timeOf = (index: number): number => START_MS + index * 1000;

describe("clean evidence", () => {
  it("has no finding, at every size around a tile's edge", async () => {
    expect(await judged(folder)).toMatchObject({ result: "ok", trustFrom: "source", findings: [] });
    for (const size of [1, 2, 255, 256, 257, 512, 513]) {
      await rm(folder, { recursive: true });
      await new SampleLog().fill(size).write(folder);
      const verdict = await judged(folder);
      expect(codes(verdict), `${size}`).toEqual([]);
      expect(verdict.logs[0]).toMatchObject({ entries: size, signedSize: size, bodies: size });
    }
  });

  it("is found below an archive's folder, several logs at once", async () => {
    const other = new SampleLog("changli.hall/gw-2/2026").fill(20);
    await rm(folder, { recursive: true });
    await log.write(join(folder, "logs", log.origin));
    await other.write(join(folder, "logs", other.origin));
    await writeFile(join(folder, "logs", other.origin, TRUST_PATH), trustWithWitnessOf(other, log));
    const verdict = await judged(folder);
    expect(codes(verdict)).toEqual([]);
    expect(verdict.logs.map(({ origin }) => origin)).toEqual([log.origin, other.origin]);
  });
});

/** Each sample log has a witness of its own name; an archive's logs share theirs. */
function trustWithWitnessOf(own: SampleLog, shared: SampleLog): string {
  const witness = shared.trust().split("\n")[1] ?? "";
  return own.trust().replace(/^witness .*$/m, witness);
}

describe("a changed body", () => {
  it(
    proves(
      ["S3-A-4", "S3-C-8", "S0-37(3)", "S1-22(3)", "S2-31(3)", "S3-A-19(3)", "S4-34(3)"],
      "that differs in one bit is named by camera and moment",
    ),
    async () => {
      const { body, entry } = item(303);
      await changeInPacks(body, (pack, at) => void (pack[at + 5] = (pack[at + 5] ?? 0) ^ 0x10));
      const verdict = await judged(folder);
      expect(verdict.result).toBe("invalid");
      expect(verdict.findings).toMatchObject([
        {
          kind: "invalid",
          code: "body.altered",
          stream: "camera/cam-2/main",
          type: "fragment",
          seq: 303,
          t: timeOf(303),
          tEnd: timeOf(303) + entry.dur,
        },
      ]);
    },
  );

  it("that another entry's body replaced is named", async () => {
    const { entryBytes, body } = { entryBytes: item(300).bytes, body: item(300).body };
    await changeInPacks(Buffer.concat([entryBytes, body]), (pack, at) => {
      const other = item(320);
      pack.set(other.body.subarray(0, body.length), at + entryBytes.length);
    });
    expect(codes(await judged(folder))).toEqual(["body.altered 300"]);
  });

  it(
    proves(
      ["S3-A-4", "S3-C-8", "S0-37(3)", "S1-22(3)", "S2-31(3)", "S3-A-19(3)", "S4-34(3)"],
      "that was deleted is missing, with the camera and the moment of each fragment",
    ),
    async () => {
      await rm(join(folder, "packs"), { recursive: true });
      await put(folder, "packs/x.tmp", "left over");
      const packed = log.pack([
        [0, 100],
        [104, SIZE],
      ] as const);
      await put(folder, `packs/${"0".repeat(64)}.pack`, packed);
      const verdict = await judged(folder);
      expect(verdict.result).toBe("missing");
      expect(verdict.findings).toMatchObject([
        {
          code: "body.missing",
          stream: "camera/cam-1/main",
          seq: 100,
          lastSeq: 102,
          count: 2,
          t: timeOf(100),
        },
        {
          code: "body.missing",
          stream: "camera/cam-2/main",
          seq: 101,
          lastSeq: 103,
          count: 2,
          t: timeOf(101),
        },
      ]);
    },
  );
});

describe("a changed entry", () => {
  it(
    proves(["S3-A-4", "S3-C-8"], "that differs in one bit is named from the copy beside its body"),
    async () => {
      await changeEntries(BUNDLE, (entries) => {
        const entry = entries[300 - 256];
        if (entry !== undefined) entry[10] = (entry[10] ?? 0) ^ 4;
      });
      const verdict = await judged(folder);
      expect(verdict.findings).toMatchObject([
        { kind: "invalid", code: "entry.altered", stream: "camera/cam-1/main", seq: 300, t: timeOf(300) },
      ]);
    },
  );

  it("whose leaf hash was changed along with it is found by the tile above and by the copy", async () => {
    const forged = encodeEntry({ ...item(300).entry, t: timeOf(300) + 1 });
    await changeEntries(BUNDLE, (entries) => void (entries[300 - 256] = forged));
    await change(LEAVES, (tile) => {
      tile.set(leafHash(nodeSha256, forged), (300 - 256) * 32);
    });
    expect(codes(await judged(folder))).toEqual([
      "block.altered 256",
      "log.rootDiffers",
      "body.otherEntry 300",
    ]);
  });

  it("rewritten everywhere on disk, without the key, is not the log that was signed", async () => {
    const forged = new SampleLog().fill(300);
    forged.addFragment("cam-1", { t: timeOf(300) + 60_000 });
    forged.fill(SIZE - 301);
    const [note, cosigned, trust] = await Promise.all(
      [CHECKPOINT_PATH, cosignedPath(SIZE), TRUST_PATH].map((path) => readFile(join(folder, path), "utf8")),
    );
    await rm(folder, { recursive: true });
    await forged.write(folder);
    await put(folder, CHECKPOINT_PATH, note ?? "");
    await put(folder, cosignedPath(SIZE), cosigned ?? "");
    expect(codes(await judged(folder, trust))).toEqual(["log.rootDiffers"]);
  });

  it(proves(["S3-A-4", "S3-C-8"], "that was removed is missing, and only that one"), async () => {
    await changeEntries(BUNDLE, (entries) => void entries.splice(301 - 256, 1));
    const verdict = await judged(folder);
    expect(verdict.result).toBe("missing");
    expect(verdict.findings).toMatchObject([
      { code: "entry.removed", stream: "camera/cam-2/main", seq: 301, t: timeOf(301) },
    ]);
  });

  it("removed together with its body leaves a hole in its camera's counter", async () => {
    await changeEntries(BUNDLE, (entries) => void entries.splice(301 - 256, 1));
    await rm(join(folder, "packs"), { recursive: true });
    await put(
      folder,
      `packs/${"0".repeat(64)}.pack`,
      log.pack([
        [0, 301],
        [302, SIZE],
      ] as const),
    );
    const verdict = await judged(folder);
    expect(verdict.findings).toMatchObject([
      { code: "stream.gap", stream: "camera/cam-2/main", seq: 303, t: timeOf(303) },
      { code: "entry.removed", seq: 301, t: timeOf(300), timeNear: true },
    ]);
  });

  it(proves(["S3-A-4", "S3-C-8"], "that changed places with another is reordered, both named"), async () => {
    await changeEntries(BUNDLE, (entries) => {
      const [a, b] = [entries[44], entries[46]];
      if (a !== undefined && b !== undefined) [entries[44], entries[46]] = [b, a];
    });
    const verdict = await judged(folder);
    expect(verdict.result).toBe("invalid");
    expect(verdict.findings).toMatchObject([
      { code: "entry.reordered", stream: "camera/cam-1/main", seq: 300, lastSeq: 302, count: 2 },
    ]);
  });

  it("renumbered after a removal is altered from there on", async () => {
    const renumbered = (bytes: Uint8Array): Uint8Array => {
      const entry: Entry = decodeEntry(bytes);
      return encodeEntry({ ...entry, seq: (entry.seq - 1) as Entry["seq"] });
    };
    await changeEntries(BUNDLE, (entries) => {
      entries.splice(44, 1);
      for (let i = 44; i < entries.length; i++) {
        const bytes = entries[i];
        if (bytes !== undefined) entries[i] = renumbered(bytes);
      }
    });
    const verdict = await judged(folder);
    expect(verdict.result).toBe("invalid");
    expect(codes(verdict).filter((code) => code.startsWith("entry.altered"))[0]).toBe(
      "entry.altered 300-510",
    );
  });

  it("inserted between others is named, and the pushed out one is missing", async () => {
    const extra = encodeEntry({ ...item(300).entry, t: 1 });
    await changeEntries(BUNDLE, (entries) => {
      entries.splice(44, 0, extra);
      entries.pop();
    });
    expect(codes(await judged(folder))).toEqual(["entry.inserted 300", "entry.removed 511"]);
  });

  it("missing with its whole bundle is missing, each named by the copy beside its body", async () => {
    await rm(join(folder, BUNDLE));
    const verdict = await judged(folder);
    expect(verdict.result).toBe("missing");
    expect(verdict.counts.missing).toBe(256);
    expect(verdict.findings.map(({ code, stream }) => `${code} ${stream}`)).toEqual([
      "entry.removed camera/cam-1/main",
      "entry.removed camera/cam-2/main",
      "entry.removed intake",
    ]);
  });
});

describe("a changed tree", () => {
  it("hash is charged to the tile while the entries hold", async () => {
    await change(LEAVES, (tile) => void (tile[44 * 32] = (tile[44 * 32] ?? 0) ^ 1));
    const verdict = await judged(folder);
    expect(verdict.findings).toMatchObject([{ code: "tile.altered", seq: 300, stream: "camera/cam-1/main" }]);
  });

  it("upper hash is charged to its tile while the entries hold", async () => {
    const upper = tilePath({ level: 1, index: 0, width: 2 });
    await change(upper, (tile) => void (tile[33] = (tile[33] ?? 0) ^ 1));
    expect(codes(await judged(folder))).toEqual(["tile.altered 256"]);
  });
});

describe("a changed log", () => {
  it(
    proves(["S3-A-4", "S3-C-8"], "that was cut off at its end is truncated, each lost entry named"),
    async () => {
      await rm(join(folder, tilePath({ level: "entries", index: 2, width: 18 })));
      await rm(join(folder, tilePath({ level: 0, index: 2, width: 18 })));
      const verdict = await judged(folder);
      expect(verdict.result).toBe("missing");
      expect(verdict.findings[0]).toMatchObject({
        code: "log.truncated",
        stream: "camera/cam-1/main",
        seq: 512,
        t: timeOf(512),
      });
      expect(verdict.counts.missing).toBe(18);
    },
  );

  it("cut off together with its bodies shows the size that was signed", async () => {
    await rm(join(folder, tilePath({ level: "entries", index: 2, width: 18 })));
    await rm(join(folder, tilePath({ level: 0, index: 2, width: 18 })));
    await rm(join(folder, "packs"), { recursive: true });
    await put(folder, `packs/${"0".repeat(64)}.pack`, log.pack([[0, 512]]));
    const verdict = await judged(folder);
    expect(verdict.findings).toMatchObject([
      { code: "log.truncated", seq: 512, why: "a signed checkpoint has 530 entries" },
    ]);
  });

  it("rolled back by its owner contradicts the checkpoint that a witness saw", async () => {
    const shorter = new SampleLog();
    const cosigned = await readFile(join(folder, cosignedPath(SIZE)), "utf8");
    Object.assign(shorter, {
      privateKey: log.privateKey,
      key: log.key,
      witnessKey: log.witnessKey,
      witness: log.witness,
    });
    shorter.fill(500);
    await rm(folder, { recursive: true });
    await shorter.write(folder);
    await put(folder, cosignedPath(SIZE), cosigned);
    expect(codes(await judged(folder))).toEqual(["log.truncated 500"]);
  });

  it("rewritten by the holder of the key is a fork once a witness had seen it", async () => {
    const rewritten = new SampleLog();
    Object.assign(rewritten, {
      privateKey: log.privateKey,
      key: log.key,
      witnessKey: log.witnessKey,
      witness: log.witness,
    });
    rewritten.fill(300);
    rewritten.addFragment("cam-1", { t: timeOf(300) + 60_000 });
    rewritten.fill(SIZE - 301 + 5);
    const cosigned = await readFile(join(folder, cosignedPath(SIZE)), "utf8");
    await rm(folder, { recursive: true });
    await rewritten.write(folder);
    await put(folder, cosignedPath(SIZE), cosigned);
    expect(codes(await judged(folder))).toEqual(["log.forked"]);
  });

  it("whose checkpoint has a wrong signature, another key, or another form is invalid", async () => {
    const note = await readFile(join(folder, CHECKPOINT_PATH), "utf8");
    await rm(join(folder, "cosigned"), { recursive: true });
    const trust = log.trust();
    await put(folder, CHECKPOINT_PATH, note.replace(`\n${SIZE}\n`, `\n${SIZE - 1}\n`));
    expect(codes(await judged(folder, trust))[0]).toBe("checkpoint.wrongSignature");
    await put(folder, CHECKPOINT_PATH, "hello");
    expect(codes(await judged(folder, trust))[0]).toBe("checkpoint.malformed");
    const stranger = new SampleLog().fill(SIZE);
    await put(folder, CHECKPOINT_PATH, await stranger.note());
    expect(codes(await judged(folder, trust))[0]).toBe("checkpoint.otherKey");
  });

  it("without trust, checkpoint or quorum can't be told", async () => {
    await rm(join(folder, TRUST_PATH));
    expect(await judged(folder)).toMatchObject({ result: "cannotTell", trustFrom: "nowhere" });
    const strict = log.trust().replace("quorum none", "quorum archive");
    expect((await judged(folder, strict)).result).toBe("ok");
    await rm(join(folder, "cosigned"), { recursive: true });
    expect(codes(await judged(folder, strict))).toEqual(["cosignature.belowQuorum"]);
    await rm(join(folder, CHECKPOINT_PATH));
    expect(codes(await judged(folder, log.trust()))).toEqual(["checkpoint.none"]);
  });

  it("with entries after the checkpoint says which nobody signed", async () => {
    const shorter = await judgedAt(500);
    expect(codes(shorter)).toEqual(["log.unsigned 500"]);
    expect(shorter.result).toBe("cannotTell");
  });
});

/** The folder with a checkpoint of an earlier size. */
async function judgedAt(size: number): ReturnType<typeof judged> {
  const earlier = new SampleLog();
  Object.assign(earlier, { privateKey: log.privateKey, key: log.key });
  earlier.fill(size);
  await rm(join(folder, "cosigned"), { recursive: true });
  await put(folder, CHECKPOINT_PATH, await earlier.note());
  return judged(folder, log.trust());
}

describe("the order of a log as it was signed", () => {
  it.each([
    ["a camera's counter with a hole", { n: 12 }, "stream.gap 20"],
    ["a camera's counter that repeats", { n: 3 }, "stream.repeated 20"],
    ["a clock that goes backwards within a boot", { mono: 1 }, "clock.backwards 20"],
    ["a number that is not its place", { seq: 21 as Entry["seq"] }, "entry.misnumbered 20"],
  ])("names %s", async (_what, deviation, expected) => {
    const odd = new SampleLog().fill(20);
    odd.addFragment("cam-1", deviation);
    await rm(folder, { recursive: true });
    await odd.write(folder);
    const verdict = await judged(folder);
    expect(codes(verdict)[0]).toBe(expected);
    expect(verdict.findings[0]).toMatchObject({ stream: "camera/cam-1/main", t: timeOf(20) });
  });

  it("names a boot that comes back", async () => {
    const odd = new SampleLog().fill(5);
    odd.addFragment("cam-1", { boot: "boot-2", mono: 5 });
    odd.fill(1);
    await rm(folder, { recursive: true });
    await odd.write(folder);
    expect(codes(await judged(folder))).toContain("clock.backwards 6");
  });
});

describe("absent bodies", () => {
  const gone = new Set([100, 101, 109]);

  async function writeWith(type: "release" | "erase", of: "footage" | "all"): Promise<void> {
    const packs = type === "release" ? { packs: [await log.acknowledge([[0, SIZE]])] } : {};
    const absence = { logId: logId("2026"), ranges: [[90, 120]] as const, of, basis: "class-over", ...packs };
    log.addRecord(type, "retention", { absence: encodeAbsence(absence) });
    await rm(folder, { recursive: true });
    await log.write(folder, gone);
  }

  it("are erased where the log says so, and nothing else is", async () => {
    await writeWith("erase", "all");
    const verdict = await judged(folder);
    expect(verdict).toMatchObject({ result: "missing", counts: { erased: 2, missing: 1 } });
    expect(codes(verdict)).toEqual(["body.erased 100", "body.erased 101", "body.missing 109"]);
  });

  it("of an intake's transition are never explained: a replay needs them", async () => {
    gone.delete(109);
    await writeWith("erase", "all");
    gone.add(109);
    expect(await judged(folder)).toMatchObject({ result: "erased", counts: { erased: 2, missing: 0 } });
  });

  it("are not explained by a release that the archive never acknowledged", async () => {
    const absence = { logId: logId("2026"), ranges: [[90, 120]] as const, of: "footage" as const };
    log.addRecord("release", "retention", { absence: encodeAbsence({ ...absence, basis: "x", packs: [] }) });
    await rm(folder, { recursive: true, force: true });
    await log.write(folder, gone);
    expect(codes(await judged(folder))).toContain("release.unbacked 100");
  });

  it("of records are never explained by a release", async () => {
    await writeWith("release", "footage");
    const verdict = await judged(folder);
    expect(verdict).toMatchObject({ result: "missing", counts: { released: 2, missing: 1 } });
    expect(codes(verdict)).toContain("body.missing 109");
  });

  it("are not explained by an entry that nobody signed", async () => {
    await writeWith("erase", "all");
    const verdict = await judgedAt(SIZE);
    expect(verdict.counts).toMatchObject({ erased: 0, missing: 3 });
  });

  it("are not explained by a record that was altered", async () => {
    await writeWith("erase", "all");
    await changeInPacks(item(SIZE).body, (pack, at) => void (pack[at + 40] = (pack[at + 40] ?? 0) ^ 1));
    expect(codes(await judged(folder))).toEqual(
      expect.arrayContaining([`absence.malformed ${SIZE}`, `body.altered ${SIZE}`, "body.missing 100"]),
    );
  });
});

describe("damaged files", () => {
  it("of every kind are findings and never a crash", async () => {
    const stream = streamId("camera/cam-1/main");
    await put(folder, BUNDLE, "torn");
    await put(folder, LEAVES, "torn");
    await put(folder, `packs/${"f".repeat(64)}.pack`, "torn");
    const verdict = await judged(folder);
    expect(verdict.result).toBe("invalid");
    const faults = verdict.findings.filter(({ code }) => code === "source.malformed");
    expect(faults.map(({ log: place }) => place).sort()).toEqual(
      [`packs/${"f".repeat(64)}.pack`, LEAVES, BUNDLE].sort(),
    );
    expect(verdict.findings.some((finding) => finding.stream === stream)).toBe(true);
  });
});
