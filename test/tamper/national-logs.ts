/** Mutations of what the suite sm2-sm3 adds: the SM2 line of a checkpoint, the SM3 root in it, the SM3 of each body. */
import { randomBytes } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { decodeEntry, encodeEntry } from "../../gateway/evidence/entry.ts";
import { type NoteSignature, formatNote, parseNote } from "../../gateway/evidence/note.ts";
import { NOTE_ED25519, NOTE_SM2 } from "../../gateway/evidence/verifier-key.ts";
import { editEntries, editText } from "./edit-folder.ts";
import { put } from "./evidence-folder-of.ts";
import { type HeldKey, type Item, changed, noteBy, readItems, rewrite, treeOfItems } from "./forge.ts";
import type { Made } from "./made.ts";
import { type Applied, type Mutation, type Row, rows } from "./mutation.ts";
import type { Turned } from "./turned.ts";

type Case = Omit<Row, "apply" | "on"> & {
  readonly apply: (folder: string, turned: Turned) => Promise<Applied | void>;
};

const national = (made: Made): Turned => made.turned["sm2-sm3"];
const atLate = (made: Made): number => national(made).at.lateFragment;
const invalid = { result: "invalid" } as const;

/** Changes the SM2 line of the newest checkpoint; undefined takes it out. */
async function editSm2Line(
  folder: string,
  turned: Turned,
  edit: (line: NoteSignature) => NoteSignature | undefined,
): Promise<void> {
  const ids = turned.newKeys.filter(({ key }) => key.type === NOTE_SM2).map(({ key }) => key.keyId);
  await editText(join(folder, "checkpoint"), (text) => {
    const note = parseNote(text);
    const signatures = note.signatures.flatMap((line) =>
      ids.includes(line.keyId) ? (edit(line) ?? []) : line,
    );
    return formatNote({ text: note.text, signatures });
  });
}

const flipped = (line: NoteSignature, at: number): NoteSignature => {
  const bytes = line.bytes.slice();
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return { ...line, bytes };
};

const ofType = (keys: readonly HeldKey[], type: number): readonly HeldKey[] =>
  keys.filter(({ key }) => key.type === type);

const editLate =
  ({ at }: Turned, edit: (item: Item) => Item) =>
  (items: readonly Item[]): Item[] =>
    items.map((item, seq) => (seq === at.lateFragment ? edit(item) : item));

const otherPicture = (item: Item): Item => changed(item, {}, randomBytes(300));

async function signAll(
  folder: string,
  edit: (items: readonly Item[]) => readonly Item[],
  keys: readonly HeldKey[],
): Promise<void> {
  const tree = await rewrite(folder, edit(await readItems(folder)));
  await put(folder, "checkpoint", await noteBy(tree, keys));
}

/** No entry is of the suite any more, and no line. */
async function broughtDown(folder: string, { newKeys, oldKeys, turnover }: Turned): Promise<void> {
  const without = ({ entry: { sm3: _sm3, ...entry }, body }: Item): Item => ({ entry, body });
  await signAll(folder, (items) => items.map(without), ofType(newKeys, NOTE_ED25519));
  const { text } = parseNote(turnover);
  const size = Number(text.split("\n")[1]);
  const keys = ofType([...oldKeys, ...newKeys], NOTE_ED25519);
  await put(folder, `cosigned/${size}`, await noteBy(await treeOfItems(folder, size), keys));
}

const BOTH_STOLEN =
  "with disk and both keys stolen and nobody else having seen the log, the forged one is as good as the true one";

const LINES: readonly Case[] = [
  {
    name: "SM2 line of the newest checkpoint stripped",
    touches: "SM2 line",
    expected: { ...invalid, finding: "checkpoint.stripped" },
    apply: async (folder, turned) => editSm2Line(folder, turned, () => undefined),
  },
  {
    name: "SM2 line stripped; the verifier knows no SM2 key",
    touches: "SM2 line",
    expected: { ...invalid, finding: "checkpoint.stripped" },
    apply: async (folder, turned) => {
      await editSm2Line(folder, turned, () => undefined);
      return { trust: { text: turned.trustEd25519 } };
    },
  },
  {
    name: "SM2 signature changed",
    touches: "SM2 line",
    expected: { ...invalid, finding: "checkpoint.wrongNational" },
    apply: async (folder, turned) => editSm2Line(folder, turned, (line) => flipped(line, 50)),
  },
  {
    // The log's own announcement names the key, so its line is not passed over.
    name: "SM2 signature changed; the verifier knows no SM2 key",
    touches: "SM2 line",
    expected: { ...invalid, finding: "checkpoint.wrongNational" },
    apply: async (folder, turned) => {
      await editSm2Line(folder, turned, (line) => flipped(line, 50));
      return { trust: { text: turned.trustEd25519 } };
    },
  },
  {
    name: "SM3 root in the SM2 line changed",
    touches: "SM3 root",
    expected: { ...invalid, finding: "checkpoint.wrongNational" },
    apply: async (folder, turned) => editSm2Line(folder, turned, (line) => flipped(line, 5)),
  },
  {
    name: "SM2 line of an earlier checkpoint",
    touches: "SM2 line",
    expected: { ...invalid, finding: "checkpoint.wrongNational" },
    apply: async (folder, turned) => {
      const names = await readdir(join(folder, "cosigned"));
      const earlier = names.map(Number).filter((size) => size > turned.at.announced && size < turned.size);
      const note = parseNote(await readFile(join(folder, "cosigned", String(Math.max(...earlier))), "utf8"));
      await editSm2Line(folder, turned, (line) => note.signatures.find(({ keyId }) => keyId === line.keyId));
    },
  },
  {
    name: "SM2 line by the replaced key beside Ed25519 by the new one",
    touches: "SM2 line",
    who: "disk and key",
    expected: { ...invalid, finding: "checkpoint.staleNational" },
    apply: async (folder, turned) => {
      const tree = await treeOfItems(folder, turned.size);
      const keys = [...ofType(turned.newKeys, NOTE_ED25519), ...ofType(turned.oldKeys, NOTE_SM2)];
      await put(folder, "checkpoint", await noteBy(tree, keys));
    },
  },
];

const ENTRIES: readonly Case[] = [
  {
    name: "field sm3 of an entry rewritten",
    touches: "entry bundle",
    expected: { ...invalid, finding: "entry.altered", at: atLate },
    apply: async (folder, { at }) => editSm3(folder, at.lateFragment, "0".repeat(64)),
  },
  {
    name: "field sm3 of an entry taken out",
    touches: "entry bundle",
    expected: { ...invalid, finding: "entry.altered", at: atLate },
    apply: async (folder, { at }) => editSm3(folder, at.lateFragment, undefined),
  },
  {
    name: "field sm3 of an entry does not fit its body, signed by both keys",
    touches: "entry, tree and signatures",
    who: "disk and key",
    expected: { ...invalid, finding: "body.altered", at: atLate },
    apply: async (folder, turned) =>
      signAll(
        folder,
        editLate(turned, (item) => changed(item, { sm3: "0".repeat(64) })),
        turned.newKeys,
      ),
  },
  {
    name: "field sm3 of an entry left out, signed by both keys",
    touches: "entry, tree and signatures",
    who: "disk and key",
    expected: { ...invalid, finding: "entry.otherSuite", at: atLate },
    apply: async (folder, turned) =>
      signAll(
        folder,
        editLate(turned, ({ entry: { sm3: _sm3, ...entry }, body }) => ({ entry, body })),
        turned.newKeys,
      ),
  },
  {
    name: "SM3 root of another tree, signed by both keys",
    touches: "SM3 root",
    who: "disk and key",
    expected: { ...invalid, finding: "log.sm3RootDiffers" },
    apply: async (folder, turned) => {
      const tree = await treeOfItems(folder, turned.size);
      await put(folder, "checkpoint", await noteBy({ ...tree, sm3Root: new Uint8Array(32) }, turned.newKeys));
    },
  },
];

const FORGERIES: readonly Case[] = [
  {
    name: "picture replaced, Ed25519 key stolen but not SM2; the old SM2 line kept",
    touches: "body, entry, tree and signature",
    who: "disk and one of two keys",
    expected: { ...invalid, finding: "checkpoint.wrongNational" },
    apply: async (folder, turned) => {
      const sm2 = parseNote(turned.lateNote).signatures.filter(({ keyId }) =>
        ofType(turned.newKeys, NOTE_SM2).some(({ key }) => key.keyId === keyId),
      );
      await signAll(folder, editLate(turned, otherPicture), ofType(turned.newKeys, NOTE_ED25519));
      await editText(join(folder, "checkpoint"), (text) => {
        const note = parseNote(text);
        return formatNote({ text: note.text, signatures: [...note.signatures, ...sm2] });
      });
    },
  },
  {
    name: "picture replaced, Ed25519 key stolen but not SM2; no SM2 line",
    touches: "body, entry, tree and signature",
    who: "disk and one of two keys",
    expected: { ...invalid, finding: "checkpoint.stripped" },
    apply: async (folder, turned) =>
      signAll(folder, editLate(turned, otherPicture), ofType(turned.newKeys, NOTE_ED25519)),
  },
  {
    name: "picture replaced, SM2 key stolen but not Ed25519",
    touches: "body, entry, tree and signature",
    who: "disk and one of two keys",
    expected: { ...invalid, finding: "checkpoint.otherKey" },
    apply: async (folder, turned) =>
      signAll(folder, editLate(turned, otherPicture), ofType(turned.newKeys, NOTE_SM2)),
  },
  {
    name: "picture replaced, both keys stolen; nobody else saw the log",
    touches: "body, entry, tree and signatures",
    who: "disk and key",
    expected: { gap: BOTH_STOLEN },
    apply: async (folder, turned) => signAll(folder, editLate(turned, otherPicture), turned.newKeys),
  },
  {
    name: "picture replaced, both keys stolen; a paper is in somebody's hand, which has no room for SM2",
    touches: "body, entry, tree and signatures",
    who: "disk and key",
    paper: "after",
    expected: { ...invalid, finding: "log.forked" },
    apply: async (folder, turned) => {
      await signAll(folder, editLate(turned, otherPicture), turned.newKeys);
      return { seen: [turned.latePaper] };
    },
  },
  {
    name: "picture replaced, both keys stolen; somebody has a note of the log",
    touches: "body, entry, tree and signatures",
    who: "disk and key",
    expected: { ...invalid, finding: "log.forked" },
    apply: async (folder, turned) => {
      await signAll(folder, editLate(turned, otherPicture), turned.newKeys);
      return { seen: [turned.lateNote] };
    },
  },
  {
    name: "log brought down to the other suite with the Ed25519 keys",
    touches: "every entry, tree and signature",
    who: "disk and one of two keys",
    expected: { ...invalid, finding: "checkpoint.stripped" },
    apply: broughtDown,
  },
  {
    name: "log brought down to the other suite; the verifier knows no SM2 key, nobody else saw the log",
    touches: "every entry, tree and signature",
    who: "disk and one of two keys",
    expected: {
      gap: "that a log was of the suite stands in its entries and in the trust file's SM2 key alone",
    },
    apply: async (folder, turned) => {
      await broughtDown(folder, turned);
      return { trust: { text: turned.trustEd25519 } };
    },
  },
];

async function editSm3(folder: string, seq: number, sm3: string | undefined): Promise<void> {
  await editEntries(folder, Math.floor(seq / 256), (entries) => {
    const { sm3: _sm3, ...entry } = decodeEntry(entries[seq % 256] ?? new Uint8Array());
    entries[seq % 256] = encodeEntry(sm3 === undefined ? entry : { ...entry, sm3 });
  });
}

export const NATIONAL_LOGS: readonly Mutation[] = rows(
  [...LINES, ...ENTRIES, ...FORGERIES].map(({ apply, ...rest }) => ({
    sighting: "none",
    ...rest,
    on: "turnedNational",
    apply: async (folder: string, made: Made) => apply(folder, national(made)),
  })),
);
