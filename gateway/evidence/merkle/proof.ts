/**
 * Makes inclusion and consistency proofs of RFC 6962 (2.1.1, 2.1.2) from stored tile hashes.
 * Invariant: reads O(log size) ranges, each within one tile; never walks the leaves of a large tree.
 */
import type { Sha256 } from "../suite.ts";
import { TILE_HEIGHT } from "./frontier.ts";
import { nodeHash } from "./hash.ts";

/** Tile hashes `start` to `start + count - 1` of a tile level, all of them; rejects when one is not there. */
export type ReadTileHashes = (level: number, start: number, count: number) => Promise<readonly Uint8Array[]>;

export interface ProofSource {
  readonly sha256: Sha256;
  readonly read: ReadTileHashes;
}

/** The largest power of two below `size`, for size > 1. */
function split(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

async function completeNode(source: ProofSource, level: number, index: number): Promise<Uint8Array> {
  const above = level % TILE_HEIGHT;
  const count = 2 ** above;
  let hashes = await source.read((level - above) / TILE_HEIGHT, index * count, count);
  if (hashes.length !== count) throw new RangeError("a tile hash is missing");
  while (hashes.length > 1) {
    const parents: Uint8Array[] = [];
    for (let i = 0; i < hashes.length; i += 2) {
      const [left, right] = [hashes[i], hashes[i + 1]];
      if (left === undefined || right === undefined) throw new RangeError("a tile hash is missing");
      parents.push(nodeHash(source.sha256, left, right));
    }
    hashes = parents;
  }
  const [root] = hashes;
  if (root === undefined) throw new RangeError("a tile hash is missing");
  return root;
}

/** Merkle tree hash of the leaves `from` to `to - 1`, where `from` is aligned as RFC 6962 splits. */
async function rangeHash(source: ProofSource, from: number, to: number): Promise<Uint8Array> {
  const size = to - from;
  const level = Math.log2(size);
  if (Number.isInteger(level)) return completeNode(source, level, from / size);
  const k = split(size);
  const left = await rangeHash(source, from, from + k);
  return nodeHash(source.sha256, left, await rangeHash(source, from + k, to));
}

/** Root of the first `size` leaves, for size >= 1. */
export async function treeRoot(source: ProofSource, size: number): Promise<Uint8Array> {
  return rangeHash(source, 0, size);
}

/** PATH(index, D[size]), leaf side first. Throws RangeError unless `0 <= index < size`. */
export async function inclusionProof(
  source: ProofSource,
  index: number,
  size: number,
): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    throw new RangeError("a proof needs an index inside the tree");
  const proof: Uint8Array[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (index < middle) {
      proof.unshift(await rangeHash(source, middle, to));
      to = middle;
    } else {
      proof.unshift(await rangeHash(source, from, middle));
      from = middle;
    }
  }
  return proof;
}

/** PROOF(oldSize, D[newSize]); empty for the same size and for size 0. Throws RangeError on other sizes. */
export async function consistencyProof(
  source: ProofSource,
  oldSize: number,
  newSize: number,
): Promise<Uint8Array[]> {
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize) || oldSize < 0 || oldSize > newSize)
    throw new RangeError("a proof needs an old size within the new one");
  const proof: Uint8Array[] = [];
  if (oldSize === 0) return proof;
  let [from, to] = [0, newSize];
  while (oldSize !== to) {
    const middle = from + split(to - from);
    if (oldSize <= middle) {
      proof.unshift(await rangeHash(source, middle, to));
      to = middle;
    } else {
      proof.unshift(await rangeHash(source, from, middle));
      from = middle;
    }
  }
  if (from !== 0) proof.unshift(await rangeHash(source, from, to));
  return proof;
}
