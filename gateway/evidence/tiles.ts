/**
 * Tiles and entry bundles of C2SP tlog-tiles: their paths, their bytes, and which ones a tree of a size has.
 * Invariant: a path and a tile name each other one to one; no tile is empty or wider than 256.
 */
import { MAX_ENTRY_BYTES } from "./entry.ts";
import { HASH_BYTES } from "./suite.ts";

export const TILE_WIDTH = 256;
const MAX_LEVEL = 63;

export interface Tile {
  /** Tile level, or `entries` for an entry bundle. */
  readonly level: number | "entries";
  /** Index of the tile within its level; it starts at hash or entry `index * 256`. */
  readonly index: number;
  /** 1 to 255 for a partial tile, 256 for a full one. */
  readonly width: number;
}

/** `tile/<L>/<N>[.p/<W>]`, N in groups of three digits, all but the last led by x. */
export function tilePath(tile: Tile): string {
  const groups: string[] = [];
  let rest = tile.index;
  do {
    groups.unshift((rest % 1000).toString().padStart(3, "0"));
    rest = Math.floor(rest / 1000);
  } while (rest > 0);
  const number = groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join("/");
  return `tile/${tile.level}/${number}${tile.width === TILE_WIDTH ? "" : `.p/${tile.width}`}`;
}

const TILE_PATH =
  /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** Undefined unless the path is exactly what `tilePath` writes. */
export function parseTilePath(path: string): Tile | undefined {
  const match = TILE_PATH.exec(path);
  const [, level, number, width] = match ?? [];
  if (level === undefined || number === undefined) return undefined;
  const tile: Tile = {
    level: level === "entries" ? level : Number(level),
    index: Number(number.replaceAll(/[x/]/g, "")),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const fits = tile.level === "entries" || tile.level <= MAX_LEVEL;
  return fits && Number.isSafeInteger(tile.index) && tilePath(tile) === path ? tile : undefined;
}

function changedAt(level: Tile["level"], fromCount: number, toCount: number): Tile[] {
  const tiles: Tile[] = [];
  if (toCount === fromCount) return tiles;
  for (let index = Math.floor(fromCount / TILE_WIDTH); index * TILE_WIDTH < toCount; index++)
    tiles.push({ level, index, width: Math.min(TILE_WIDTH, toCount - index * TILE_WIDTH) });
  return tiles;
}

/** Tiles and bundles of the tree of `toSize` leaves that the tree of `fromSize` leaves did not have yet. */
export function tilesToWrite(fromSize: number, toSize: number): readonly Tile[] {
  const tiles = changedAt("entries", fromSize, toSize);
  for (let level = 0, [from, to] = [fromSize, toSize]; to > 0; level++) {
    tiles.push(...changedAt(level, from, to));
    [from, to] = [Math.floor(from / TILE_WIDTH), Math.floor(to / TILE_WIDTH)];
  }
  return tiles;
}

/** Partial tiles of the tree of `fromSize` leaves that a wider one replaced; they may be deleted afterwards. */
export function tilesReplaced(fromSize: number, toSize: number): readonly Tile[] {
  return tilesToWrite(fromSize, toSize)
    .map((tile) => {
      const scale = tile.level === "entries" ? 1 : TILE_WIDTH ** tile.level;
      return { ...tile, width: Math.floor(fromSize / scale) - tile.index * TILE_WIDTH };
    })
    .filter((tile) => tile.width > 0 && tile.width < TILE_WIDTH);
}

/** The hashes of a tile. Throws RangeError unless there are exactly `width` of them. */
export function decodeTile(bytes: Uint8Array, width: number): Uint8Array[] {
  if (bytes.length !== width * HASH_BYTES) throw new RangeError("a tile is 32 bytes per hash");
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

const LENGTH_BYTES = 2;

/** Entry bundle: each entry after its big-endian u16 length. Throws RangeError on an entry over 65,535 bytes. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = entries.reduce((sum, entry) => sum + LENGTH_BYTES + entry.length, 0);
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) throw new RangeError("an entry is at most 65535 bytes");
    view.setUint16(at, entry.length);
    out.set(entry, at + LENGTH_BYTES);
    at += LENGTH_BYTES + entry.length;
  }
  return out;
}

/** Views of the entries of a bundle, however many there are, up to 256. Throws RangeError when it is torn. */
export function decodeBundle(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at + LENGTH_BYTES;
    if (start > bytes.length) throw new RangeError("an entry bundle is torn");
    const end = start + view.getUint16(at);
    if (end > bytes.length) throw new RangeError("an entry bundle is torn");
    if (entries.length === TILE_WIDTH) throw new RangeError("an entry bundle has more than 256 entries");
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  return entries;
}
