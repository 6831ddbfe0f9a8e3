/** The archive against a log that a test signs itself: witness rules (C2SP tlog-witness), packs, who may touch what. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ErrorCode, CodedError } from "../../../gateway/domain/errors.ts";
import { seq, sha256Hex, streamId } from "../../../gateway/domain/ids.ts";
import { encodeBodyValue } from "../../../gateway/evidence/body-value.ts";
import { concatBytes, toBase64 } from "../../../gateway/evidence/bytes.ts";
import { formatCheckpoint } from "../../../gateway/evidence/checkpoint.ts";
import { encodeEntry } from "../../../gateway/evidence/entry.ts";
import { Frontier } from "../../../gateway/evidence/merkle/frontier.ts";
import { leafHash } from "../../../gateway/evidence/merkle/hash.ts";
import { consistencyProof } from "../../../gateway/evidence/merkle/proof.ts";
import { formatNote } from "../../../gateway/evidence/note.ts";
import { encodeFrameHead, encodePackHeader } from "../../../gateway/evidence/pack.ts";
import { encodeBundle } from "../../../gateway/evidence/tiles.ts";
import {
  NOTE_ED25519,
  formatVerifierKey,
  signNote,
  verifierKey,
} from "../../../gateway/evidence/verifier-key.ts";
import { Archive } from "../../../sync/archive/archive.ts";
import { Registry } from "../../../sync/archive/registry.ts";
import { openWitnessKey } from "../../../sync/archive/witness-key.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { proves } from "../../law/proves.ts";

const ORIGIN = "hall/g1/2026";
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest());
const SIZE = 700;

/** A log of records that the test signs; `salt` makes another history of the same length. */
function makeLog(salt: string) {
  const bodies = Array.from({ length: SIZE }, (_, i) => new TextEncoder().encode(`${salt}${i}`));
  const entries = bodies.map((body, i) =>
    encodeEntry({
      v: 1,
      seq: seq(i),
      type: "intake",
      stream: streamId("intake"),
      n: i,
      t: 1_790_000_000_000 + i,
      dur: 0,
      boot: "test",
      mono: i,
      ntp: "unknown",
      len: body.length,
      sha256: sha256Hex(createHash("sha256").update(body).digest("hex")),
    }),
  );
  const hashes = new Map<string, Uint8Array>();
  const frontier = new Frontier(sha256);
  const roots = [frontier.root()];
  for (const entry of entries) {
    for (const { level, index, hash } of frontier.append(leafHash(sha256, entry)))
      hashes.set(`${level}/${index}`, hash);
    roots.push(frontier.root());
  }
  return { bodies, entries, roots, hashes };
}

describe("the archive", () => {
  const log = makeLog("a");
  const fork = makeLog("b");
  const keys = generateKeyPairSync("ed25519");
  const publicKey = new Uint8Array(keys.publicKey.export({ type: "spki", format: "der" }).subarray(-32));
  const key = verifierKey(sha256, { name: ORIGIN, type: NOTE_ED25519, publicKey });
  let folder: string;
  let archive: Archive;
  let refusedLogs: string[];

  const openArchive = async (): Promise<Archive> => {
    const registry = await Registry.open(join(folder, "gateways"));
    if (registry.find("hall", "g1") === undefined) {
      const code = registry.newCode(Date.now());
      const request = {
        code,
        unit: "hall",
        gateway: "g1",
        certificateRequest: "-",
        logKey: formatVerifierKey(key),
        pullUrl: "https://127.0.0.1:1",
        gatewayCa: "-",
      };
      await registry.enrol(request, Date.now());
      await expect(registry.enrol(request, Date.now())).rejects.toMatchObject({ code: "sync.enrolRefused" });
    }
    return new Archive({
      folder,
      registry,
      witness: await openWitnessKey(join(folder, "witness.key"), "archive.test", sha256),
      retention: { footageDays: 731, recordDays: 10_958 },
      wallMs: Date.now,
      monotonicMs: () => performance.now(),
      onLogRefused: (origin) => refusedLogs.push(origin),
    });
  };
  beforeEach(async () => {
    refusedLogs = [];
    folder = await mkdtemp(join(tmpdir(), "archive-"));
    archive = await openArchive();
  });
  afterEach(async () => {
    await archive.close();
    await rm(folder, { recursive: true });
  });

  const note = async (size: number, of = log, origin = ORIGIN): Promise<string> => {
    const root = of.roots[size];
    if (root === undefined) throw new RangeError("no such size");
    return formatNote(
      await signNote(
        formatCheckpoint({ origin, size, root }),
        key,
        (message) => new Uint8Array(sign(null, message, keys.privateKey)),
      ),
    );
  };
  const proof = async (from: number, to: number, of = log): Promise<string[]> => {
    const read = async (level: number, start: number, count: number): Promise<readonly Uint8Array[]> =>
      Array.from({ length: count }, (_, i) => of.hashes.get(`${level}/${start + i}`) ?? new Uint8Array(32));
    return (await consistencyProof({ sha256, read }, from, to)).map((hash) => toBase64(hash));
  };
  const send = (from: number, to: number, of = log): Promise<unknown> =>
    archive.appendEntries(
      ORIGIN,
      from,
      concatBytes(
        Array.from({ length: Math.ceil((to - from) / 256) }, (_, i) =>
          encodeBundle(of.entries.slice(from + i * 256, Math.min(to, from + (i + 1) * 256))),
        ),
      ),
    );
  const refusal = async (work: Promise<unknown>): Promise<{ code: ErrorCode; details: unknown }> => {
    try {
      await work;
    } catch (error) {
      if (error instanceof CodedError) return { code: error.code, details: error.details };
      throw error;
    }
    throw new Error("it was not refused");
  };

  it("co-signs a growing log, across tile borders and restarts", async () => {
    for (const [from, to] of [
      [0, 100],
      [100, 256],
      [256, 511],
      [511, 700],
    ] as const) {
      await send(from, to);
      const line = await archive.addCheckpoint(ORIGIN, {
        old: from,
        proof: from === 0 ? [] : await proof(from, to),
        checkpoint: await note(to),
      });
      expect(line).toMatch(/^— archive\.test /);
      await archive.close();
      archive = await openArchive();
      expect(await archive.head(ORIGIN)).toEqual({ entries: to, witnessed: to });
    }
    // Full tiles stay, partial ones only at the newest size.
    expect((await readdir(join(folder, "logs", ORIGIN, "tile", "entries"))).sort()).toEqual([
      "000",
      "001",
      "002.p",
    ]);
  });

  it(proves(["S3-A-4", "S3-C-8"], "refuses a log that shrank or forked and keeps its own head"), async () => {
    await send(0, 300);
    await archive.addCheckpoint(ORIGIN, { old: 0, proof: [], checkpoint: await note(300) });
    // Shrunk: the checkpoint is smaller than what was co-signed (422).
    expect(
      (await refusal(archive.addCheckpoint(ORIGIN, { old: 300, proof: [], checkpoint: await note(200) })))
        .code,
    ).toBe("sync.logRefused");
    // Forked: another history under the same key, with its own honest-looking proof (422).
    await send(300, 400, fork);
    expect(
      (
        await refusal(
          archive.addCheckpoint(ORIGIN, {
            old: 300,
            proof: await proof(300, 400, fork),
            checkpoint: await note(400, fork),
          }),
        )
      ).code,
    ).toBe("sync.logRefused");
    // The two checkpoints that show it are kept: with a co-signed one they prove it to anybody.
    expect(refusedLogs).toEqual([ORIGIN, ORIGIN]);
    expect(await readdir(join(folder, "logs", ORIGIN, "refused"))).toHaveLength(2);
    // A right proof over entries that are not the log's: these are dropped and asked for again.
    const right = { old: 300, proof: await proof(300, 400), checkpoint: await note(400) };
    expect(await refusal(archive.addCheckpoint(ORIGIN, right))).toEqual({
      code: "sync.entriesMissing",
      details: { entries: 300, witnessed: 300 },
    });
    expect((await archive.head(ORIGIN)).witnessed).toBe(300);
    await send(300, 400);
    expect(await archive.addCheckpoint(ORIGIN, right)).toMatch(/^— archive/);
  });

  it("answers 404, 403 and 409 with its size as tlog-witness asks", async () => {
    await send(0, 10);
    expect((await refusal(archive.head("hall/other/2026"))).code).toBe("sync.unknownOrigin");
    expect((await refusal(archive.head("no origin"))).code).toBe("sync.unknownOrigin");
    const foreign = (await note(10)).replace(/\n— .*\n$/, `\n— ${ORIGIN} ${"A".repeat(92)}\n`);
    expect(
      (await refusal(archive.addCheckpoint(ORIGIN, { old: 0, proof: [], checkpoint: foreign }))).code,
    ).toBe("sync.badCheckpoint");
    expect(
      (
        await refusal(
          archive.addCheckpoint(ORIGIN, {
            old: 0,
            proof: [],
            checkpoint: await note(10, log, "hall/g1/2027"),
          }),
        )
      ).code,
    ).toBe("sync.badCheckpoint");
    await archive.addCheckpoint(ORIGIN, { old: 0, proof: [], checkpoint: await note(10) });
    expect(
      await refusal(archive.addCheckpoint(ORIGIN, { old: 5, proof: [], checkpoint: await note(10) })),
    ).toEqual({ code: "sync.outOfStep", details: { entries: 10, witnessed: 10 } });
    expect(
      (
        await refusal(
          archive.addCheckpoint(ORIGIN, { old: 10, proof: await proof(10, 20), checkpoint: await note(20) }),
        )
      ).code,
    ).toBe("sync.entriesMissing");
    expect(await refusal(send(4, 8))).toMatchObject({ code: "sync.outOfStep" });
    expect(await refusal(archive.appendEntries(ORIGIN, 10, Uint8Array.of(0, 9, 1)))).toMatchObject({
      code: "sync.entriesMalformed",
    });
  });

  /** A pack of these entries; `alter` changes a body. */
  const pack = (
    from: number,
    to: number,
    alter = false,
  ): { readonly bytes: Uint8Array; readonly sha256: string } => {
    const parts: Uint8Array[] = [encodePackHeader({ origin: ORIGIN, ranges: [[from, to]] })];
    for (let i = from; i < to; i++) {
      const body = Uint8Array.from(log.bodies[i] ?? []);
      if (alter && i === from) body[0] = 0;
      const value = encodeBodyValue({ entryBytes: log.entries[i] ?? new Uint8Array(), body });
      parts.push(encodeFrameHead({ valueBytes: value.length, entryAlone: false }), value);
    }
    const bytes = concatBytes(parts);
    return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
  };

  it("takes a pack in pieces from its own offset and acknowledges only what it keeps", async () => {
    await send(0, 300);
    await archive.addCheckpoint(ORIGIN, { old: 0, proof: [], checkpoint: await note(300) });
    const { bytes, sha256: name } = pack(10, 200);
    expect(await archive.acknowledge(ORIGIN, [name])).toBeUndefined();
    const [offer] = await archive.offer(ORIGIN, [{ sha256: name, sizeBytes: bytes.length }]);
    expect(offer).toMatchObject({ state: "missing", offset: 0 });
    // A second sender is told to wait, a wrong lease and a wrong offset change nothing.
    expect(await archive.offer(ORIGIN, [{ sha256: name, sizeBytes: bytes.length }])).toMatchObject([
      { state: "busy" },
    ]);
    expect((await refusal(archive.chunk(ORIGIN, name, "other", 0, bytes))).code).toBe("sync.leaseLost");
    const lease = offer?.lease ?? "";
    expect(await archive.chunk(ORIGIN, name, lease, 0, bytes.subarray(0, 1000))).toEqual({
      offset: 1000,
      complete: false,
    });
    expect(await refusal(archive.chunk(ORIGIN, name, lease, 900, bytes.subarray(900)))).toEqual({
      code: "sync.offsetMismatch",
      details: { offset: 1000 },
    });
    await archive.close();
    archive = await openArchive();
    const [again] = await archive.offer(ORIGIN, [{ sha256: name, sizeBytes: bytes.length }]);
    expect(again).toMatchObject({ state: "missing", offset: 1000 });
    expect(await archive.chunk(ORIGIN, name, again?.lease ?? "", 1000, bytes.subarray(1000))).toMatchObject({
      complete: true,
    });
    expect(await archive.offer(ORIGIN, [{ sha256: name, sizeBytes: bytes.length }])).toMatchObject([
      { state: "complete" },
    ]);
    expect(await archive.acknowledge(ORIGIN, [name, "0".repeat(64)])).toContain(`pack ${name} `);
  });

  it("throws away a pack whose bytes are not its name or not the log's, and waits for one beyond its head", async () => {
    await send(0, 300);
    await archive.addCheckpoint(ORIGIN, { old: 0, proof: [], checkpoint: await note(100) });
    const upload = async (name: string, bytes: Uint8Array): Promise<unknown> => {
      const [offer] = await archive.offer(ORIGIN, [{ sha256: name, sizeBytes: bytes.length }]);
      return archive.chunk(ORIGIN, name, offer?.lease ?? "", offer?.offset ?? 0, bytes);
    };
    const wrongName = pack(0, 50);
    expect((await refusal(upload("1".repeat(64), wrongName.bytes))).code).toBe("sync.packRefused");
    const altered = pack(0, 50, true);
    expect((await refusal(upload(altered.sha256, altered.bytes))).code).toBe("sync.packRefused");
    const early = pack(90, 150);
    expect(await upload(early.sha256, early.bytes)).toMatchObject({ complete: false });
    await archive.addCheckpoint(ORIGIN, {
      old: 100,
      proof: await proof(100, 300),
      checkpoint: await note(300),
    });
    expect(
      await archive.offer(ORIGIN, [{ sha256: early.sha256, sizeBytes: early.bytes.length }]),
    ).toMatchObject([{ state: "complete" }]);
    expect(await readdir(join(folder, "logs", ORIGIN, "partial"))).toEqual([]);
  });
});
