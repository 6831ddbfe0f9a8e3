/**
 * The second tree of a log of the suite `sm2-sm3`: the same leaves, hashed with SM3. Invariant: it grows in the batch
 * that writes the entries and has their size, so both trees are one log.
 */
import { Frontier } from "../evidence/merkle/frontier.ts";
import { leafHash } from "../evidence/merkle/hash.ts";
import type { ProofSource } from "../evidence/merkle/proof.ts";
import type { Database, Write } from "./database.ts";
import { put } from "./database.ts";
import { SM3_FRONTIER_KEY, sm3HashKey } from "./keys.ts";
import { sm3 } from "./sm3.ts";

export class Sm3Tree implements ProofSource {
  /** The tree's own hash: proofs are made the same way whatever it is. */
  readonly sha256 = sm3;
  readonly #database: Database;
  #frontier: Frontier;

  constructor(database: Database, encoded?: Uint8Array) {
    this.#database = database;
    this.#frontier = new Frontier(sm3, encoded);
  }

  root(): Uint8Array {
    return this.#frontier.root();
  }

  /** What the entries add, to be written with them; `kept` is called once that is durable. */
  grow(entries: readonly Uint8Array[]): { readonly writes: readonly Write[]; readonly kept: () => void } {
    const frontier = new Frontier(sm3, this.#frontier.encode());
    const writes: Write[] = [];
    for (const bytes of entries)
      for (const { level, index, hash } of frontier.append(leafHash(sm3, bytes)))
        writes.push(put(sm3HashKey(level, index), hash));
    writes.push(put(SM3_FRONTIER_KEY, frontier.encode()));
    return {
      writes,
      kept: () => {
        this.#frontier = frontier;
      },
    };
  }

  async read(level: number, start: number, count: number): Promise<readonly Uint8Array[]> {
    const keys = Array.from({ length: count }, (_, i) => sm3HashKey(level, start + i));
    return (await this.#database.getMany(keys)).map((hash) => {
      if (hash === undefined) throw new RangeError("a hash of the SM3 tree is missing");
      return hash;
    });
  }
}
