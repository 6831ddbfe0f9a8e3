/**
 * What being evidence costs: CPU and disk bytes against the same LevelDB without entries and signatures, the
 * verifier against `openssl dgst -sha256`, a receipt's way to its signed checkpoint, a large log's checkpoint.
 * Run with `npm run bench -- evidence [MiB] [rounds]`; prints tables and a RESULT line.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findEvidenceFolders, openFolderSource } from "../../gateway/commands/evidence-folder-source.ts";
import { seq, sha256Hex, streamId } from "../../gateway/domain/ids.ts";
import { toHex } from "../../gateway/evidence/bytes.ts";
import { type Entry, encodeEntry } from "../../gateway/evidence/entry.ts";
import { CHECKPOINT_PATH, TRUST_PATH, packPath, treeFiles } from "../../gateway/evidence/folder.ts";
import { Frontier } from "../../gateway/evidence/merkle/frontier.ts";
import { leafHash, nodeHash } from "../../gateway/evidence/merkle/hash.ts";
import { type ProofSource, consistencyProof, treeRoot } from "../../gateway/evidence/merkle/proof.ts";
import { encodeFrame, encodePackHeader } from "../../gateway/evidence/pack.ts";
import type { TreeSigner } from "../../gateway/evidence/tree-signer.ts";
import type { Suite } from "../../gateway/evidence/suite.ts";
import { judge } from "../../gateway/evidence/verify/judge.ts";
import { FragmentMemory, HEAD_ROOM_BYTES } from "../../gateway/recording/fragment-memory.ts";
import { createSealedReader } from "../../gateway/reader/client.ts";
import { startSigner } from "../../gateway/signer/client.ts";
import { nodeSha256, nodeVerify } from "../../gateway/signer/ed25519.ts";
import { Database, put } from "../../gateway/store/database.ts";
import { seqKey } from "../../gateway/store/keys.ts";
import { VOLUME_FILE_BYTES, VOLUME_WRITE_BUFFER_BYTES } from "../../gateway/store/limits.ts";
import type { Store } from "../../gateway/store/contract.ts";
import { openStore } from "../../gateway/store/open-store.ts";
import { MovableClock } from "../contract/store/opened-store.ts";

const MIB = 1024 * 1024;
const CAMERAS = 8;
const [payloadMiB = 1024, rounds = 3] = process.argv
  .slice(2)
  .filter((word) => /^[0-9]+$/.test(word))
  .map(Number);
/** Four minutes of eight cameras: enough that starting two threads (0.1 s) is not what is measured. */
const VERIFY_FRAGMENTS = 4096;
const INDEX_ENTRIES = 1_000_000;
const LARGE_LOG = 10_000_000;
const RECEIPTS = 300;
const LARGE_STEPS = 200;
const ORIGIN = "bench/g1/2026";
const TICKS_PER_S = Number(execFileSync("getconf", ["CLK_TCK"]).toString());

const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
};
const median = (values: readonly number[]): number => quantile(values, 0.5);
const cpuS = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
};

/** Bytes that this process sent to the disk (write_bytes of /proc/self/io). */
async function writtenBytes(): Promise<number> {
  return Number(/^write_bytes: (\d+)$/m.exec(await readFile("/proc/self/io", "utf8"))?.[1] ?? Number.NaN);
}

/** CPU seconds of another process so far. */
async function cpuOf(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0;
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

const folder = await mkdtemp(join(tmpdir(), "bench-evidence-"));

interface Written {
  readonly cpuMsPerMiB: number;
  readonly bytes: number;
}

/**
 * Gives `write` one fragment of each camera at once, as a hall's cameras deliver them: in the recorders' memory,
 * used again once it is written, whoever writes it.
 */
async function writing(
  write: (fragments: readonly Uint8Array[]) => Promise<void>,
  end: () => Promise<number>,
): Promise<Written> {
  const memory = new FragmentMemory();
  const fragments = Array.from({ length: CAMERAS }, () => {
    const lent = memory.lend(MIB);
    lent.set(randomBytes(MIB));
    return lent;
  });
  const before = process.cpuUsage();
  const bytesBefore = await writtenBytes();
  for (let round = 0; round < payloadMiB / CAMERAS; round++) {
    for (const { buffer, byteOffset } of fragments) new DataView(buffer, byteOffset).setUint32(0, round);
    await write(fragments);
  }
  const elsewhereS = await end();
  return {
    cpuMsPerMiB: ((cpuS(before) + elsewhereS) * 1000) / payloadMiB,
    bytes: (await writtenBytes()) - bytesBefore,
  };
}

/** The same values under the same keys with the same options, and nothing else. */
async function unsigned(): Promise<Written> {
  const path = join(folder, "unsigned");
  const options = { writeBufferBytes: VOLUME_WRITE_BUFFER_BYTES, fileBytes: VOLUME_FILE_BYTES };
  const database = await Database.open(path, options);
  let next = 0;
  const result = await writing(
    (fragments) =>
      database.write(
        fragments.map((bytes) => put(seqKey(next++), bytes)),
        { sync: true },
      ),
    async () => {
      await database.close();
      // What is still in LevelDB's own log becomes tables at the next opening.
      await (await Database.open(path, options)).close();
      return 0;
    },
  );
  await rm(path, { recursive: true });
  return result;
}

async function signed(suite: Suite): Promise<Written & { readonly entryBytes: number }> {
  const dataFolder = join(folder, "signed");
  const reader = createSealedReader();
  const open = (signer: TreeSigner): Promise<Store> =>
    openStore({
      dataFolder,
      clock: new MovableClock(),
      randomBytes,
      unit: "bench",
      gateway: "g1",
      suite,
      signer,
      sealedReader: reader,
      onNotice: ({ kind }) => {
        if (kind !== "logOpened" && kind !== "signerAway") console.error(kind);
      },
      limits: { reserveBytes: 4096 },
    });
  const signer = await startSigner({ dataFolder, suite });
  const store = await open(signer);
  const signerBefore = await cpuOf(signer.pid);
  let entryBytes = 0;
  const result = await writing(
    async (fragments) => {
      const appended = await Promise.all(
        fragments.map((bytes, i) =>
          store.append([
            {
              type: "fragment",
              stream: streamId(`camera/c${i}/main`),
              bytes,
              headRoomBytes: HEAD_ROOM_BYTES,
              durMs: 2000,
              codec: "avc1.4d0028",
            },
          ]),
        ),
      );
      for (const [one] of appended) if (one !== undefined) entryBytes += encodeEntry(one.entry).length;
    },
    async () => {
      await store.close();
      const signerS = (await cpuOf(signer.pid)) - signerBefore;
      await signer.close();
      const away = async (): Promise<never> => Promise.reject(new Error("away"));
      await (await open({ sign: away, last: away, vkey: away })).close();
      await reader.close();
      return signerS;
    },
  );
  await rm(dataFolder, { recursive: true });
  return { ...result, entryBytes };
}

async function writeCosts() {
  const plain: Written[] = [];
  const ed25519: (Written & { readonly entryBytes: number })[] = [];
  const national: Written[] = [];
  for (let round = 0; round < rounds; round++) {
    plain.push(await unsigned());
    ed25519.push(await signed("ed25519-sha256"));
    national.push(await signed("sm2-sm3"));
  }
  const ratio = (of: readonly Written[]): number =>
    median(of.map(({ cpuMsPerMiB }, i) => cpuMsPerMiB / (plain[i]?.cpuMsPerMiB ?? Number.NaN)));
  // An entry lies twice in its log's database and twice beside its body, each time in LevelDB's log and in a table.
  const bytes = ed25519.map((one, i) => (one.bytes - 4 * one.entryBytes) / (plain[i]?.bytes ?? Number.NaN));
  console.table({
    unsigned: { cpuMsPerMiB: median(plain.map((one) => one.cpuMsPerMiB)).toFixed(2) },
    "ed25519-sha256": { cpuMsPerMiB: median(ed25519.map((one) => one.cpuMsPerMiB)).toFixed(2) },
    "sm2-sm3": { cpuMsPerMiB: median(national.map((one) => one.cpuMsPerMiB)).toFixed(2) },
  });
  return { cpuRatio: ratio(ed25519), cpuRatioSm: ratio(national), bytesRatio: median(bytes) };
}

/** Writes an evidence folder of that many fragments; bodies of `bodyBytes` go into packs of 64. */
async function writeEvidence(place: string, count: number, bodyBytes: number): Promise<readonly string[]> {
  const put = async (path: string, bytes: Uint8Array | string): Promise<void> => {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), bytes);
  };
  const frontier = new Frontier(nodeSha256);
  const hashes = new Map<string, Uint8Array>();
  const entries: Uint8Array[] = [];
  const packs: string[] = [];
  const body = randomBytes(bodyBytes);
  let frames: Uint8Array[] = [];
  for (let at = 0; at < count; at++) {
    if (bodyBytes > 0) body.writeUInt32BE(at, 0);
    const entry: Entry = {
      v: 1,
      seq: seq(at),
      type: "fragment",
      stream: streamId(`camera/c${at % CAMERAS}/main`),
      n: Math.floor(at / CAMERAS),
      t: 1_790_000_000_000 + Math.floor(at / CAMERAS) * 2000,
      dur: 2000,
      boot: "bench",
      mono: Math.floor(at / CAMERAS) * 2000,
      ntp: "synced",
      len: body.length,
      sha256: sha256Hex(toHex(nodeSha256(body))),
      codec: "avc1.4d0028",
    };
    const bytes = encodeEntry(entry);
    entries.push(bytes);
    for (const { level, index, hash } of frontier.append(leafHash(nodeSha256, bytes)))
      hashes.set(`${level}/${index}`, hash);
    if (bodyBytes === 0) continue;
    frames.push(...encodeFrame({ entryBytes: bytes, body: Uint8Array.from(body) }));
    if (at % 64 !== 63) continue;
    const head = encodePackHeader({ origin: ORIGIN, ranges: [[at - 63, at + 1]] });
    const pack = Buffer.concat([head, ...frames]);
    frames = [];
    const path = packPath(sha256Hex(toHex(nodeSha256(pack))));
    await put(path, pack);
    packs.push(join(place, path));
  }
  const reads = {
    tileHashes: async (level: number, start: number, wanted: number) =>
      Array.from({ length: wanted }, (_, i) => hashes.get(`${level}/${start + i}`) ?? new Uint8Array(32)),
    entries: async (start: number, wanted: number) => entries.slice(start, start + wanted),
  };
  for await (const file of treeFiles(reads, 0, count)) await put(file.path, file.bytes);
  const signer = await startSigner({ dataFolder: join(folder, `key-${count}`) });
  const tree = { origin: ORIGIN, size: count, root: frontier.root(), fromSize: 0, proof: [] };
  await put(CHECKPOINT_PATH, await signer.sign(tree));
  await put(TRUST_PATH, `log ${await signer.vkey(ORIGIN)}\nquorum none\n`);
  await signer.close();
  return packs;
}

/** Reads the evidence as `npm run verify` does; throws unless all of it holds. `jobs`: threads that hash bodies. */
async function verified(
  place: string,
  bodies: boolean,
  jobs = 1,
): Promise<{ readonly cpuS: number; readonly wallS: number }> {
  const before = process.cpuUsage();
  const began = performance.now();
  const source = await openFolderSource(place, await findEvidenceFolders(place), nodeSha256, jobs);
  try {
    const verdict = await judge({ source, sha256: nodeSha256, verify: nodeVerify, bodies });
    if (verdict.result !== "ok") throw new Error(`the verdict is ${verdict.result}`);
  } finally {
    await source.close();
  }
  return { cpuS: cpuS(before), wallS: (performance.now() - began) / 1000 };
}

/** CPU seconds of `openssl dgst -sha256` over the files, and how long it took. */
function opensslDigest(files: readonly string[]): { readonly cpuS: number; readonly wallS: number } {
  const script = `TIMEFORMAT='%R %U %S'; time openssl dgst -sha256 "$@" > /dev/null`;
  const run = spawnSync("bash", ["-c", script, "-", ...files], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`openssl ended with ${run.status}: ${run.stderr}`);
  const [wall = "", user = "", system = ""] = run.stderr.trim().split("\n").at(-1)?.split(" ") ?? [];
  return { wallS: Number(wall), cpuS: Number(user) + Number(system) };
}

async function verifyCosts() {
  const place = join(folder, "evidence");
  const packs = await writeEvidence(place, VERIFY_FRAGMENTS, MIB);
  // What is still on its way to the disk would take processor time from whoever is measured.
  execFileSync("sync");
  await verified(place, true);
  const ratios: number[] = [];
  const ratiosOfTwo: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const theirs = opensslDigest(packs);
    ratios.push(theirs.cpuS / (await verified(place, true)).cpuS);
    ratiosOfTwo.push(theirs.wallS / (await verified(place, true, 2)).wallS);
  }
  await rm(place, { recursive: true });
  await writeEvidence(place, INDEX_ENTRIES, 0);
  const { wallS: indexMillionS } = await verified(place, false);
  await rm(place, { recursive: true });
  return { verifyRatio1: median(ratios), verifyRatio2: median(ratiosOfTwo), indexMillionS };
}

/** From the append of a document's entry to a stored checkpoint over it, while four cameras record. */
async function receipt(): Promise<number> {
  const dataFolder = join(folder, "receipt");
  const signer = await startSigner({ dataFolder });
  const reader = createSealedReader();
  const store = await openStore({
    dataFolder,
    clock: new MovableClock(),
    randomBytes,
    unit: "bench",
    gateway: "g1",
    signer,
    sealedReader: reader,
    onNotice: () => {},
    limits: { reserveBytes: 4096 },
  });
  const fragment = randomBytes(MIB);
  const ending = new AbortController();
  const cameras = (async () => {
    while (!ending.signal.aborted) {
      await Promise.all(
        [0, 1, 2, 3].map((i) =>
          store.append([{ type: "fragment", stream: streamId(`camera/c${i}/main`), bytes: fragment }]),
        ),
      );
      await pause(2000);
    }
  })();
  const waits: number[] = [];
  for (let i = 0; i < RECEIPTS; i++) {
    const began = performance.now();
    const [document] = await store.append([
      {
        type: "document",
        stream: streamId("documents"),
        record: { json: { number: `示人社收〔2026〕${i}号` }, attachment: fragment.subarray(0, 60_000) },
      },
    ]);
    if (document === undefined) throw new Error("nothing appended");
    await store.covering(document);
    waits.push(performance.now() - began);
    await pause(20);
  }
  ending.abort();
  await cameras;
  await store.close();
  await signer.close();
  await reader.close();
  console.table({ receipt: { p50Ms: median(waits), p99Ms: quantile(waits, 0.99) } });
  return quantile(waits, 0.99);
}

/**
 * Signs a log of ten million leaves one entry after the other. All leaves are the same, so that the whole tree is
 * known from one hash a level; the work of root, proof and signer is that of any tree of the size.
 */
async function largeLog(): Promise<number> {
  const complete = [leafHash(nodeSha256, randomBytes(300))];
  for (let level = 1; level < 32; level++) {
    const below = complete[level - 1] ?? new Uint8Array();
    complete.push(nodeHash(nodeSha256, below, below));
  }
  const source: ProofSource = {
    sha256: nodeSha256,
    read: async (level, _start, count) =>
      Array.from({ length: count }, () => complete[8 * level] ?? new Uint8Array()),
  };
  const signer = await startSigner({ dataFolder: join(folder, "large") });
  const waits: number[] = [];
  try {
    let fromSize = LARGE_LOG - LARGE_STEPS;
    const root = await treeRoot(source, fromSize);
    await signer.sign({ origin: ORIGIN, size: fromSize, root, fromSize: 0, proof: [] });
    for (; fromSize < LARGE_LOG; fromSize++) {
      const size = fromSize + 1;
      const began = performance.now();
      const proof = await consistencyProof(source, fromSize, size);
      await signer.sign({ origin: ORIGIN, size, root: await treeRoot(source, size), fromSize, proof });
      waits.push(performance.now() - began);
    }
  } finally {
    await signer.close();
  }
  return median(waits);
}

try {
  const writes = await writeCosts();
  const verify = await verifyCosts();
  const receiptP99Ms = await receipt();
  const checkpoint10mMs = await largeLog();
  const result = { ...writes, ...verify, receiptP99Ms, checkpoint10mMs };
  console.table(result);
  console.log(`RESULT ${JSON.stringify(result)}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
