/**
 * Evidence as the product makes it, for the tamper suite: real store, signer and reader processes, hand-over and
 * archive; two years, two cameras, papers, an erasure, a release, acknowledgements and sightings; and beside it logs
 * of both suites whose keys changed. Invariant: nothing in it is written by hand, every mutation works on a copy.
 */
import { createPrivateKey, randomBytes } from "node:crypto";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Seq, streamId } from "../../gateway/domain/ids.ts";
import type { Appended, EntryDraft } from "../../gateway/evidence/append.ts";
import { CHECKPOINT_PATH } from "../../gateway/evidence/folder.ts";
import { parseNote } from "../../gateway/evidence/note.ts";
import type { Suite } from "../../gateway/evidence/suite.ts";
import { paperCheckpoint } from "../../gateway/evidence/paper.ts";
import { formatVerifierKey, parseVerifierKey } from "../../gateway/evidence/verifier-key.ts";
import { createSealedReader } from "../../gateway/reader/client.ts";
import { EvidenceFiles } from "../../gateway/recording/export/evidence-files.ts";
import { startSigner } from "../../gateway/signer/client.ts";
import { nodeSha256 } from "../../gateway/signer/ed25519.ts";
import type { Store } from "../../gateway/store/contract.ts";
import { openRealStore, testClock } from "../contract/real-store.ts";
import { startArchive } from "../flows/sync/archive-process.ts";
import { openSealingGateway } from "../flows/sync/sealing-gateway.ts";
import { writeEvidenceFolder } from "./evidence-folder-of.ts";
import type { SigningKey } from "./forge.ts";
import { type Turned, copyData, makeTurned } from "./turned.ts";
import { LAST_YEAR, YEAR_END_MS } from "./years.ts";

/** What a mutation may start from; every folder is a whole evidence folder or a data folder. */
export interface Made {
  /** The archive's folder of the log that is open, co-signed. */
  readonly archive: string;
  /** The archive's folder of the year before. */
  readonly archiveOld: string;
  /** Evidence folder of the open log before anybody else saw it. */
  readonly unseen: string;
  /** Evidence folder of the open log at the end: what came after the last sighting is in it too. */
  readonly whole: string;
  /** An excerpt as it is exported. */
  readonly excerpt: string;
  /** The stopped gateway's data folder at the end, and as it was before the archive came. */
  readonly data: string;
  readonly dataEarlier: string;
  /** Trust file that the verifier got by another way; with the archive as a witness, and without. */
  readonly trust: string;
  readonly trustAlone: string;
  /** What the archive holds of the open log: its co-signed checkpoint. */
  readonly archiveNote: string;
  /** A paper's checkpoint of the open log before the archive saw it, and one after the last sighting. */
  readonly paperUnseen: string;
  readonly paperLate: string;
  /** The signer's key as a thief has it. */
  readonly key: SigningKey;
  /** Sequence numbers by what they are, in the open log. */
  readonly at: Readonly<
    Record<"fragment" | "nextFragment" | "intake" | "person" | "erased" | "sighting" | "ack", number>
  >;
  /** Size of the last tree that the archive saw. */
  readonly seenSize: number;
  /** Logs of both suites whose keys changed; nobody else saw them. */
  readonly turned: Readonly<Record<Suite, Turned>>;
}

/** An SEI message as a camera that signs its pictures sends it (ONVIF Media Signing), inside other bytes. */
const SEI = Buffer.from("000000200605181e005bc93f2d715e95ada4796f90877a6f", "hex");

const fragment = (camera: string): EntryDraft => ({
  type: "fragment",
  stream: streamId(`camera/${camera}/main`),
  bytes: Buffer.concat([randomBytes(120), SEI, randomBytes(120)]),
  codec: "avc1.4d0028",
  durMs: 2000,
  cam: Date.now(),
});

const record = (type: "intake" | "person" | "document" | "gap", place: number): EntryDraft => ({
  type,
  stream: streamId(type === "gap" ? "camera/cam-1/main" : "intake"),
  record: { json: { place, what: type } },
});

/** `count` groups of what a counter does: pictures of two cameras, now and then a step of an intake. */
async function work(store: Store, count: number): Promise<readonly Appended[]> {
  const appended: Appended[] = [];
  for (let i = 0; i < count; i++) {
    const drafts = [fragment("cam-1"), fragment("cam-2")];
    if (i % 5 === 1) drafts.push(record("intake", i), record("person", i), record("document", i));
    if (i % 20 === 7) drafts.push(record("gap", i));
    appended.push(...(await store.append(drafts)));
  }
  return appended;
}

function seqOf(appended: readonly Appended[], type: string, nth = 0): Seq {
  const found = appended.filter(({ entry }) => entry.type === type)[nth];
  if (found === undefined) throw new RangeError(`no entry of type ${type}`);
  return found.seq;
}

export async function makeEvidence(folder: string): Promise<Made> {
  const [made, plain, national] = await Promise.all([
    makeSeen(folder),
    makeTurned(join(folder, "turned"), "ed25519-sha256"),
    makeTurned(join(folder, "turned-national"), "sm2-sm3"),
  ]);
  return { ...made, turned: { "ed25519-sha256": plain, "sm2-sm3": national } };
}

async function makeSeen(folder: string): Promise<Omit<Made, "turned">> {
  const dataFolder = join(folder, "live");
  const place = (name: string): string => join(folder, name);
  await mkdir(dataFolder, { recursive: true });
  const signer = await startSigner({ dataFolder });
  const sealedReader = createSealedReader();
  const processes = { signer, sealedReader };
  const archive = await startArchive(place("archive-root"), "");
  try {
    const lastYear = await openRealStore(dataFolder, testClock(YEAR_END_MS), processes);
    await lastYear.append([
      { type: "init", stream: streamId("camera/cam-1/main"), bytes: randomBytes(600) },
      { type: "init", stream: streamId("camera/cam-2/main"), bytes: randomBytes(600) },
    ]);
    await work(lastYear, 20);
    await lastYear.close();

    const fresh = await openRealStore(dataFolder, testClock(Date.now()), processes);
    await fresh.catchUp();
    const early = await work(fresh, 100);
    const { logId, origin } = fresh.logs().at(-1) ?? {};
    if (logId === undefined || origin === undefined) throw new Error("no log");
    const unseenNote = await fresh.covering({ logId, seq: early.at(-1)?.seq ?? (0 as Seq) });
    await fresh.close();
    const vkey = parseVerifierKey(await signer.vkey(origin), nodeSha256);
    const oldVkey = parseVerifierKey(await signer.vkey(`${origin.slice(0, -4)}${LAST_YEAR}`), nodeSha256);
    await copyData(dataFolder, place("data-earlier"));
    await writeEvidenceFolder(place("data-earlier"), logId, place("unseen"));

    const gateway = await openSealingGateway(new Set(), { box: { dataFolder, ...processes } });
    await gateway.enrol(archive.enrolment);
    const { store, handover } = gateway;
    const before = await work(store, 40);
    const handOver = async (): Promise<void> => {
      await handover.sealNow("demand");
      await store.covering({ logId, seq: (store.stats().size - 1) as Seq });
      await archive.pull();
    };
    await handOver();
    const [volume] = await store.volumes();
    if (volume === undefined) throw new Error("no sealed volume");
    const packs = (await handover.listPacks({ after: 0, class: 3, limit: 100 })).filter(
      (pack) => pack.logId === volume.logId,
    );
    await store.release({
      ...volume,
      going: [[0, volume.endSeq]],
      basis: "acknowledged",
      packs: packs.filter((pack) => pack.acked !== undefined).map(({ sha256 }) => sha256),
    });
    const erased = seqOf(before, "person", 2);
    await store.erase({ logId, ranges: [[erased, erased + 1]], of: "all", basis: "list 2026-7" });
    await work(store, 20);
    await handOver();
    const seen = parseNote(await readFile(join(archive.folder, "logs", origin, CHECKPOINT_PATH), "utf8"));
    const late = await work(store, 30);
    const lateNote = await store.covering({ logId, seq: late.at(-1)?.seq ?? (0 as Seq) });
    /** The first one that speaks of this log; those of last year's lie here too. */
    const firstAbout = async (type: "sighting" | "ack"): Promise<number> => {
      for (let seq = 0; seq < store.stats().size; seq++) {
        const ref = { logId, seq: seq as Seq };
        if ((await store.readEntry(ref)).type !== type) continue;
        const { note } = (await store.readRecord(ref)).body.json;
        if (typeof note === "string" && note.includes(`${origin}\n`)) return seq;
      }
      throw new RangeError(`no ${type}`);
    };
    const [sighting, ack] = [await firstAbout("sighting"), await firstAbout("ack")];
    const files = new EvidenceFiles(
      Object.assign(Object.create(store) as Store, { verifierKeys: () => [formatVerifierKey(vkey)] }),
    );
    await writeExcerpt(
      files,
      store,
      late.filter(({ entry }) => entry.stream === "camera/cam-1/main").slice(4, 16),
      place("excerpt"),
    );
    await gateway.close();

    await copyData(dataFolder, place("data"));
    await writeEvidenceFolder(place("data"), logId, place("whole"));
    await cp(join(archive.folder, "logs", origin), place("archive"), { recursive: true });
    await cp(join(archive.folder, "logs", oldVkey.name), place("archive-old"), { recursive: true });
    const trust = await readFile(join(place("archive"), "trust"), "utf8");
    const logs = [vkey, oldVkey].map((key) => `log ${formatVerifierKey(key)}\n`).join("");
    const witness = trust.split("\n").find((line) => line.startsWith("witness")) ?? "";
    return {
      archive: place("archive"),
      archiveOld: place("archive-old"),
      unseen: place("unseen"),
      whole: place("whole"),
      excerpt: join(place("excerpt"), logId),
      data: place("data"),
      dataEarlier: place("data-earlier"),
      trust: `${logs}${witness}\nquorum archive\n`,
      trustAlone: `${logs}${witness}\nquorum none\n`,
      archiveNote: await readFile(join(place("archive"), CHECKPOINT_PATH), "utf8"),
      paperUnseen: paperCheckpoint(parseNote(unseenNote.note), vkey, seqOf(early, "document")),
      paperLate: paperCheckpoint(parseNote(lateNote.note), vkey, seqOf(late, "document")),
      key: {
        vkey,
        oldVkey,
        privateKey: createPrivateKey(await readFile(join(dataFolder, "secrets", "signer.key"))),
      },
      at: {
        fragment: seqOf(early, "fragment", 130),
        nextFragment: seqOf(early, "fragment", 132),
        intake: seqOf(early, "intake", 12),
        person: seqOf(early, "person", 12),
        erased,
        sighting,
        ack,
      },
      seenSize: Number(seen.text.split("\n")[1]),
    };
  } finally {
    await archive.close();
    await signer.close();
    await sealedReader.close();
  }
}

async function writeExcerpt(
  files: EvidenceFiles,
  store: Store,
  fragments: readonly Appended[],
  folder: string,
): Promise<void> {
  const write = async ({
    path,
    bytes,
  }: {
    readonly path: string;
    readonly bytes: Uint8Array;
  }): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  };
  for (const ref of fragments) {
    const full = files.take(ref, await store.bodyValue(ref));
    if (full !== undefined) await write(full);
  }
  const last = files.flush();
  if (last !== undefined) await write(last);
  for await (const file of files.proofs()) await write(file);
}
