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
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from "../../gateway/evidence/checkpoint.ts";
import { type Entry, decodeEntry, encodeEntry } from "../../gateway/evidence/entry.ts";
import { CHECKPOINT_PATH, packPath, treeFiles } from "../../gateway/evidence/folder.ts";
import { Frontier } from "../../gateway/evidence/merkle/frontier.ts";
import { leafHash } from "../../gateway/evidence/merkle/hash.ts";
import { type ProofSource, consistencyProof } from "../../gateway/evidence/merkle/proof.ts";
import { nationalLine } from "../../gateway/evidence/national.ts";
import { type NoteSignature, formatNote, parseNote } from "../../gateway/evidence/note.ts";
import { encodeFrame, encodePackHeader } from "../../gateway/evidence/pack.ts";
import { readPack } from "../../gateway/evidence/read-pack.ts";
import { decodeBundle, parseTilePath } from "../../gateway/evidence/tiles.ts";
import type { Sha256, Sm3 } from "../../gateway/evidence/suite.ts";
import { NOTE_SM2, type VerifierKey, signNote } from "../../gateway/evidence/verifier-key.ts";
import { nodeSha256, nodeSign } from "../../gateway/signer/ed25519.ts";
import { nodeSm3, sm2Signer } from "../../gateway/signer/sm2.ts";
import { put } from "./evidence-folder-of.ts";

export interface SigningKey {
  readonly vkey: VerifierKey;
  /** The same key under the name of last year's log. */
  readonly oldVkey: VerifierKey;
  readonly privateKey: KeyObject;
}

/** A private key as a thief has it, of either kind. */
export interface HeldKey {
  readonly key: VerifierKey;
  readonly privateKey: KeyObject;
}

/** The note that these keys sign together. */
export async function noteBy(
  tree: Checkpoint & { readonly sm3Root: Uint8Array },
  keys: readonly HeldKey[],
): Promise<string> {
  const text = formatCheckpoint(tree);
  const signatures: NoteSignature[] = [];
  for (const { key, privateKey } of keys)
    if (key.type === NOTE_SM2) {
      const { sm3Root } = tree;
      signatures.push(nationalLine({ checkpointText: text, sm3Root, key, sign: sm2Signer(privateKey) }));
    } else signatures.push(...(await signNote(text, key, nodeSign(privateKey))).signatures);
  return formatNote({ text, signatures });
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
  if (body === undefined || body === item.body) return { entry: { ...item.entry, ...fields }, body };
  const { sm3 } = item.entry;
  const national = sm3 === undefined ? {} : { sm3: toHex(nodeSm3(body)) };
  const own = { len: body.length, sha256: sha256Hex(toHex(nodeSha256(body))), ...national };
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
  const tree = await rewrite(folder, edit(await readItems(folder)), keepCosigned);
  const vkey = tree.origin === key.oldVkey.name ? key.oldVkey : key.vkey;
  const note = await signNote(formatCheckpoint(tree), vkey, nodeSign(key.privateKey));
  await put(folder, CHECKPOINT_PATH, formatNote(note));
}

export interface RewrittenTree extends Checkpoint {
  /** Of the same entries, hashed with SM3. */
  readonly sm3Root: Uint8Array;
  /** Proofs from an older tree of this log to this one. */
  proofFrom(size: number): Promise<readonly Uint8Array[]>;
  sm3ProofFrom(size: number): Promise<readonly Uint8Array[]>;
}

/** Writes entries, tiles and one pack anew. The checkpoint stays the one of before: this needs no key. */
export async function rewrite(
  folder: string,
  items: readonly Item[],
  keepCosigned = false,
): Promise<RewrittenTree> {
  const { origin } = parseCheckpoint(parseNote(await readFile(join(folder, CHECKPOINT_PATH), "utf8")).text);
  for (const name of ["tile", "packs", ...(keepCosigned ? [] : ["cosigned"])])
    await rm(join(folder, name), { recursive: true, force: true });
  const entries = items.map(({ entry }) => encodeEntry(entry));
  const [tree, national] = [grow(nodeSha256, entries), grow(nodeSm3, entries)];
  const reads = {
    tileHashes: tree.read,
    entries: async (start: number, count: number) => entries.slice(start, start + count),
  };
  for await (const { path, bytes } of treeFiles(reads, 0, items.length)) await put(folder, path, bytes);
  await writePack(folder, origin, items);
  return {
    origin,
    size: items.length,
    root: tree.root,
    sm3Root: national.root,
    proofFrom: (size) => consistencyProof(tree, size, items.length),
    sm3ProofFrom: (size) => consistencyProof(national, size, items.length),
  };
}

/** The tree of the first entries as they lie. */
export async function treeOfItems(
  folder: string,
  size: number,
): Promise<Checkpoint & { readonly sm3Root: Uint8Array }> {
  const entries = (await readItems(folder)).slice(0, size).map(({ entry }) => encodeEntry(entry));
  const { origin } = parseCheckpoint(parseNote(await readFile(join(folder, CHECKPOINT_PATH), "utf8")).text);
  return { origin, size, root: grow(nodeSha256, entries).root, sm3Root: grow(nodeSm3, entries).root };
}

/** The tree of these entries by one of the two digests. */
function grow(
  sha256: Sha256 | Sm3,
  entries: readonly Uint8Array[],
): ProofSource & { readonly root: Uint8Array } {
  const frontier = new Frontier(sha256);
  const hashes = new Map<string, Uint8Array>();
  for (const bytes of entries)
    for (const { level, index, hash } of frontier.append(leafHash(sha256, bytes)))
      hashes.set(`${level}/${index}`, hash);
  const read: ProofSource["read"] = async (level, start, count) =>
    Array.from({ length: count }, (_, i) => hashes.get(`${level}/${start + i}`) ?? new Uint8Array(32));
  return { sha256, read, root: frontier.root() };
}

/** One pack with every body. */
async function writePack(folder: string, origin: string, items: readonly Item[]): Promise<void> {
  const frames = items.flatMap(({ entry, body }) => [
    ...encodeFrame({ entryBytes: encodeEntry(entry), body }),
  ]);
  const bytes = concatBytes([encodePackHeader({ origin, ranges: [[0, items.length]] }), ...frames]);
  await put(folder, packPath(sha256Hex(createHash("sha256").update(bytes).digest("hex"))), bytes);
}
