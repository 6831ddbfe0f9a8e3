/**
 * Mutations around a change of keys, in logs of both suites: trees signed by a key outside its epoch, announcements
 * dropped or forged, notes of the change that lack one of both lines.
 */
import { generateKeyPairSync } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeEntry, encodeEntry } from "../../gateway/evidence/entry.ts";
import { parseCheckpoint } from "../../gateway/evidence/checkpoint.ts";
import { formatNote, parseNote } from "../../gateway/evidence/note.ts";
import type { Suite } from "../../gateway/evidence/suite.ts";
import { NOTE_ED25519, formatVerifierKey, verifierKey } from "../../gateway/evidence/verifier-key.ts";
import { nodeSha256, publicKeyBytes } from "../../gateway/signer/ed25519.ts";
import { newSm2Key, loadSm2Key, sm2PublicKey } from "../../gateway/signer/sm2.ts";
import { editEntries } from "./edit-folder.ts";
import { put } from "./evidence-folder-of.ts";
import {
  type HeldKey,
  type Item,
  changed,
  noteBy,
  readItems,
  renumbered,
  rewrite,
  treeOfItems,
} from "./forge.ts";
import type { Made } from "./made.ts";
import { type Applied, type Detected, type KnownGap, type Mutation, type Row, rows } from "./mutation.ts";
import type { Turned } from "./turned.ts";

/** A row for a log of either suite. */
type Case = Omit<Row, "apply" | "on" | "expected"> & {
  readonly expected: KnownGap | (Omit<Detected, "at"> & { readonly at?: (turned: Turned) => number });
  readonly apply: (folder: string, turned: Turned) => Promise<Applied | void>;
};

const OLD_KEY_ALONE =
  "who knows no other key than the stolen one, and nothing that was signed after it was replaced, can't tell its trees from true ones";
const NEW_KEY_KNOWN = "who has the new key by another way needs nobody to vouch for it";

/** The forged tree under the newest checkpoint, and nothing else that was signed. */
async function sign(folder: string, items: readonly Item[], keys: readonly HeldKey[]): Promise<void> {
  const tree = await rewrite(folder, items);
  await put(folder, "checkpoint", await noteBy(tree, keys));
}

/** Keys of the thief's own, one of each kind. */
function thiefKeys({ oldKeys }: Turned): readonly HeldKey[] {
  return oldKeys.map(({ key: { name, type } }) => {
    const privateKey =
      type === NOTE_ED25519 ? generateKeyPairSync("ed25519").privateKey : loadSm2Key(newSm2Key());
    const publicKey = type === NOTE_ED25519 ? publicKeyBytes(privateKey) : sm2PublicKey(privateKey);
    return { key: verifierKey(nodeSha256, { name, type, publicKey }), privateKey };
  });
}

const isKey = ({ entry }: Item): boolean => entry.type === "key";

/** The announcements name these keys instead. */
function naming(items: readonly Item[], keys: readonly HeldKey[]): Item[] {
  let nth = 0;
  return items.map((item) => {
    const own = isKey(item) ? keys[nth++] : undefined;
    return own === undefined ? item : changed(item, { vkey: formatVerifierKey(own.key) });
  });
}

const turnoverSize = ({ turnover }: Turned): number => parseCheckpoint(parseNote(turnover).text).size;

/** The kept note at which the keys changed, with the lines of these keys only. */
async function keepLines(folder: string, turned: Turned, keys: readonly HeldKey[]): Promise<void> {
  const note = parseNote(turned.turnover);
  const signatures = note.signatures.filter(({ keyId }) => keys.some(({ key }) => key.keyId === keyId));
  await writeFile(
    join(folder, "cosigned", String(turnoverSize(turned))),
    formatNote({ text: note.text, signatures }),
  );
}

const CASES: readonly Case[] = [
  {
    name: "newest checkpoint signed by the key that was replaced",
    touches: "checkpoint",
    who: "disk and replaced key",
    expected: { result: "invalid", finding: "checkpoint.staleKey" },
    apply: signedByOld,
  },
  {
    name: "newest checkpoint signed by the replaced key; the verifier knows the first keys only",
    touches: "checkpoint",
    who: "disk and replaced key",
    expected: { result: "invalid", finding: "checkpoint.staleKey" },
    apply: async (folder, turned) => {
      await signedByOld(folder, turned);
      return { trust: { text: turned.trustFirst } };
    },
  },
  {
    name: "history rewritten after the change and signed by the replaced key",
    touches: "whole log",
    who: "disk and replaced key",
    expected: { result: "invalid", finding: "checkpoint.staleKey" },
    apply: rewrittenByOld,
  },
  {
    name: "history rewritten by the replaced key; the verifier knows the first keys and nothing signed later",
    touches: "whole log",
    who: "disk and replaced key",
    expected: { gap: OLD_KEY_ALONE },
    apply: async (folder, turned) => {
      await rewrittenByOld(folder, turned);
      return { trust: { text: turned.trustFirst } };
    },
  },
  {
    name: "history rewritten by the replaced key; the verifier knows the first keys and a note of after",
    touches: "whole log",
    who: "disk and replaced key",
    expected: { result: "cannotTell", finding: "seen.unusable" },
    apply: async (folder, turned) => {
      await rewrittenByOld(folder, turned);
      return { trust: { text: turned.trustFirst }, seen: [turned.lateNote] };
    },
  },
  {
    name: "change of keys taken out of the history, signed by the replaced key; nobody else saw the log",
    touches: "whole log",
    who: "disk and replaced key",
    expected: { gap: OLD_KEY_ALONE },
    apply: async (folder, turned) => withoutTurn(folder, turned.oldKeys),
  },
  {
    name: "change of keys taken out of the history, signed by the replaced key; a paper of after is in somebody's hand",
    touches: "whole log",
    who: "disk and replaced key",
    paper: "after",
    expected: { result: "missing", finding: "log.truncated" },
    apply: async (folder, turned) => {
      await withoutTurn(folder, turned.oldKeys);
      return { seen: [turned.latePaper] };
    },
  },
  {
    name: "change of keys taken out of the history, signed by the new key; the verifier knows the first keys only",
    touches: "whole log",
    who: "disk and key",
    expected: { result: "invalid", finding: "checkpoint.otherKey" },
    apply: async (folder, turned) => {
      await withoutTurn(folder, turned.newKeys);
      return { trust: { text: turned.trustFirst } };
    },
  },
  {
    name: "earlier checkpoint signed by the key that came later",
    touches: "kept checkpoint",
    who: "disk and key",
    expected: { result: "invalid", finding: "checkpoint.staleKey" },
    apply: async (folder, turned) => {
      const size = turned.at.announced - 3;
      const tree = await treeOfItems(folder, size);
      await put(folder, `cosigned/${size}`, await noteBy(tree, turned.newKeys));
    },
  },
  {
    name: "entry that announces the new key deleted",
    touches: "key entry",
    expected: { result: "missing", finding: "entry.removed", at: ({ at }) => at.announced },
    apply: async (folder, { at }) =>
      editEntries(folder, 0, (entries) => void entries.splice(at.announced, 1)),
  },
  {
    name: "entry that announces the new key names another",
    touches: "key entry",
    expected: { result: "invalid", finding: "entry.altered", at: ({ at }) => at.announced },
    apply: async (folder, turned) => {
      const { announced } = turned.at;
      const [own] = thiefKeys(turned);
      await editEntries(folder, 0, (entries) => {
        const entry = decodeEntry(entries[announced] ?? new Uint8Array());
        entries[announced] = encodeEntry({
          ...entry,
          ...(own === undefined ? {} : { vkey: formatVerifierKey(own.key) }),
        });
      });
    },
  },
  {
    name: "announcement forged: a thief's key named, which signs alone",
    touches: "key entry, tree and signature",
    expected: { result: "invalid", finding: "checkpoint.otherKey" },
    apply: async (folder, turned) => {
      const own = thiefKeys(turned);
      await sign(folder, naming(await readItems(folder), own), own);
    },
  },
  {
    name: "announcement forged: the replaced key hands over to a thief's; nobody else saw the log",
    touches: "key entry, tree and signature",
    who: "disk and replaced key",
    expected: { gap: OLD_KEY_ALONE },
    apply: async (folder, turned) => handedToThief(folder, turned),
  },
  {
    name: "announcement forged: the replaced key hands over to a thief's; somebody has a note of after",
    touches: "key entry, tree and signature",
    who: "disk and replaced key",
    // Two keys claim the same place: whether the note or the log is forged, these alone don't tell.
    expected: { result: "cannotTell", finding: "seen.unusable" },
    apply: async (folder, turned) => {
      await handedToThief(folder, turned);
      return { seen: [turned.lateNote] };
    },
  },
  {
    name: "note of the change without the old key's line; the verifier knows the first keys only",
    touches: "note of the change",
    expected: { result: "invalid", finding: "checkpoint.otherKey" },
    apply: async (folder, turned) => {
      await keepLines(folder, turned, turned.newKeys);
      return { trust: { text: turned.trustFirst } };
    },
  },
  {
    name: "note of the change without the old key's line; the verifier knows all keys",
    touches: "note of the change",
    expected: { gap: NEW_KEY_KNOWN },
    apply: async (folder, turned) => keepLines(folder, turned, turned.newKeys),
  },
  {
    name: "note of the change without the new key's line",
    touches: "note of the change",
    expected: { result: "invalid", finding: "checkpoint.staleKey" },
    apply: async (folder, turned) => keepLines(folder, turned, turned.oldKeys),
  },
  {
    name: "note of the change without the new key's line; the verifier knows the first keys only",
    touches: "note of the change",
    expected: { result: "invalid", finding: "checkpoint.otherKey" },
    apply: async (folder, turned) => {
      await keepLines(folder, turned, turned.oldKeys);
      return { trust: { text: turned.trustFirst } };
    },
  },
  {
    name: "note of the change deleted; the verifier knows the first keys only",
    touches: "note of the change",
    expected: { result: "invalid", finding: "checkpoint.otherKey" },
    apply: async (folder, turned) => {
      await rm(join(folder, "cosigned", String(turnoverSize(turned))));
      return { trust: { text: turned.trustFirst } };
    },
  },
  {
    name: "note of the change deleted; the verifier knows all keys",
    touches: "note of the change",
    expected: { gap: NEW_KEY_KNOWN },
    apply: async (folder, turned) => rm(join(folder, "cosigned", String(turnoverSize(turned)))),
  },
  {
    name: "one character of the old key's line in the note of the change exchanged",
    touches: "note of the change",
    expected: { result: "invalid", finding: "checkpoint.wrongSignature" },
    apply: async (folder, turned) => {
      const path = join(folder, "cosigned", String(turnoverSize(turned)));
      const note = parseNote(await readFile(path, "utf8"));
      const old = turned.oldKeys[0]?.key.keyId;
      for (const line of note.signatures) if (line.keyId === old) line.bytes[20] = (line.bytes[20] ?? 0) ^ 1;
      await writeFile(path, formatNote(note));
    },
  },
  {
    name: "log cut off at the change, only the old key's checkpoint left",
    touches: "whole log",
    expected: {
      gap: "an earlier state of a disk was true once; the signer's own state or somebody's later sighting shows it",
    },
    apply: async (folder, turned) => cutBefore(folder, turned),
  },
  {
    name: "log cut off at the change, only the old key's checkpoint left; a paper of after is in somebody's hand",
    touches: "whole log",
    paper: "after",
    expected: { result: "missing", finding: "log.truncated" },
    apply: async (folder, turned) => {
      await cutBefore(folder, turned);
      return { seen: [turned.latePaper] };
    },
  },
];

/** The true tree, under a checkpoint of the replaced keys. */
async function signedByOld(folder: string, { size, oldKeys }: Turned): Promise<void> {
  await put(folder, "checkpoint", await noteBy(await treeOfItems(folder, size), oldKeys));
}

/** The time of one entry after the change is another. */
async function rewrittenByOld(folder: string, { at, oldKeys }: Turned): Promise<void> {
  const items = (await readItems(folder)).map((item, seq) =>
    seq === at.lateFragment ? changed(item, { t: item.entry.t - 1 }) : item,
  );
  await sign(folder, items, oldKeys);
}

async function withoutTurn(folder: string, keys: readonly HeldKey[]): Promise<void> {
  await sign(folder, renumbered((await readItems(folder)).filter((item) => !isKey(item))), keys);
}

/** The tree of the change is signed by the replaced key and a thief's, the newest one by the thief's. */
async function handedToThief(folder: string, turned: Turned): Promise<void> {
  const own = thiefKeys(turned);
  await sign(folder, naming(await readItems(folder), own), own);
  const size = turnoverSize(turned);
  const tree = await treeOfItems(folder, size);
  await put(folder, `cosigned/${size}`, await noteBy(tree, [...turned.oldKeys, ...own]));
}

/** As the disk was just before the keys changed. */
async function cutBefore(folder: string, turned: Turned): Promise<void> {
  const kept: { readonly size: number; readonly text: string }[] = [];
  for (const name of await readdir(join(folder, "cosigned")))
    if (Number(name) <= turned.at.announced)
      kept.push({ size: Number(name), text: await readFile(join(folder, "cosigned", name), "utf8") });
  const last = kept.toSorted((a, b) => a.size - b.size).at(-1);
  if (last === undefined) throw new RangeError("no note of before the change");
  await rewrite(folder, (await readItems(folder)).slice(0, last.size));
  await put(folder, "checkpoint", last.text);
}

const inSuite = (suite: Suite): readonly Row[] =>
  CASES.map(({ apply, expected, name, ...rest }) => {
    const at = "gap" in expected ? undefined : expected.at;
    return {
      sighting: "none",
      ...rest,
      name: `${name} (${suite})`,
      on: suite === "sm2-sm3" ? "turnedNational" : "turned",
      expected: {
        ...expected,
        ...(at === undefined ? {} : { at: (made: Made) => at(made.turned[suite]) }),
      } as Row["expected"],
      apply: async (folder: string, made: Made) => apply(folder, made.turned[suite]),
    };
  });

export const KEY_TURNS: readonly Mutation[] = rows([...inSuite("ed25519-sha256"), ...inSuite("sm2-sm3")]);
