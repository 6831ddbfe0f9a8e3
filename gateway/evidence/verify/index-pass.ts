/**
 * The first pass: entries, tiles, tree and signed heads, without the bodies. Invariant: each difference is
 * charged to the entries or to the tiles, whichever the signed root contradicts.
 */
import { equalBytes } from "../bytes.ts";
import type { Entry } from "../entry.ts";
import type { Sha256, Sm3 } from "../suite.ts";
import { TILE_WIDTH } from "../tiles.ts";
import { type FindingCode, type FoundEntry, foundEntry } from "./finding.ts";
import { FindingList } from "./finding-list.ts";
import { type ResolvedPlace, walkPlaces } from "./places.ts";
import type { LogEvidence } from "./source.ts";
import type { TreeHead } from "./heads.ts";
import { Sm3Check } from "./sm3-check.ts";
import { StreamOrder } from "./stream-order.ts";
import { type HeadResult, type HeadState, TreeCheck, type UpperHash } from "./tree-check.ts";

export interface IndexPassOptions {
  readonly log: LogEvidence;
  readonly sha256: Sha256;
  readonly sm3: Sm3 | undefined;
  /** Ascending by size. */
  readonly heads: readonly TreeHead[];
  /** The log's own newest checkpoint. */
  readonly own: TreeHead | undefined;
  /** Called after each block of 256 places. */
  readonly onProgress?: (place: number) => void;
  readonly findings: FindingList;
}

export interface IndexPassResult {
  /** Places for which the source holds an entry. */
  readonly held: number;
  /** False when the signed root says that the entries are right and the tiles wrong. */
  readonly tilesRight: boolean;
  /**
   * Entries of type `release` and `erase` that a signed head covers: what somebody only appended to the files
   * explains nothing.
   */
  readonly absences: readonly Entry[];
  /** `ack` entries below the signed size. */
  readonly acks: readonly Entry[];
  /** `pack` entries below the signed size: what was sealed for hand-over. */
  readonly seals: readonly Entry[];
  /** Newest wall time of any entry, UTC ms. */
  readonly newestMs: number;
}

export async function indexPass(options: IndexPassOptions): Promise<IndexPassResult> {
  const pass = new IndexPass(options);
  const { log, sha256, heads } = options;
  const claimedSize = heads.at(-1)?.size ?? 0;
  for await (const block of walkPlaces({ log, sha256, useTiles: true, claimedSize })) {
    for (const place of block) pass.take(place);
    await pass.compareUpper();
    options.onProgress?.(block.at(-1)?.index ?? 0);
  }
  return pass.finish();
}

const FAULTS: Partial<Record<ResolvedPlace["state"], FindingCode>> = {
  altered: "entry.altered",
  inserted: "entry.inserted",
  removed: "entry.removed",
  reordered: "entry.reordered",
};

class IndexPass {
  readonly #options: IndexPassOptions;
  readonly #label: string;
  readonly #ownSize: number;
  readonly #tree: TreeCheck;
  readonly #order: StreamOrder;
  readonly #national: Sm3Check;
  /** Differences between entries and tiles, as they read if the tiles are right, and if the entries are. */
  readonly #ifTilesRight = new FindingList();
  readonly #ifEntriesRight = new FindingList();
  readonly #completed: UpperHash[] = [];
  readonly #upperTiles: { readonly level: number; readonly index: number }[] = [];
  readonly #absences: Entry[] = [];
  readonly #acks: Entry[] = [];
  readonly #seals: Entry[] = [];
  #newestMs = 0;
  #held = 0;
  #differences = 0;
  #isTreeWhole = true;
  #near: Entry | undefined;

  constructor(options: IndexPassOptions) {
    this.#options = options;
    this.#label = options.log.label;
    this.#ownSize = options.own?.size ?? 0;
    this.#tree = new TreeCheck(options.sha256, options.heads);
    this.#order = new StreamOrder(options.findings, this.#label);
    this.#national = new Sm3Check({ ...options, label: this.#label });
  }

  /** To be called for every place in order. */
  take(place: ResolvedPlace): void {
    if (place.held) this.#held = place.index + 1;
    this.#grow(place);
    this.#charge(place);
    const { entry, lying } = place;
    this.#national.take(place.index, entry, place.bytes);
    if (entry === undefined) {
      if (lying !== undefined) this.#order.assume(lying);
      return;
    }
    if (entry.seq !== place.index)
      this.#options.findings.add(
        "entry.misnumbered",
        this.#label,
        { ...foundEntry(entry), seq: place.index },
        `numbered ${entry.seq}`,
      );
    this.#order.take(entry);
    this.#near = entry;
    if (entry.type === "release" || entry.type === "erase") this.#absences.push(entry);
    if (entry.type === "ack") this.#acks.push(entry);
    if (entry.type === "pack") this.#seals.push(entry);
    this.#newestMs = Math.max(this.#newestMs, entry.t);
  }

  finish(): IndexPassResult {
    const { findings, own } = this.#options;
    const results = this.#tree.results();
    const ownResult = results.find((result) => result.head === own);
    const tilesRight =
      this.#differences === 0 || ownResult?.byEntries !== "kept" || ownResult.byTiles === "kept";
    findings.take(tilesRight ? this.#ifTilesRight : this.#ifEntriesRight);
    const state = (result: HeadResult): HeadState => (tilesRight ? result.byTiles : result.byEntries);
    const differs = (result: HeadResult): boolean => state(result) === "differs";
    this.#reportUpperTiles(ownResult !== undefined && differs(ownResult));
    this.#reportHeads(results, differs);
    this.#reportSize();
    this.#national.finish(own);
    const signed = results.findLast((result) => state(result) === "kept")?.head.size ?? 0;
    const absences = this.#absences.filter((entry) => entry.seq < signed);
    const acks = this.#acks.filter((entry) => entry.seq < signed);
    const seals = this.#seals.filter((entry) => entry.seq < signed);
    return { held: this.#held, tilesRight, absences, acks, seals, newestMs: this.#newestMs };
  }

  #grow(place: ResolvedPlace): void {
    if (!this.#isTreeWhole) return;
    const completed = this.#tree.append(place);
    if (completed === undefined) this.#isTreeWhole = false;
    else if (completed.length > 0) this.#completed.push(...completed);
  }

  /** Holds the upper tile hashes that came out since the last call against those that are stored. */
  async compareUpper(): Promise<void> {
    for (const { byTiles, byEntries } of this.#completed.splice(0)) {
      const { level, index } = byTiles;
      const [stored] = await this.#options.log.tileHashes(level, index, 1);
      const end = (index + 1) * TILE_WIDTH ** level;
      if (stored === undefined && end <= this.#ownSize)
        this.#options.findings.add(
          "tile.missing",
          this.#label,
          { seq: end - TILE_WIDTH ** level },
          `level ${level}`,
        );
      if (stored === undefined || equalBytes(stored, byTiles.hash) || equalBytes(stored, byEntries.hash))
        continue;
      this.#upperTiles.push({ level, index });
    }
  }

  #charge(place: ResolvedPlace): void {
    const { state, index, leaf, tileHash } = place;
    // The way of a million places: there is a finding for none of them.
    if (state === "intact" && place.held && place.entry !== undefined) return;
    const about = this.#name(place);
    if (leaf !== undefined && tileHash !== undefined && !equalBytes(leaf, tileHash)) {
      this.#differences++;
      this.#ifEntriesRight.add("tile.altered", this.#label, about, `leaf hash ${index}`);
    }
    if (tilesWanted(place, this.#ownSize))
      this.#options.findings.add("tile.missing", this.#label, about, "level 0");
    if (!place.held) this.#options.findings.add("log.truncated", this.#label, about);
    else if (state === "unknown" || (state === "removed" && leaf === undefined))
      this.#options.findings.add("entry.removed", this.#label, about);
    else {
      const code = FAULTS[state];
      if (code !== undefined) this.#ifTilesRight.add(code, this.#label, about);
      else if (place.bytes !== undefined && place.entry === undefined)
        this.#options.findings.add("entry.malformed", this.#label, about);
    }
  }

  #name(place: ResolvedPlace): FoundEntry {
    const known = place.entry ?? place.lying;
    if (known !== undefined) return { ...foundEntry(known), seq: place.index };
    return this.#near === undefined
      ? { seq: place.index }
      : { seq: place.index, t: this.#near.t, timeNear: true };
  }

  #reportUpperTiles(rootDiffers: boolean): void {
    for (const { level, index } of this.#upperTiles) {
      const width = TILE_WIDTH ** level;
      const why = `entries ${index * width} to ${(index + 1) * width - 1}`;
      const code = rootDiffers ? "block.altered" : "tile.altered";
      this.#options.findings.add(code, this.#label, { seq: index * width }, why);
    }
  }

  #reportHeads(results: readonly HeadResult[], differs: (result: HeadResult) => boolean): void {
    const first = results.find(differs);
    if (first === undefined) return;
    const ownDiffers = results.some((result) => result.head === this.#options.own && differs(result));
    const kept = results.findLast((result) => result.head.size < first.head.size && !differs(result));
    const why = `tree of size ${first.head.size}; the last one that agrees has size ${kept?.head.size ?? 0}`;
    this.#options.findings.add(ownDiffers ? "log.rootDiffers" : "log.forked", this.#label, undefined, why);
  }

  #reportSize(): void {
    const { heads, findings } = this.#options;
    const largest = heads.at(-1)?.size ?? 0;
    const end = this.#tree.size;
    if (largest > Math.max(end, this.#held))
      findings.add(
        "log.truncated",
        this.#label,
        this.#near === undefined ? { seq: end } : { seq: end, t: this.#near.t, timeNear: true },
        `a signed checkpoint has ${largest} entries`,
      );
    if (heads.length > 0 && this.#held > largest)
      findings.add("log.unsigned", this.#label, { seq: largest }, `entries ${largest} to ${this.#held - 1}`);
  }
}

/** A hash of a signed entry has to lie there; beyond the signed size a copy may be at work. */
function tilesWanted({ tileHash, index, held }: ResolvedPlace, signedSize: number): boolean {
  return held && tileHash === undefined && index < signedSize;
}
