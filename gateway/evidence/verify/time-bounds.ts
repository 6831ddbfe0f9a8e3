/**
 * Foreign times around the entries: a witness saw the tree of a size at its own time, so no entry of that tree is
 * later; once a sighting is logged, no entry after it is earlier. Invariant: only a clock that called itself
 * synchronised is held to it, and only types whose time is the moment of the append.
 */
import type { Entry, EntryType } from "../entry.ts";
import { TILE_WIDTH } from "../tiles.ts";
import { foundEntry } from "./finding.ts";
import type { FindingList } from "./finding-list.ts";

/** Two honest clocks differ by less; a clock that is rewritten by less is not seen. */
export const CLOCK_TOLERANCE_MS = 600_000;

/** Their time is when they were appended; others tell of the past (a gap's begin, a file's own time). */
const OF_THE_MOMENT: ReadonlySet<EntryType> = new Set<EntryType>([
  ...(["open", "close", "key", "run", "init", "fragment", "rendition", "print", "access"] as const),
  ...(["pack", "sighting", "ack", "release", "erase"] as const),
]);

interface Latest {
  readonly t: number;
  readonly entry: Entry;
}

/** Feed it every entry in log order with `take`, and each foreign sighting as it is known. */
export class TimeBounds {
  readonly #findings: FindingList;
  readonly #label: string;
  /** Latest entry below each block's end; one element for 256 entries. */
  readonly #blocks: Latest[] = [];
  #latest: Latest | undefined;
  #size = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  readonly #reported = new Set<number>();

  constructor(findings: FindingList, label: string) {
    this.#findings = findings;
    this.#label = label;
  }

  take(entry: Entry): void {
    if (this.#size % TILE_WIDTH === 0 && this.#latest !== undefined)
      this.#blocks[this.#size / TILE_WIDTH] = this.#latest;
    this.#size = entry.seq + 1;
    if (entry.ntp !== "synced" || !OF_THE_MOMENT.has(entry.type)) return;
    if (this.#latest === undefined || entry.t > this.#latest.t) this.#latest = { t: entry.t, entry };
    if (entry.t < this.#notBeforeMs - CLOCK_TOLERANCE_MS)
      this.#findings.add("clock.behind", this.#label, foundEntry(entry), beyond(this.#notBeforeMs));
  }

  /** A witness saw the tree of `size` entries at this time, and the entries from here on know of it. */
  sightingLogged(size: number, timeS: number): void {
    this.seen(size, timeS);
    this.#notBeforeMs = Math.max(this.#notBeforeMs, timeS * 1000);
  }

  /** To be called when at least `size` entries were taken: none of them is later than this. */
  seen(size: number, timeS: number): void {
    const latest = size >= this.#size ? this.#latest : this.#blocks[Math.floor(size / TILE_WIDTH)];
    if (latest === undefined || latest.t <= timeS * 1000 + CLOCK_TOLERANCE_MS) return;
    if (this.#reported.has(latest.entry.seq)) return;
    this.#reported.add(latest.entry.seq);
    this.#findings.add("clock.ahead", this.#label, foundEntry(latest.entry), beyond(timeS * 1000));
  }
}

function beyond(ms: number): string {
  return `a witness's clock said ${new Date(ms).toISOString()}`;
}
