/**
 * Builds the tree once as the entries lie and once as the tiles say, and holds both against every signed head.
 * Invariant: a head counts as kept only if its exact root came out at its exact size.
 */
import { equalBytes } from "../bytes.ts";
import type { Checkpoint } from "../checkpoint.ts";
import { Frontier, type TileHash } from "../merkle/frontier.ts";
import type { Sha256 } from "../suite.ts";
import type { ResolvedPlace } from "./places.ts";

export type HeadState = "kept" | "differs" | "notReached";

export interface HeadResult {
  readonly head: Checkpoint;
  /** By the tree that takes the tiles' word where an entry differs. */
  readonly byTiles: HeadState;
  /** By the tree that takes the entries as they lie. */
  readonly byEntries: HeadState;
}

/** A tile hash of level 1 or above, by both trees. */
export interface UpperHash {
  readonly byTiles: TileHash;
  readonly byEntries: TileHash;
}

const NONE: readonly UpperHash[] = [];

export class TreeCheck {
  readonly #sha256: Sha256;
  readonly #byTiles: Frontier;
  /** Made at the first difference: until then both trees are one. */
  #byEntries: Frontier | undefined;
  readonly #heads: readonly Checkpoint[];
  readonly #results: HeadResult[] = [];

  /** `heads` ascending by size. */
  constructor(sha256: Sha256, heads: readonly Checkpoint[]) {
    this.#sha256 = sha256;
    this.#heads = heads;
    this.#byTiles = new Frontier(sha256);
    this.#compare();
  }

  get size(): number {
    return this.#byTiles.size;
  }

  /**
   * Appends a place. Returns the upper tile hashes (level 1 and above) that it completes, each with the hash by
   * both trees; undefined when nothing is known of the place, after which no head above can be reached.
   */
  append(place: ResolvedPlace): readonly UpperHash[] | undefined {
    const tileLeaf = place.tileHash ?? place.leaf ?? place.genuineLeaf;
    const entryLeaf = place.leaf ?? place.genuineLeaf ?? place.tileHash;
    if (tileLeaf === undefined || entryLeaf === undefined) return undefined;
    if (this.#byEntries === undefined && place.state !== "intact" && !equalBytes(tileLeaf, entryLeaf))
      this.#byEntries = new Frontier(this.#sha256, this.#byTiles.encode());
    const byTiles = this.#byTiles.append(tileLeaf);
    const byEntries = this.#byEntries?.append(entryLeaf) ?? byTiles;
    this.#compare();
    // Only every 256th leaf completes more than itself.
    if (byTiles.length === 1) return NONE;
    const upper = byTiles.slice(1);
    const upperByEntries = byEntries.slice(1);
    return upper.map((hash, i) => ({ byTiles: hash, byEntries: upperByEntries[i] ?? hash }));
  }

  /** One result per head, in their order. */
  results(): readonly HeadResult[] {
    const rest = this.#heads.slice(this.#results.length);
    return [
      ...this.#results,
      ...rest.map((head): HeadResult => ({ head, byTiles: "notReached", byEntries: "notReached" })),
    ];
  }

  #compare(): void {
    for (;;) {
      const head = this.#heads[this.#results.length];
      if (head?.size !== this.size) return;
      const state = (root: Uint8Array): HeadState => (equalBytes(root, head.root) ? "kept" : "differs");
      const byTiles = state(this.#byTiles.root());
      const byEntries = this.#byEntries === undefined ? byTiles : state(this.#byEntries.root());
      this.#results.push({ head, byTiles, byEntries });
    }
  }
}
