/**
 * The tiles and entry bundles of one evidence folder. Invariant: of several widths of one tile the widest that
 * can be read is used; a file that is torn or can't be read is a fault and its places count as not held.
 */
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import type { SourceFault, SourceLeaf } from "../../evidence/verify/source.ts";
import {
  TILE_WIDTH,
  type Tile,
  decodeBundle,
  decodeTile,
  parseTilePath,
  tilePath,
} from "../../evidence/tiles.ts";

/** Small files are read faster without a thread; between so many of them signals and timers get their turn. */
const BUNDLES_AT_ONCE = 32;

/** Width of the widest tile per index. */
type Widths = Map<number, number>;

export class TreeFiles {
  readonly #folder: string;
  readonly #onFault: (fault: SourceFault) => void;
  readonly #widths = new Map<Tile["level"], Widths>();
  /** The tile read last, per level: tiles are asked for in order. */
  readonly #latest = new Map<number, { readonly index: number; readonly hashes: readonly Uint8Array[] }>();

  private constructor(folder: string, onFault: (fault: SourceFault) => void) {
    this.#folder = folder;
    this.#onFault = onFault;
  }

  static async open(folder: string, onFault: (fault: SourceFault) => void): Promise<TreeFiles> {
    const files = new TreeFiles(folder, onFault);
    await files.#walk("tile");
    return files;
  }

  /** Indexes of the entry bundles that are here. */
  bundles(): readonly number[] {
    return [...(this.#widths.get("entries")?.keys() ?? [])];
  }

  async *leaves(from: number): AsyncGenerator<SourceLeaf, void, undefined> {
    for await (const group of this.leafGroups(from)) yield* group;
  }

  /** One bundle at a time. */
  async *leafGroups(from: number): AsyncGenerator<readonly SourceLeaf[], void, undefined> {
    const bundles = this.#widths.get("entries") ?? new Map();
    const last = [...bundles.keys()].reduce((highest, index) => Math.max(highest, index), -1);
    for (let index = Math.floor(from / TILE_WIDTH); index <= last; index++) {
      // A bundle that is not the last is full, also where its file is not here.
      const width = index === last ? (bundles.get(index) ?? 0) : TILE_WIDTH;
      if (index % BUNDLES_AT_ONCE === 0) await breathe();
      const entries = this.#bundle(index);
      const places = Math.max(width, entries.length);
      const group: SourceLeaf[] = [];
      for (let i = Math.max(0, from - index * TILE_WIDTH); i < places; i++)
        group.push({ index: index * TILE_WIDTH + i, bytes: entries[i] });
      yield group;
    }
  }

  async tileHashes(level: number, start: number, count: number): Promise<(Uint8Array | undefined)[]> {
    const out: (Uint8Array | undefined)[] = [];
    for (let at = start; at < start + count; at++) {
      const index = Math.floor(at / TILE_WIDTH);
      let tile = this.#latest.get(level);
      if (tile?.index !== index) {
        tile = { index, hashes: this.#tile(level, index) };
        this.#latest.set(level, tile);
      }
      out.push(tile.hashes[at % TILE_WIDTH]);
    }
    return out;
  }

  #bundle(index: number): readonly Uint8Array[] {
    return this.#read({ level: "entries", index }, (bytes) => decodeBundle(bytes)) ?? [];
  }

  #tile(level: number, index: number): readonly Uint8Array[] {
    return this.#read({ level, index }, (bytes, width) => decodeTile(bytes, width)) ?? [];
  }

  #read<Content>(
    tile: Pick<Tile, "level" | "index">,
    decode: (bytes: Uint8Array, width: number) => Content,
  ): Content | undefined {
    const width = this.#widths.get(tile.level)?.get(tile.index);
    if (width === undefined) return undefined;
    const place = tilePath({ ...tile, width });
    try {
      return decode(readFileSync(join(this.#folder, place)), width);
    } catch (error) {
      const unreadable = !(error instanceof RangeError);
      this.#onFault({ place, why: unreadable ? "the file can't be read" : error.message, unreadable });
      return undefined;
    }
  }

  async #walk(path: string): Promise<void> {
    let names;
    try {
      names = await readdir(join(this.#folder, path), { withFileTypes: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      this.#onFault({ place: path, why: "the folder can't be read", unreadable: true });
      return;
    }
    for (const name of names) {
      const inside = `${path}/${name.name}`;
      if (name.isDirectory()) await this.#walk(inside);
      else this.#note(inside);
    }
  }

  #note(path: string): void {
    const tile = parseTilePath(path);
    // A file that is no tile changes nothing: everything counts by the tiles that are named.
    if (tile === undefined) return;
    const widths = this.#widths.get(tile.level) ?? new Map<number, number>();
    widths.set(tile.index, Math.max(tile.width, widths.get(tile.index) ?? 0));
    this.#widths.set(tile.level, widths);
  }
}
