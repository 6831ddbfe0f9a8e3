/** Mutations of single stored things by somebody who has the disk: flipped, deleted, swapped, doubled, torn. */
import { cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Entry, decodeEntry, encodeEntry } from "../../gateway/evidence/entry.ts";
import { leafHash } from "../../gateway/evidence/merkle/hash.ts";
import { decodeBundle } from "../../gateway/evidence/tiles.ts";
import { nodeSha256 } from "../../gateway/signer/ed25519.ts";
import {
  dropBody,
  editEntries,
  editFile,
  editPack,
  editText,
  flip,
  flipBody,
  packOf,
  remove,
  renameTile,
  tileIn,
} from "./edit-folder.ts";
import { readItems } from "./forge.ts";
import type { Made } from "./made.ts";
import { type Mutation, type Row, rows } from "./mutation.ts";

const atFragment = (made: Made): number => made.at.fragment;
const atIntake = (made: Made): number => made.at.intake;
const invalid = { result: "invalid" } as const;
const missing = { result: "missing" } as const;

/** The bundles of the open log: the first is full. */
const inBundle = (seq: number): number => Math.floor(seq / 256);

/** Rewrites one field of an entry in its bundle; the body and everything else stay. */
const fieldRewritten = (field: keyof Entry, value: (entry: Entry) => Partial<Entry>): Row => ({
  name: `field ${field} of an entry rewritten`,
  touches: "entry bundle",
  on: "archive",
  expected: { ...invalid, finding: "entry.altered", at: atFragment },
  apply: async (folder, { at }) =>
    editEntries(folder, inBundle(at.fragment), (entries) => {
      const entry = decodeEntry(entries[at.fragment % 256] ?? new Uint8Array());
      entries[at.fragment % 256] = encodeEntry({ ...entry, ...value(entry) });
    }),
});

const FLIPS: readonly Row[] = [
  {
    name: "bit of a picture flipped",
    touches: "body of a fragment",
    on: "archive",
    expected: { ...invalid, finding: "body.altered", at: atFragment },
    apply: async (folder, { at }) => flipBody(folder, at.fragment, 17),
  },
  {
    name: "camera's own signature message (SEI) changed",
    touches: "SEI in a fragment",
    on: "archive",
    expected: { ...invalid, finding: "body.altered", at: atFragment },
    apply: async (folder, { at }) =>
      flipBody(folder, at.fragment, (body) => body.indexOf("5bc93f2d715e95ad", "hex")),
  },
  {
    name: "bit of a person's record flipped",
    touches: "body of a record",
    on: "archive",
    expected: { ...invalid, finding: "body.altered", at: (made) => made.at.person },
    apply: async (folder, { at }) => flipBody(folder, at.person, 45),
  },
  {
    name: "random bytes of a record replaced",
    touches: "salt of a record",
    on: "archive",
    expected: { ...invalid, finding: "body.altered", at: atIntake },
    apply: async (folder, { at }) => flipBody(folder, at.intake, 3),
  },
  {
    name: "copy of the entry beside a body changed",
    touches: "pack frame",
    on: "archive",
    expected: { ...invalid, finding: "body.otherEntry", at: atFragment },
    apply: async (folder, { at }) =>
      editPack(folder, at.fragment, (item) => {
        if (item.seq !== at.fragment) return item;
        const entryBytes = Buffer.from(item.entryBytes);
        entryBytes[30] = (entryBytes[30] ?? 0) ^ 1;
        return { ...item, entryBytes };
      }),
  },
  {
    name: "bit of an entry flipped",
    touches: "entry bundle",
    on: "archive",
    expected: { ...invalid, finding: "entry.altered", at: atFragment },
    apply: async (folder, { at }) =>
      editEntries(folder, inBundle(at.fragment), (entries) => flip(20)(entries[at.fragment % 256] as Buffer)),
  },
  {
    name: "leaf hash of a full tile flipped",
    touches: "tile of level 0",
    on: "archive",
    expected: { ...invalid, finding: "tile.altered", at: atFragment },
    apply: async (folder, { at }) => editFile(await tileIn(folder, 0, 0), flip((at.fragment % 256) * 32)),
  },
  {
    name: "leaf hash of the partial tile flipped",
    touches: "partial tile of level 0",
    on: "archive",
    expected: { ...invalid, finding: "tile.altered", at: () => 266 },
    apply: async (folder) => editFile(await tileIn(folder, 0, 1), flip(10 * 32 + 5)),
  },
  {
    name: "hash of an upper tile flipped",
    touches: "tile of level 1",
    on: "archive",
    expected: { ...invalid, finding: "tile.altered", at: () => 0 },
    apply: async (folder) => editFile(await tileIn(folder, 1, 0), flip(7)),
  },
  {
    name: "root in the checkpoint changed",
    touches: "checkpoint",
    on: "archive",
    expected: { ...invalid, finding: "checkpoint.wrongSignature" },
    apply: async (folder) =>
      editText(join(folder, "checkpoint"), (text) =>
        text.replace(/\n(.)([^\n]{42}=)\n/, (_, a: string, b: string) => `\n${a === "A" ? "B" : "A"}${b}\n`),
      ),
  },
  {
    name: "size in the checkpoint changed",
    touches: "checkpoint",
    on: "archive",
    expected: { ...invalid, finding: "checkpoint.wrongSignature" },
    apply: async (folder, { seenSize }) =>
      editText(join(folder, "checkpoint"), (text) => text.replace(`\n${seenSize}\n`, `\n${seenSize - 1}\n`)),
  },
  {
    name: "log's signature changed",
    touches: "signature line",
    on: "archive",
    expected: { ...invalid, finding: "checkpoint.wrongSignature" },
    apply: async (folder) => editText(join(folder, "checkpoint"), (text) => swapInLine(text, 0)),
  },
  {
    name: "archive's cosignature changed",
    touches: "cosignature line",
    on: "archive",
    expected: { ...invalid, finding: "cosignature.wrong" },
    apply: async (folder) => editText(join(folder, "checkpoint"), (text) => swapInLine(text, 1)),
  },
  {
    name: "time in the archive's cosignature changed",
    touches: "cosignature line",
    on: "archive",
    expected: { ...invalid, finding: "cosignature.wrong" },
    apply: async (folder) => editText(join(folder, "checkpoint"), (text) => swapInLine(text, 1, 12)),
  },
  {
    name: "root in a kept co-signed note changed",
    touches: "cosigned note",
    on: "archive",
    expected: { ...invalid, finding: "checkpoint.wrongSignature" },
    apply: async (folder) => {
      const [name = ""] = await readdir(join(folder, "cosigned"));
      await editText(join(folder, "cosigned", name), (text) =>
        text.replace(/\n(.)([^\n]{42}=)\n/, (_, a: string, b: string) => `\n${a === "A" ? "B" : "A"}${b}\n`),
      );
    },
  },
  {
    name: "origin in a pack's head changed",
    touches: "pack head",
    on: "archive",
    expected: { ...invalid, finding: "source.malformed" },
    apply: async (folder, { at }) => editFile((await packOf(folder, at.fragment)).path, flip(30)),
  },
  {
    name: "length of a pack's frame changed",
    touches: "pack frame",
    on: "archive",
    expected: { ...invalid, finding: "source.malformed" },
    apply: async (folder, { at }) =>
      editFile((await packOf(folder, at.fragment)).path, (bytes) =>
        flip(bytes.indexOf("\n\n") + 2 + 2)(bytes),
      ),
  },
  {
    name: "length of the entry inside a body value changed",
    touches: "pack frame",
    on: "archive",
    expected: { ...invalid, finding: "body.altered" },
    apply: async (folder, { at }) =>
      editFile((await packOf(folder, at.fragment)).path, (bytes) =>
        flip(bytes.indexOf("\n\n") + 2 + 4)(bytes),
      ),
  },
  {
    name: "ranges of the excerpt file made wider",
    touches: "excerpt file",
    on: "excerpt",
    expected: { ...missing, finding: "body.missing" },
    apply: async (folder) =>
      editText(join(folder, "excerpt"), (text) =>
        text.replace(/\n([0-9]+)-/, (_, from: string) => `\n${Number(from) - 1}-`),
      ),
  },
  {
    name: "excerpt file made unreadable",
    touches: "excerpt file",
    on: "excerpt",
    expected: { ...invalid, finding: "excerpt.malformed" },
    apply: async (folder) => editText(join(folder, "excerpt"), (text) => text.replace("/v1", "/v9")),
  },
  {
    name: "bit of a picture in an excerpt flipped",
    touches: "body of a fragment",
    on: "excerpt",
    expected: { ...invalid, finding: "body.altered" },
    apply: async (folder) => {
      const [name = ""] = await readdir(join(folder, "packs"));
      await editFile(join(folder, "packs", name), flip(-50));
    },
  },
  {
    name: "trust file in the folder made unreadable, nobody holds another",
    touches: "trust file",
    on: "archive",
    expected: { result: "cannotTell", finding: "trust.malformed" },
    apply: async (folder) => {
      await editText(join(folder, "trust"), (text) => text.replace("log ", "lag "));
      return { trust: "own" };
    },
  },
];

/** Exchanges one base64 character in the nth signature line, `place` characters after the key id. */
function swapInLine(text: string, nth: number, place = 40): string {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.startsWith("— ")) + nth;
  const line = lines[at] ?? "";
  const from = line.lastIndexOf(" ") + 1 + 6 + place;
  lines[at] = `${line.slice(0, from)}${line[from] === "A" ? "B" : "A"}${line.slice(from + 1)}`;
  return lines.join("\n");
}

const FIELDS: readonly Row[] = [
  fieldRewritten("t", ({ t }) => ({ t: t - 3_600_000 })),
  fieldRewritten("dur", ({ dur }) => ({ dur: dur + 1 })),
  fieldRewritten("boot", () => ({ boot: "another-boot" })),
  fieldRewritten("mono", ({ mono }) => ({ mono: mono + 1 })),
  fieldRewritten("ntp", () => ({ ntp: "unknown" })),
  fieldRewritten("cam", ({ cam = 0 }) => ({ cam: cam + 1000 })),
  fieldRewritten("stream", () => ({ stream: "camera/cam-9/main" as Entry["stream"] })),
  fieldRewritten("type", () => ({ type: "chunk" })),
  fieldRewritten("n", ({ n }) => ({ n: n + 1 })),
  fieldRewritten("seq", ({ seq }) => ({ seq: (seq + 1) as Entry["seq"] })),
];

const GONE: readonly Row[] = [
  {
    name: "picture deleted",
    touches: "body of a fragment",
    on: "archive",
    expected: { ...missing, finding: "body.missing", at: atFragment },
    apply: async (folder, { at }) => dropBody(folder, at.fragment),
  },
  {
    name: "picture deleted out of the pack that came last",
    touches: "body of a fragment",
    on: "archive",
    expected: {
      gap: "a copy learns from the next pack which bodies it has to hold; until then it can only say that it awaits them",
    },
    apply: async (folder, { seenSize }) => dropBody(folder, await lastFragmentBelow(folder, seenSize)),
  },
  {
    name: "picture deleted without a trace in its pack",
    touches: "pack",
    on: "archive",
    expected: { ...missing, finding: "body.missing", at: atFragment },
    apply: async (folder, { at }) =>
      editPack(folder, at.fragment, (item) => (item.seq === at.fragment ? undefined : item)),
  },
  {
    name: "record deleted",
    touches: "body of a record",
    on: "archive",
    expected: { ...missing, finding: "body.missing", at: atIntake },
    apply: async (folder, { at }) => dropBody(folder, at.intake),
  },
  {
    name: "whole pack deleted",
    touches: "pack",
    on: "archive",
    expected: { ...missing, finding: "body.missing", at: atFragment },
    apply: async (folder, { at }) => remove((await packOf(folder, at.fragment)).path),
  },
  {
    name: "entry deleted",
    touches: "entry bundle",
    on: "archive",
    expected: { ...missing, finding: "entry.removed", at: atFragment },
    apply: async (folder, { at }) =>
      editEntries(folder, inBundle(at.fragment), (entries) => void entries.splice(at.fragment % 256, 1)),
  },
  {
    name: "bundle deleted",
    touches: "entry bundle",
    on: "archive",
    expected: { ...missing, finding: "entry.removed", at: atFragment },
    apply: async (folder) => remove(await tileIn(folder, "entries", 0)),
  },
  {
    name: "leaf tile deleted",
    touches: "tile of level 0",
    on: "archive",
    expected: { ...missing, finding: "tile.missing", at: () => 0 },
    apply: async (folder) => remove(await tileIn(folder, 0, 0)),
  },
  {
    name: "upper tile deleted",
    touches: "tile of level 1",
    on: "archive",
    expected: { ...missing, finding: "tile.missing", at: () => 0 },
    apply: async (folder) => remove(await tileIn(folder, 1, 0)),
  },
  {
    name: "partial tile cut short and renamed to fit",
    touches: "partial tile of level 0",
    on: "archive",
    expected: { ...missing, finding: "tile.missing", at: (made) => made.seenSize - 1 },
    apply: async (folder, { seenSize }) => {
      const path = await renameTile(await tileIn(folder, 0, 1), seenSize - 256 - 1);
      await editFile(path, (bytes) => bytes.subarray(0, -32));
    },
  },
  {
    name: "end of the log cut off",
    touches: "last bundle and tile",
    on: "archive",
    expected: { ...missing, finding: "log.truncated", at: () => 256 },
    apply: async (folder) => {
      await remove(await tileIn(folder, "entries", 1));
      await remove(await tileIn(folder, 0, 1));
    },
  },
  {
    name: "checkpoint deleted",
    touches: "checkpoint",
    on: "archive",
    expected: { result: "cannotTell", finding: "checkpoint.none" },
    apply: async (folder) => remove(join(folder, "checkpoint")),
  },
  {
    name: "every cosignature stripped, the trust file asks for one",
    touches: "cosignature line",
    on: "archive",
    expected: { result: "cannotTell", finding: "cosignature.belowQuorum" },
    apply: async (folder) => stripCosignatures(folder),
  },
  {
    name: "every cosignature stripped, the trust file asks for none",
    touches: "cosignature line",
    on: "archive",
    expected: { gap: "nobody says that there has to be one; a trust file with the archive as quorum does" },
    apply: async (folder) => {
      await stripCosignatures(folder);
      return { trust: "alone" };
    },
  },
  {
    name: "picture of an excerpt deleted",
    touches: "pack",
    on: "excerpt",
    expected: { ...missing, finding: "body.missing" },
    apply: async (folder) => remove(join(folder, "packs")),
  },
  {
    name: "bundle of an excerpt deleted",
    touches: "entry bundle",
    on: "excerpt",
    expected: { ...missing, finding: "entry.removed" },
    apply: async (folder) => remove(join(folder, "tile", "entries")),
  },
  {
    name: "tile on the way from an excerpt to the root deleted",
    touches: "tile of level 1",
    on: "excerpt",
    expected: { ...invalid, finding: "block.altered" },
    apply: async (folder) => remove(await tileIn(folder, 1, 0)),
  },
];

async function lastFragmentBelow(folder: string, size: number): Promise<number> {
  const items = await readItems(folder);
  return items.findLastIndex(
    ({ entry, body }, seq) => seq < size && entry.type === "fragment" && body !== undefined,
  );
}

async function stripCosignatures(folder: string): Promise<void> {
  await rm(join(folder, "cosigned"), { recursive: true });
  await editText(join(folder, "checkpoint"), (text) =>
    text
      .split("\n")
      .filter((line) => !line.startsWith("— archive"))
      .join("\n"),
  );
}

const MOVED: readonly Row[] = [
  {
    name: "two entries swapped",
    touches: "entry bundle",
    on: "archive",
    expected: { ...invalid, finding: "entry.reordered", at: atFragment },
    apply: async (folder, { at }) =>
      editEntries(folder, inBundle(at.fragment), (entries) =>
        swap(entries, at.fragment % 256, at.nextFragment % 256),
      ),
  },
  {
    name: "two pictures of one camera swapped with their copies of the entries",
    touches: "pack",
    on: "archive",
    expected: { ...invalid, finding: "body.otherEntry", at: atFragment },
    apply: async (folder, { at }) => {
      const { items } = await packOf(folder, at.fragment);
      const of = (seq: number) => items.find((item) => item.seq === seq);
      await editPack(folder, at.fragment, (item) =>
        item.seq === at.fragment
          ? of(at.nextFragment)
          : item.seq === at.nextFragment
            ? of(at.fragment)
            : item,
      );
    },
  },
  {
    name: "picture replaced by another of the same camera",
    touches: "body of a fragment",
    on: "archive",
    expected: { ...invalid, finding: "body.altered", at: atFragment },
    apply: async (folder, { at }) => {
      const { items } = await packOf(folder, at.fragment);
      const other = items.find((item) => item.seq === at.nextFragment);
      await editPack(folder, at.fragment, (item) =>
        item.seq === at.fragment ? { ...item, body: other?.body } : item,
      );
    },
  },
  {
    name: "record replaced by another intake's",
    touches: "body of a record",
    on: "archive",
    expected: { ...invalid, finding: "body.altered", at: atIntake },
    apply: async (folder, { at }) => {
      const { items } = await packOf(folder, at.intake);
      const other = items.find((item) => item.seq === at.person);
      await editPack(folder, at.intake, (item) =>
        item.seq === at.intake ? { ...item, body: other?.body } : item,
      );
    },
  },
  {
    name: "entry doubled, the last of the bundle pushed out",
    touches: "entry bundle",
    on: "archive",
    expected: { ...invalid, finding: "entry.inserted", at: atFragment },
    apply: async (folder, { at }) =>
      editEntries(folder, inBundle(at.fragment), (entries) => {
        const entry = decodeEntry(entries[at.fragment % 256] ?? new Uint8Array());
        entries.splice(at.fragment % 256, 0, encodeEntry({ ...entry, t: entry.t + 1 }));
        entries.pop();
      }),
  },
  {
    name: "entry taken out and the rest renumbered",
    touches: "entry bundle",
    on: "archive",
    expected: { ...invalid, finding: "entry.altered", at: atFragment },
    apply: async (folder, { at }) =>
      editEntries(folder, inBundle(at.fragment), (entries) => {
        entries.splice(at.fragment % 256, 1);
        for (let i = at.fragment % 256; i < entries.length; i++) {
          const entry = decodeEntry(entries[i] ?? new Uint8Array());
          entries[i] = encodeEntry({ ...entry, seq: (entry.seq - 1) as Entry["seq"] });
        }
      }),
  },
  {
    name: "entry added after the signed ones",
    touches: "partial bundle and tile",
    on: "archive",
    expected: { result: "cannotTell", finding: "log.unsigned", at: (made) => made.seenSize },
    apply: async (folder, { seenSize }) => appendUnsigned(folder, seenSize, {}),
  },
  {
    name: "entry changed together with its leaf hash",
    touches: "entry bundle and tile",
    on: "archive",
    expected: { ...invalid, finding: "block.altered", at: () => 0 },
    apply: async (folder, { at }) => {
      let forged = new Uint8Array();
      await editEntries(folder, 0, (entries) => {
        const entry = decodeEntry(entries[at.fragment] ?? new Uint8Array());
        forged = new Uint8Array(encodeEntry({ ...entry, t: entry.t - 60_000 }));
        entries[at.fragment] = forged;
      });
      await editFile(await tileIn(folder, 0, 0), (tile) =>
        tile.set(leafHash(nodeSha256, forged), at.fragment * 32),
      );
    },
  },
  {
    name: "picture and a forged erase entry that nobody signed",
    touches: "body, partial bundle and tile",
    on: "archive",
    expected: { ...missing, finding: "body.missing", at: atFragment },
    apply: async (folder, { at, seenSize }) => {
      await appendUnsigned(folder, seenSize, { type: "erase", stream: "retention" as Entry["stream"], n: 2 });
      await dropBody(folder, at.fragment);
    },
  },
];

function swap(entries: Uint8Array[], a: number, b: number): void {
  const [first, second] = [entries[a], entries[b]];
  if (first === undefined || second === undefined) throw new RangeError("no such entry");
  [entries[a], entries[b]] = [second, first];
}

/** Appends one more entry with its leaf hash, as a gateway's next one would look. */
async function appendUnsigned(folder: string, size: number, fields: Partial<Entry>): Promise<void> {
  let bytes = new Uint8Array();
  await editEntries(folder, inBundle(size), (entries) => {
    const last = decodeEntry(entries.at(-1) ?? new Uint8Array());
    bytes = new Uint8Array(encodeEntry({ ...last, seq: size as Entry["seq"], n: last.n + 1, ...fields }));
    entries.push(bytes);
  });
  await renameTile(await tileIn(folder, "entries", inBundle(size)), (size % 256) + 1);
  const tile = await renameTile(await tileIn(folder, 0, inBundle(size)), (size % 256) + 1);
  await editFile(tile, (hashes) => Buffer.concat([hashes, leafHash(nodeSha256, bytes)]));
}

const TORN: readonly Row[] = [
  {
    name: "bundle torn",
    touches: "entry bundle",
    on: "archive",
    expected: { ...invalid, finding: "source.malformed" },
    apply: async (folder) => editFile(await tileIn(folder, "entries", 0), (bytes) => bytes.subarray(0, -9)),
  },
  {
    name: "tile torn",
    touches: "tile of level 0",
    on: "archive",
    expected: { ...invalid, finding: "source.malformed" },
    apply: async (folder) => editFile(await tileIn(folder, 0, 0), (bytes) => bytes.subarray(0, -9)),
  },
  {
    name: "pack torn",
    touches: "pack",
    on: "archive",
    expected: { ...invalid, finding: "source.malformed" },
    apply: async (folder, { at }) =>
      editFile((await packOf(folder, at.fragment)).path, (bytes) => bytes.subarray(0, -9)),
  },
  {
    name: "bytes added to a pack",
    touches: "pack",
    on: "archive",
    expected: { ...invalid, finding: "source.malformed" },
    apply: async (folder, { at }) =>
      editFile((await packOf(folder, at.fragment)).path, (bytes) => Buffer.concat([bytes, Buffer.from("x")])),
  },
  {
    name: "checkpoint torn",
    touches: "checkpoint",
    on: "archive",
    expected: { ...invalid, finding: "checkpoint.malformed" },
    apply: async (folder) => editFile(join(folder, "checkpoint"), (bytes) => bytes.subarray(0, 40)),
  },
];

const MIXED: readonly Row[] = [
  {
    name: "last year's log under this year's name",
    touches: "whole log",
    on: "archive",
    expected: { ...invalid, finding: "log.misplaced" },
    apply: async (folder, { archiveOld }) =>
      replaceBy(folder, archiveOld, ["tile", "packs", "cosigned", "checkpoint"]),
  },
  {
    name: "entries of last year's log in place of this year's, the leaf tile deleted",
    touches: "bundle and tile",
    on: "archive",
    expected: { ...invalid, finding: "log.rootDiffers" },
    apply: async (folder, { archiveOld }) => {
      const old = decodeBundle(await readFile(await tileIn(archiveOld, "entries", 0)));
      await editEntries(folder, 0, (entries) => void entries.splice(0, old.length, ...old));
      await remove(await tileIn(folder, 0, 0));
    },
  },
  {
    name: "co-signed note of last year's log",
    touches: "cosigned note",
    on: "archive",
    expected: { ...invalid, finding: "checkpoint.otherLog" },
    apply: async (folder, { archiveOld }) =>
      writeFile(join(folder, "cosigned", "57"), await readFile(join(archiveOld, "checkpoint"))),
  },
  {
    name: "pack of last year's log in place of the own one",
    touches: "pack",
    on: "archive",
    expected: { ...invalid, finding: "source.malformed" },
    apply: async (folder, { at, archiveOld }) =>
      writeFile(
        (await packOf(folder, at.fragment)).path,
        await readFile((await packOf(archiveOld, 10)).path),
      ),
  },
];

async function replaceBy(folder: string, other: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await rm(join(folder, name), { recursive: true });
    await cp(join(other, name), join(folder, name), { recursive: true });
  }
}

export const STORED_THINGS: readonly Mutation[] = rows([
  ...FLIPS,
  ...FIELDS,
  ...GONE,
  ...MOVED,
  ...TORN,
  ...MIXED,
]);
