/**
 * Judges an excerpt: every entry that is here is proven to be in the signed tree, every body that is promised is
 * held against its entry. Invariant: nothing is said of what is not here, and nothing here counts unproven.
 */
import { equalBytes } from "../bytes.ts";
import type { Checkpoint } from "../checkpoint.ts";
import { type Entry, decodeEntry } from "../entry.ts";
import { type Excerpt, parseExcerpt } from "../excerpt.ts";
import { checkInclusion } from "../merkle/check-proof.ts";
import { leafHash } from "../merkle/hash.ts";
import { type ReadTileHashes, inclusionProof } from "../merkle/proof.ts";
import { countRanges, rangesHold } from "../ranges.ts";
import type { Sha256, Sm3 } from "../suite.ts";
import { TILE_WIDTH } from "../tiles.ts";
import { type BodyPassResult, checkBody } from "./body-pass.ts";
import { foundEntry } from "./finding.ts";
import type { FindingList } from "./finding-list.ts";
import { LawfulAbsences } from "./lawful-absences.ts";
import type { HeldExcerpt, LogEvidence } from "./source.ts";
import { StreamOrder } from "./stream-order.ts";

export interface ExcerptPassOptions {
  readonly log: LogEvidence;
  readonly held: HeldExcerpt;
  readonly sha256: Sha256;
  readonly sm3: Sm3 | undefined;
  /** The log's own checkpoint. */
  readonly own: Checkpoint | undefined;
  /** False: entries, tree and signatures only. */
  readonly bodies: boolean;
  readonly findings: FindingList;
  readonly onProgress?: (place: number) => void;
}

export interface ExcerptPassResult extends BodyPassResult {
  /** Entries that are here and proven. */
  readonly entries: number;
}

export async function excerptPass(options: ExcerptPassOptions): Promise<ExcerptPassResult> {
  const { log, held, own, findings } = options;
  const excerpt = readExcerpt(options);
  if (excerpt === undefined || own === undefined) return { entries: 0, bodies: 0, bodyBytes: 0 };
  const pass = new ExcerptPass(options, excerpt, own);
  for (const index of held.bundles.toSorted((a, b) => a - b)) await pass.bundle(index);
  const lost = countRanges(excerpt.ranges) - pass.promised;
  if (lost > 0)
    findings.add("entry.removed", log.label, undefined, `${lost} entries that the excerpt promises`);
  return pass.result;
}

function readExcerpt({ log, held, own, findings }: ExcerptPassOptions): Excerpt | undefined {
  try {
    const excerpt = parseExcerpt(held.text);
    if (own !== undefined && excerpt.origin !== own.origin)
      throw new RangeError("it is an excerpt of another log");
    return excerpt;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.add("excerpt.malformed", log.label, undefined, error.message);
    return undefined;
  }
}

class ExcerptPass {
  /** How many of the promised entries were met with. */
  promised = 0;
  readonly #options: ExcerptPassOptions;
  readonly #excerpt: Excerpt;
  readonly #own: Checkpoint;
  /** Streams are followed as long as bundle follows bundle. */
  #order: StreamOrder;
  #next = 0;
  #entries = 0;
  #bodies = 0;
  #bodyBytes = 0;

  constructor(options: ExcerptPassOptions, excerpt: Excerpt, own: Checkpoint) {
    this.#options = options;
    this.#excerpt = excerpt;
    this.#own = own;
    this.#order = new StreamOrder(options.findings, options.log.label, "anywhere");
  }

  get result(): ExcerptPassResult {
    return { entries: this.#entries, bodies: this.#bodies, bodyBytes: this.#bodyBytes };
  }

  async bundle(index: number): Promise<void> {
    const { log, findings } = this.#options;
    const start = index * TILE_WIDTH;
    const width = Math.min(TILE_WIDTH, this.#own.size - start);
    if (width <= 0) return;
    if (index !== this.#next) this.#order = new StreamOrder(findings, log.label, "anywhere");
    this.#next = index + 1;
    const entries = await this.#read(start, width);
    for (const [i, bytes] of (await this.#proven(start, entries)).entries()) {
      if (rangesHold(this.#excerpt.ranges, start + i)) this.promised++;
      if (bytes !== undefined) await this.#entry(start + i, bytes);
    }
  }

  async #read(start: number, width: number): Promise<readonly (Uint8Array | undefined)[]> {
    const entries: (Uint8Array | undefined)[] = Array.from({ length: width });
    for await (const { index, bytes } of this.#options.log.leaves(start)) {
      if (index >= start + width) break;
      entries[index - start] = bytes;
    }
    return entries;
  }

  /** The entries that are proven to be what was signed; all others are findings. */
  async #proven(
    start: number,
    entries: readonly (Uint8Array | undefined)[],
  ): Promise<readonly (Uint8Array | undefined)[]> {
    const { log, sha256, findings } = this.#options;
    const leaves = entries.map((bytes) => (bytes === undefined ? undefined : leafHash(sha256, bytes)));
    if (await this.#isInTree(start, leaves)) return entries;
    const tile = await log.tileHashes(0, start, entries.length);
    if (!(await this.#isInTree(start, tile))) {
      const why = `entries ${start} to ${start + entries.length - 1}`;
      findings.add("block.altered", log.label, { seq: start }, why);
      return [];
    }
    return entries.map((bytes, i) => {
      const [leaf, wanted] = [leaves[i], tile[i]];
      if (leaf !== undefined && wanted !== undefined && equalBytes(leaf, wanted)) return bytes;
      const about = { seq: start + i };
      findings.add(leaf === undefined ? "entry.removed" : "entry.altered", log.label, about);
      return undefined;
    });
  }

  /** The proof of the first leaf takes in all other leaves of the bundle: they are its siblings. */
  async #isInTree(start: number, leaves: readonly (Uint8Array | undefined)[]): Promise<boolean> {
    const { log, sha256 } = this.#options;
    const { size, root } = this.#own;
    const [leaf] = leaves;
    if (leaf === undefined) return false;
    const read: ReadTileHashes = async (level, from, count) => {
      const isOwn = level === 0 && from >= start && from < start + TILE_WIDTH;
      const hashes = isOwn
        ? leaves.slice(from - start, from - start + count)
        : await log.tileHashes(level, from, count);
      return hashes.filter((hash) => hash !== undefined);
    };
    try {
      const proof = await inclusionProof({ sha256, read }, start, size);
      return checkInclusion(sha256, { index: start, size, leaf, root, proof });
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  async #entry(seq: number, bytes: Uint8Array): Promise<void> {
    const { log, findings, sha256, sm3, bodies, onProgress } = this.#options;
    let entry: Entry;
    try {
      entry = decodeEntry(bytes);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      findings.add("entry.malformed", log.label, { seq });
      return;
    }
    if (entry.seq !== seq)
      findings.add("entry.misnumbered", log.label, { ...foundEntry(entry), seq }, `numbered ${entry.seq}`);
    this.#entries++;
    this.#order.take(entry);
    if (!bodies || !rangesHold(this.#excerpt.ranges, seq)) return;
    const absences = new LawfulAbsences();
    const length = await checkBody({ log, sha256, sm3, absences, findings }, { entry, bytes, index: seq });
    onProgress?.(seq);
    if (length === undefined) return;
    this.#bodies++;
    this.#bodyBytes += length;
  }
}
