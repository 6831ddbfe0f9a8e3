/**
 * A log whose keys changed, as the product makes it, with what a thief may have copied on the way: keys and state of
 * the signer of before, data folder of an earlier day. Invariant: nothing in it is written by hand.
 */
import { createPrivateKey, randomBytes } from "node:crypto";
import { cp, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Seq, streamId } from "../../gateway/domain/ids.ts";
import type { Appended, EntryDraft } from "../../gateway/evidence/append.ts";
import { parseCheckpoint } from "../../gateway/evidence/checkpoint.ts";
import { parseNote } from "../../gateway/evidence/note.ts";
import { paperCheckpoint } from "../../gateway/evidence/paper.ts";
import type { Suite } from "../../gateway/evidence/suite.ts";
import {
  NOTE_ED25519,
  NOTE_SM2,
  type VerifierKey,
  formatVerifierKey,
} from "../../gateway/evidence/verifier-key.ts";
import { createSealedReader } from "../../gateway/reader/client.ts";
import { startSigner } from "../../gateway/signer/client.ts";
import type { SignerClient } from "../../gateway/signer/contract.ts";
import { loadSm2Key } from "../../gateway/signer/sm2.ts";
import type { Store } from "../../gateway/store/contract.ts";
import { openStore } from "../../gateway/store/open-store.ts";
import { testClock } from "../contract/real-store.ts";
import { SMALL } from "../contract/store/opened-store.ts";
import { writeEvidenceFolder } from "./evidence-folder-of.ts";
import type { HeldKey } from "./forge.ts";

export interface Turned {
  readonly suite: Suite;
  /** Evidence folder and the stopped gateway's data folder, at the end. */
  readonly folder: string;
  readonly data: string;
  /** The data folder as it was before the change of keys, and between it and the end. */
  readonly dataBefore: string;
  readonly dataBetween: string;
  /** Trust files: with all keys, with those of the beginning, and with all but those of SM2. */
  readonly trust: string;
  readonly trustFirst: string;
  readonly trustEd25519: string;
  /** Ed25519 first. */
  readonly oldKeys: readonly HeldKey[];
  readonly newKeys: readonly HeldKey[];
  /** Note and sizes of the trees at which keys changed and work was interrupted. */
  readonly turnover: string;
  readonly betweenSize: number;
  readonly size: number;
  /** What somebody else has in hand: a note of the end, and a paper's checkpoint of the end. */
  readonly lateNote: string;
  readonly latePaper: string;
  readonly at: Readonly<Record<"fragment" | "announced" | "lateFragment", number>>;
}

/** A running store with its signer, on this folder, as a gateway has them. */
export async function running<T>(
  dataFolder: string,
  suite: Suite,
  work: (store: Store, signer: SignerClient) => Promise<T>,
): Promise<T> {
  await mkdir(dataFolder, { recursive: true });
  const signer = await startSigner({ dataFolder, suite });
  const sealedReader = createSealedReader();
  try {
    const store = await openStore({
      dataFolder,
      suite,
      clock: testClock(Date.now()),
      randomBytes,
      unit: "unit",
      gateway: "g1",
      signer,
      sealedReader,
      onNotice: () => {},
      limits: SMALL,
    });
    try {
      await store.catchUp();
      return await work(store, signer);
    } finally {
      await store.close();
    }
  } finally {
    await sealedReader.close();
    await signer.close();
  }
}

/** `groups` times a picture and a step of an intake. */
export async function fill(store: Store, groups: number): Promise<readonly Appended[]> {
  const appended: Appended[] = [];
  for (let i = 0; i < groups; i++) {
    const picture: EntryDraft = {
      type: "fragment",
      stream: streamId("camera/cam-1/main"),
      bytes: randomBytes(200),
      codec: "avc1.4d0028",
      durMs: 2000,
    };
    const step: EntryDraft = { type: "intake", stream: streamId("intake"), record: { json: { i } } };
    appended.push(...(await store.append([picture, step])));
  }
  return appended;
}

function firstOf(appended: readonly Appended[], type: string): Appended {
  const found = appended.find(({ entry }) => entry.type === type);
  if (found === undefined) throw new RangeError(`no entry of type ${type}`);
  return found;
}

async function signed(store: Store): Promise<string> {
  const { logId, size } = store.stats();
  return (await store.covering({ logId, seq: (size - 1) as Seq })).note;
}

const sizeOf = (note: string): number => parseCheckpoint(parseNote(note).text).size;

async function keysIn(dataFolder: string, keys: readonly VerifierKey[]): Promise<HeldKey[]> {
  const held: HeldKey[] = [];
  for (const key of keys) {
    const name = key.type === NOTE_SM2 ? "signer.sm2.key" : "signer.key";
    const pem = await readFile(join(dataFolder, "secrets", name));
    held.push({ key, privateKey: key.type === NOTE_SM2 ? loadSm2Key(pem) : createPrivateKey(pem) });
  }
  return held;
}

const trustIn = (keys: readonly VerifierKey[]): string =>
  `${keys.map((key) => `log ${formatVerifierKey(key)}\n`).join("")}quorum none\n`;

/** All but the signer's socket, which is no data. */
export async function copyData(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, filter: (path) => !path.endsWith(".sock") });
}

export async function makeTurned(place: string, suite: Suite): Promise<Turned> {
  const live = join(place, "live");
  const [dataBefore, dataBetween, data] = ["before", "between", "data"].map((name) => join(place, name));
  if (dataBefore === undefined || dataBetween === undefined || data === undefined) throw new RangeError();
  const begun = await running(live, suite, async (store, signer) => {
    const fragment = firstOf(await fill(store, 70), "fragment").seq;
    await signed(store);
    const { origin = "", logId } = store.logs()[0] ?? {};
    if (logId === undefined) throw new RangeError("no log");
    return { origin, logId, fragment, keys: signer.vkeys(origin) };
  });
  const { origin, logId, keys: oldVkeys } = begun;
  await copyData(live, dataBefore);
  const between = await running(live, suite, async (store, signer) => {
    const keys = (await signer.nextVkeys(origin)).map((to) => {
      const from = oldVkeys.find(({ type }) => type === to.type);
      if (from === undefined) throw new RangeError("each key replaces one");
      return { from: formatVerifierKey(from), to: formatVerifierKey(to) };
    });
    const announced = store.stats().size;
    const { note } = await store.changeKeys({ keys, why: "rotation", by: "technician" });
    await fill(store, 60);
    return { announced, turnover: note, size: sizeOf(await signed(store)) };
  });
  await copyData(live, dataBetween);
  const ended = await running(live, suite, async (store, signer) => {
    const lateFragment = firstOf(await fill(store, 40), "fragment").seq;
    return { lateFragment, note: await signed(store), keys: signer.vkeys(origin) };
  });
  await copyData(live, data);
  const folder = join(place, "folder");
  await writeEvidenceFolder(data, logId, folder);
  const newVkeys = ended.keys.filter((key) => !oldVkeys.some(({ keyId }) => keyId === key.keyId));
  const newKeys = await keysIn(live, newVkeys);
  const paperKey = newVkeys.find(({ type }) => type === NOTE_ED25519);
  if (paperKey === undefined) throw new RangeError("no new key");
  return {
    suite,
    folder,
    data,
    dataBefore,
    dataBetween,
    trust: trustIn(ended.keys),
    trustFirst: trustIn(oldVkeys),
    trustEd25519: trustIn(ended.keys.filter(({ type }) => type === NOTE_ED25519)),
    oldKeys: await keysIn(dataBefore, oldVkeys),
    newKeys,
    turnover: between.turnover,
    betweenSize: between.size,
    size: sizeOf(ended.note),
    lateNote: ended.note,
    latePaper: paperCheckpoint(parseNote(ended.note), paperKey, ended.lateFragment),
    at: {
      fragment: begun.fragment,
      announced: between.announced,
      lateFragment: ended.lateFragment,
    },
  };
}
