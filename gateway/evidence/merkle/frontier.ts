/**
 * The frontier: the complete subtrees on the right edge of an RFC 6962 tree, enough to append and to give the
 * root. Invariant: `size` leaves have exactly popcount(size) peaks, so the stored form has one length per size.
 */
import { HASH_BYTES, type Sha256 } from "../suite.ts";
import { emptyRoot, nodeHash } from "./hash.ts";

/** Levels of the tree in one tile (C2SP tlog-tiles): a tile is 2^8 hashes wide. */
export const TILE_HEIGHT = 8;

/**
 * A hash that a tile holds: `level` is the tile level L of tlog-tiles (tree level 8·L; 0 = leaf hashes),
 * `index` counts the hashes of that level. Keep each under (level, index) and any tile or proof can be made.
 */
export interface TileHash {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

const SIZE_BYTES = 8;

export class Frontier {
  readonly #sha256: Sha256;
  readonly #peaks: (Uint8Array | undefined)[] = [];
  #size = 0;

  /** An empty tree, or the one that `encoded` holds (from `encode`). Throws RangeError when it is malformed. */
  constructor(sha256: Sha256, encoded?: Uint8Array) {
    this.#sha256 = sha256;
    if (encoded !== undefined) this.#restore(encoded);
  }

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** Appends a leaf hash (see leafHash) and returns the tile hashes that it completes, the leaf's own first. */
  append(leaf: Uint8Array): readonly TileHash[] {
    if (leaf.length !== HASH_BYTES) throw new RangeError("a leaf hash is 32 bytes");
    const completed: TileHash[] = [{ level: 0, index: this.#size, hash: leaf }];
    let hash = leaf;
    let level = 0;
    let index = this.#size;
    for (; index % 2 === 1; index = (index - 1) / 2) {
      const left = this.#peaks[level];
      if (left === undefined) throw new RangeError("a frontier lost a peak");
      this.#peaks[level] = undefined;
      hash = nodeHash(this.#sha256, left, hash);
      level++;
      if (level % TILE_HEIGHT === 0)
        completed.push({ level: level / TILE_HEIGHT, index: (index - 1) / 2, hash });
    }
    this.#peaks[level] = hash;
    this.#size++;
    return completed;
  }

  /** RFC 6962 root of the tree as it is now. */
  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (const peak of this.#peaks) {
      if (peak === undefined) continue;
      root = root === undefined ? peak : nodeHash(this.#sha256, peak, root);
    }
    return root ?? emptyRoot(this.#sha256);
  }

  /** `u64 size ‖ peaks`, the largest subtree first; for storage. */
  encode(): Uint8Array<ArrayBuffer> {
    const peaks = this.#peaks.filter((peak) => peak !== undefined).reverse();
    const out = new Uint8Array(SIZE_BYTES + peaks.length * HASH_BYTES);
    new DataView(out.buffer).setBigUint64(0, BigInt(this.#size));
    peaks.forEach((peak, i) => out.set(peak, SIZE_BYTES + i * HASH_BYTES));
    return out;
  }

  #restore(encoded: Uint8Array): void {
    if (encoded.length < SIZE_BYTES) throw new RangeError("a frontier is shorter than its head");
    const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
    const size = Number(view.getBigUint64(0));
    if (!Number.isSafeInteger(size)) throw new RangeError("a frontier is too large");
    let at = encoded.length;
    for (let level = 0, rest = size; rest > 0; level++, rest = Math.floor(rest / 2)) {
      if (rest % 2 === 0) continue;
      at -= HASH_BYTES;
      if (at < SIZE_BYTES) throw new RangeError("a frontier has too few peaks");
      this.#peaks[level] = encoded.slice(at, at + HASH_BYTES);
    }
    if (at !== SIZE_BYTES) throw new RangeError("a frontier has too many peaks");
    this.#size = size;
  }
}
