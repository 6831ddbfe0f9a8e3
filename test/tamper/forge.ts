/**
 * What somebody does who holds the disk and the signer's key: takes the log apart, changes it and signs the whole
 * anew, tiles, packs and checkpoint included. Invariant: what comes out is consistent in itself, so that only
 * somebody else's memory of the log can contradict it.
 */
import { type KeyObject, createHash } from "node:crypto";
import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Seq, sha256Hex } from "../../gateway/domain/ids.ts";
import { concatBytes, toHex } from "../../gateway/evidence/bytes.ts";
import { formatCheckpoint, parseCheckpoint } from "../../gateway/evidence/checkpoint.ts";
import { type Entry, decodeEntry, encodeEntry } from "../../gateway/evidence/entry.ts";
import { CHECKPOINT_PATH, packPath, treeFiles } from "../../gateway/evidence/folder.ts";
import { Frontier } from "../../gateway/evidence/merkle/frontier.ts";
import { leafHash } from "../../gateway/evidence/merkle/hash.ts";
import { formatNote, parseNote } from "../../gateway/evidence/note.ts";
import { encodeFrame, encodePackHeader } from "../../gateway/evidence/pack.ts";
import { readPack } from "../../gateway/evidence/read-pack.ts";
import { decodeBundle, parseTilePath } from "../../gateway/evidence/tiles.ts";
import { type VerifierKey, signNote } from "../../gateway/evidence/verifier-key.ts";
import { nodeSha256, nodeSign } from "../../gateway/signer/ed25519.ts";
import { put } from "./evidence-folder-of.ts";

export interface SigningKey {
  readonly vkey: VerifierKey;
  /** The same key under the name of last year's log. */
  readonly oldVkey: VerifierKey;
  readonly privateKey: KeyObject;
}

export interface Item {
  readonly entry: Entry;
  readonly body: Uint8Array | undefined;
}

/** Every entry of an evidence folder, with its body where one is here. */
export async function readItems(folder: string): Promise<Item[]> {
  const bundles = new Map<number, Uint8Array[]>();
  for (const name of await readdir(join(folder, "tile"), { recursive: true })) {
    const tile = parseTilePath(`tile/${name}`);
    if (tile?.level === "entries")
      bundles.set(tile.index, decodeBundle(await readFile(join(folder, "tile", name))));
  }
  const entries = [...bundles].sort(([a], [b]) => a - b).flatMap(([, bundle]) => bundle);
  const bodies = new Map<number, Uint8Array>();
  for (const name of await readdir(join(folder, "packs"))) {
    const bytes = await readFile(join(folder, "packs", name));
    const { items } = await readPack(chunks(bytes));
    for await (const { seq, body } of items) if (body !== undefined) bodies.set(seq, body.slice());
  }
  return entries.map((bytes, seq) => ({ entry: decodeEntry(bytes), body: bodies.get(seq) }));
}

/** The item with other fields or another body; length and digest follow the body. */
export function changed(item: Item, fields: Partial<Entry>, body = item.body): Item {
  const own =
    body === undefined || body === item.body
      ? {}
      : { len: body.length, sha256: sha256Hex(toHex(nodeSha256(body))) };
  return { entry: { ...item.entry, ...own, ...fields }, body };
}

/** Numbers everything anew, so that no hole is left where something was taken out. */
export function renumbered(items: readonly Item[]): Item[] {
  const counters = new Map<string, number>();
  return items.map((item, seq) => {
    const n = counters.get(item.entry.stream) ?? 0;
    counters.set(item.entry.stream, n + 1);
    return changed(item, { seq: seq as Seq, n });
  });
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export interface ForgeOptions {
  readonly folder: string;
  readonly key: SigningKey;
  readonly edit: (items: Item[]) => Item[];
  /** Cosignatures that contradict the forged log give it away; a forger removes them. */
  readonly keepCosigned?: boolean;
}

/** Rewrites the evidence folder. */
export async function forge({ folder, key, edit, keepCosigned = false }: ForgeOptions): Promise<void> {
  const items = edit(await readItems(folder));
  const { origin } = parseCheckpoint(parseNote(await readFile(join(folder, CHECKPOINT_PATH), "utf8")).text);
  for (const name of ["tile", "packs", ...(keepCosigned ? [] : ["cosigned"])])
    await rm(join(folder, name), { recursive: true, force: true });
  const entries = items.map(({ entry }) => encodeEntry(entry));
  const frontier = new Frontier(nodeSha256);
  const hashes = new Map<string, Uint8Array>();
  for (const bytes of entries)
    for (const { level, index, hash } of frontier.append(leafHash(nodeSha256, bytes)))
      hashes.set(`${level}/${index}`, hash);
  const reads = {
    tileHashes: async (level: number, start: number, count: number) =>
      Array.from({ length: count }, (_, i) => hashes.get(`${level}/${start + i}`) ?? new Uint8Array(32)),
    entries: async (start: number, count: number) => entries.slice(start, start + count),
  };
  for await (const { path, bytes } of treeFiles(reads, 0, items.length)) await put(folder, path, bytes);
  await writePack(folder, origin, items);
  const text = formatCheckpoint({ origin, size: items.length, root: frontier.root() });
  const vkey = origin === key.oldVkey.name ? key.oldVkey : key.vkey;
  await put(folder, CHECKPOINT_PATH, formatNote(await signNote(text, vkey, nodeSign(key.privateKey))));
}

/** One pack with every body. */
async function writePack(folder: string, origin: string, items: readonly Item[]): Promise<void> {
  const frames = items.flatMap(({ entry, body }) => [
    ...encodeFrame({ entryBytes: encodeEntry(entry), body }),
  ]);
  const bytes = concatBytes([encodePackHeader({ origin, ranges: [[0, items.length]] }), ...frames]);
  await put(folder, packPath(sha256Hex(createHash("sha256").update(bytes).digest("hex"))), bytes);
}
