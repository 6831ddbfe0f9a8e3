/**
 * The evidence folder (DESIGN 6): the one plain format of export, transfer and archive, as paths and bytes.
 * Invariant: a file but `checkpoint` never changes once written, so any copy of a folder can be brought up to
 * date by adding files; `checkpoint` is written last and names what has to be there.
 *
 * `checkpoint`, `checkpoints/<size>`, `cosigned/<size>`, `trust`, `tile/<L>/<N>`, `tile/entries/<N>`, `packs/<sha256>.pack`
 */
import { type Sha256Hex, sha256Hex } from "../domain/ids.ts";
import { concatBytes } from "./bytes.ts";
import type { ReadTileHashes } from "./merkle/proof.ts";
import { TILE_WIDTH, encodeBundle, tilePath, tilesReplaced, tilesToWrite } from "./tiles.ts";

export const CHECKPOINT_PATH = "checkpoint";
export const TRUST_PATH = "trust";
export const COSIGNED_FOLDER = "cosigned";
export const TURNOVERS_FOLDER = "checkpoints";
export const PACKS_FOLDER = "packs";
/** Marks a copy that grows by packs: bodies that were not handed over yet are awaited there, not missing. */
export const COPY_PATH = "copy";
export const COPY_TEXT = "counter-gateway/copy/v1\n";

/** A checkpoint of this size with the cosignatures it got. */
export function cosignedPath(size: number): string {
  return `${COSIGNED_FOLDER}/${size}`;
}

/** An older checkpoint of the log that stays for ever: one at which its key changed (succession.ts). */
export function turnoverPath(size: number): string {
  return `${TURNOVERS_FOLDER}/${size}`;
}

export function packPath(name: Sha256Hex): string {
  return `${PACKS_FOLDER}/${name}.pack`;
}

/** Name of the pack in a file name such as `<sha256>.pack`; undefined for any other name. */
export function packOfFileName(fileName: string): Sha256Hex | undefined {
  const name = /^([0-9a-f]{64})\.pack$/.exec(fileName)?.[1];
  return name === undefined ? undefined : sha256Hex(name);
}

export interface FolderFile {
  /** Relative to the folder, with forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface TreeReads {
  readonly tileHashes: ReadTileHashes;
  /** Exact bytes of the entries `start` to `start + count - 1`, all of them. */
  readonly entries: (start: number, count: number) => Promise<readonly Uint8Array[]>;
}

/**
 * The tiles and entry bundles that bring a folder of `fromSize` leaves (0: an empty one) to `toSize`, one at a
 * time. The caller writes `checkpoint` after the last of them is durable.
 */
export async function* treeFiles(
  reads: TreeReads,
  fromSize: number,
  toSize: number,
): AsyncGenerator<FolderFile, void, undefined> {
  for (const tile of tilesToWrite(fromSize, toSize)) {
    const start = tile.index * TILE_WIDTH;
    const bytes =
      tile.level === "entries"
        ? encodeBundle(await reads.entries(start, tile.width))
        : concatBytes(await reads.tileHashes(tile.level, start, tile.width));
    yield { path: tilePath(tile), bytes };
  }
}

/** Paths of partial tiles that may be deleted after the folder went from `fromSize` to `toSize`. */
export function replacedPaths(fromSize: number, toSize: number): readonly string[] {
  return tilesReplaced(fromSize, toSize).map(tilePath);
}
