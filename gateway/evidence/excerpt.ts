/**
 * The excerpt file: says that an evidence folder holds a part of a log only, and which bodies it promises to hold.
 * Invariant: whoever reads it knows that nothing is said about the rest; without this file a folder is the whole log.
 *
 * `magic \n origin \n ranges \n`
 */
import { checkOrigin } from "./checkpoint.ts";
import { type SeqRange, formatRanges, parseRanges } from "./ranges.ts";
import { TILE_WIDTH, type Tile, tilePath } from "./tiles.ts";

export const EXCERPT_PATH = "excerpt";
const MAGIC = "counter-gateway/excerpt/v1";

export interface Excerpt {
  readonly origin: string;
  /** Sequence numbers whose bodies are here. */
  readonly ranges: readonly SeqRange[];
}

/** Throws RangeError on values that could not be read back. */
export function formatExcerpt({ origin, ranges }: Excerpt): string {
  checkOrigin(origin);
  if (ranges.length === 0) throw new RangeError("an excerpt holds at least one body");
  return `${MAGIC}\n${origin}\n${formatRanges(ranges)}\n`;
}

/** Throws RangeError unless the text is what `formatExcerpt` writes. */
export function parseExcerpt(text: string): Excerpt {
  const [magic, origin, ranges, end, extra] = text.split("\n");
  if (magic !== MAGIC || origin === undefined || ranges === undefined || end !== "" || extra !== undefined)
    throw new RangeError("an excerpt is three lines");
  checkOrigin(origin);
  const parsed = parseRanges(ranges);
  if (parsed.length === 0) throw new RangeError("an excerpt holds at least one body");
  return { origin, ranges: parsed };
}

/**
 * The tiles that prove these entry bundles (indexes) to be in the tree of `size` leaves: the bundles, the tiles on
 * their ways up, and the right edge of the tree.
 */
export function excerptTiles(bundles: Iterable<number>, size: number): readonly Tile[] {
  const tiles = new Map<string, Tile>();
  const add = (level: Tile["level"], index: number, count: number): void => {
    const width = Math.min(TILE_WIDTH, count - index * TILE_WIDTH);
    if (width <= 0) return;
    const tile = { level, index, width };
    tiles.set(tilePath(tile), tile);
  };
  const wanted = [...bundles];
  for (const index of wanted) add("entries", index, size);
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const scale = TILE_WIDTH ** level;
    for (const index of wanted) add(level, Math.floor(index / scale), count);
    add(level, Math.floor((count - 1) / TILE_WIDTH), count);
  }
  return [...tiles.values()];
}
