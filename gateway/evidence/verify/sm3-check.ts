/**
 * The national suite's half of a log: every entry carries the SM3 of its body or none does, and the SM3 root of the
 * entries is the one that the SM2 lines carry. Invariant: entry 0 says of which suite the log is.
 */
import { equalBytes } from "../bytes.ts";
import type { Entry } from "../entry.ts";
import { Frontier } from "../merkle/frontier.ts";
import { leafHash } from "../merkle/hash.ts";
import type { Sm3 } from "../suite.ts";
import { foundEntry } from "./finding.ts";
import type { FindingList } from "./finding-list.ts";
import type { TreeHead } from "./heads.ts";

export class Sm3Check {
  readonly #sm3: Sm3 | undefined;
  readonly #tree: Frontier | undefined;
  readonly #heads: readonly TreeHead[];
  readonly #findings: FindingList;
  readonly #label: string;
  #isNational: boolean | undefined;
  #next = 0;
  #size = 0;

  constructor(options: {
    readonly sm3: Sm3 | undefined;
    /** Ascending by size. */
    readonly heads: readonly TreeHead[];
    readonly findings: FindingList;
    readonly label: string;
  }) {
    const { sm3, heads, findings, label } = options;
    this.#heads = heads.filter(({ sm3Root }) => sm3Root !== undefined);
    this.#tree = sm3 === undefined || this.#heads.length === 0 ? undefined : new Frontier(sm3);
    this.#sm3 = sm3;
    this.#findings = findings;
    this.#label = label;
  }

  /** To be called for every place in order; `entry` and its bytes where they are known to be genuine. */
  take(index: number, entry: Entry | undefined, bytes: Uint8Array | undefined): void {
    if (index === 0 && entry !== undefined) this.#isNational = entry.sm3 !== undefined;
    if (
      entry !== undefined &&
      this.#isNational !== undefined &&
      (entry.sm3 !== undefined) !== this.#isNational
    )
      this.#findings.add("entry.otherSuite", this.#label, { ...foundEntry(entry), seq: index });
    // A hole ends the tree; the first pass has named it.
    if (this.#tree === undefined || this.#sm3 === undefined || bytes === undefined || index !== this.#size)
      return;
    this.#tree.append(leafHash(this.#sm3, bytes));
    this.#size++;
    for (let head = this.#heads[this.#next]; head?.size === this.#size; head = this.#heads[++this.#next])
      if (head.sm3Root !== undefined && !equalBytes(this.#tree.root(), head.sm3Root))
        this.#findings.add("log.sm3RootDiffers", this.#label, undefined, `tree of size ${head.size}`);
  }

  /** A log whose entries are of the suite and whose notes have no line of it. */
  finish(own: TreeHead | undefined): void {
    if (this.#isNational === true && own !== undefined && own.sm3Root === undefined && own.ownLines < 2)
      this.#findings.add("checkpoint.stripped", this.#label, undefined, `size ${own.size}`);
  }
}
