/**
 * The archive's copy of one log: entries, tiles and the largest checkpoint it co-signed, as an evidence folder.
 * Invariant: `state` is replaced last and as a whole, so after a crash the copy is the old one or the new one;
 * a smaller or other tree than the one in `state` never replaces it.
 */
import { readFile, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CodedError } from "../../gateway/domain/errors.ts";
import { equalBytes, fromBase64, toBase64 } from "../../gateway/evidence/bytes.ts";
import type { Checkpoint } from "../../gateway/evidence/checkpoint.ts";
import {
  CHECKPOINT_PATH,
  cosignedPath,
  replacedPaths,
  treeFiles,
  turnoverPath,
} from "../../gateway/evidence/folder.ts";
import { Frontier, type TileHash } from "../../gateway/evidence/merkle/frontier.ts";
import { leafHash } from "../../gateway/evidence/merkle/hash.ts";
import type { Sha256 } from "../../gateway/evidence/suite.ts";
import { TILE_WIDTH, decodeBundle, decodeTile, tilePath } from "../../gateway/evidence/tiles.ts";
import { writeDurably } from "../durable-file.ts";
import type { LogHead } from "./contract.ts";
import { StagedEntries } from "./staged-entries.ts";

interface State {
  readonly size: number;
  readonly frontier: string;
  readonly checkpoint: string;
  /** Hour (since 1970) of the newest cosignature; of each hour the last one is kept. */
  readonly hour?: number;
}

const HOUR_MS = 3_600_000;
const STATE_FILE = "state.json";

export class LogCopy {
  readonly folder: string;
  readonly origin: string;
  readonly #sha256: Sha256;
  readonly #staged: StagedEntries;
  #state: State;

  private constructor(folder: string, origin: string, sha256: Sha256, staged: StagedEntries, state: State) {
    this.folder = folder;
    this.origin = origin;
    this.#sha256 = sha256;
    this.#staged = staged;
    this.#state = state;
  }

  static async open(folder: string, origin: string, sha256: Sha256): Promise<LogCopy> {
    let state: State = { size: 0, frontier: toBase64(new Frontier(sha256).encode()), checkpoint: "" };
    try {
      state = JSON.parse(await readFile(join(folder, STATE_FILE), "utf8")) as State;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    }
    return new LogCopy(folder, origin, sha256, await StagedEntries.open(folder, state.size), state);
  }

  get head(): LogHead {
    return { entries: Math.max(this.#staged.end, this.#state.size), witnessed: this.#state.size };
  }

  /** The newest co-signed checkpoint as a note; empty before the first. */
  get checkpoint(): string {
    return this.#state.checkpoint;
  }

  /** Throws `sync.outOfStep` when `from` is not the next entry and `sync.entriesMalformed` when the frames are torn. */
  async appendEntries(from: number, framed: Uint8Array): Promise<LogHead> {
    if (from !== this.head.entries) throw new CodedError("sync.outOfStep", { ...this.head });
    try {
      await this.#staged.append(framed);
    } catch (cause) {
      if (cause instanceof RangeError) throw new CodedError("sync.entriesMalformed", {}, { cause });
      throw cause;
    }
    return this.head;
  }

  /** Exact bytes of the entries `from` to `from + count - 1` below the co-signed size. */
  async entries(from: number, count: number): Promise<readonly Uint8Array[]> {
    const out: Uint8Array[] = [];
    for (let seq = from; seq < from + count;) {
      const index = Math.floor(seq / TILE_WIDTH);
      const width = Math.min(TILE_WIDTH, this.#state.size - index * TILE_WIDTH);
      const bundle = decodeBundle(
        await readFile(join(this.folder, tilePath({ level: "entries", index, width }))),
      );
      const part = bundle.slice(seq - index * TILE_WIDTH, from + count - index * TILE_WIDTH);
      if (part.length === 0) throw new RangeError("entries beyond the co-signed size");
      out.push(...part);
      seq += part.length;
    }
    return out;
  }

  /**
   * The tree that the staged entries make up to `size`; throws `sync.entriesMissing` when they do not reach that far.
   * Nothing is written.
   */
  async grow(size: number): Promise<GrownTree> {
    const from = this.#state.size;
    if (size > this.head.entries) throw new CodedError("sync.entriesMissing", { ...this.head });
    const frontier = new Frontier(this.#sha256, fromBase64(this.#state.frontier));
    const entries = await this.#staged.read(from, size);
    const hashes: TileHash[] = [];
    for (const entry of entries) hashes.push(...frontier.append(leafHash(this.#sha256, entry)));
    return { from, size, entries, hashes, root: frontier.root(), frontier: frontier.encode() };
  }

  /** Keeps for ever a checkpoint at which the log's key changed. */
  async keepTurnover(size: number, note: string): Promise<void> {
    await writeDurably(join(this.folder, turnoverPath(size)), note, 0o644);
  }

  /** Forgets the entries above the co-signed size: they are not the ones that the log has signed. */
  async dropStaged(): Promise<void> {
    await this.#staged.reset(this.#state.size);
  }

  /** Makes the grown tree the copy's own, under the co-signed note. The tree's root must be the checkpoint's. */
  async adopt(tree: GrownTree, checkpoint: Checkpoint, note: string, nowMs: number): Promise<void> {
    if (!equalBytes(tree.root, checkpoint.root)) throw new RangeError("the tree is not the checkpoint's");
    const fresh = new Map(tree.hashes.map((hash) => [`${hash.level}/${hash.index}`, hash.hash]));
    const reads = {
      tileHashes: async (level: number, start: number, count: number): Promise<readonly Uint8Array[]> => {
        const old = await this.#oldHashes(level, start, tree.from);
        return Array.from({ length: count }, (_, i) => {
          const hash = fresh.get(`${level}/${start + i}`) ?? old[i];
          if (hash === undefined) throw new RangeError("a tile hash is missing");
          return hash;
        });
      },
      entries: async (start: number, count: number): Promise<readonly Uint8Array[]> => {
        const kept = Math.max(0, Math.min(count, tree.from - start));
        const old = kept === 0 ? [] : await this.entries(start, kept);
        return [...old, ...tree.entries.slice(Math.max(0, start - tree.from), start + count - tree.from)];
      },
    };
    for await (const file of treeFiles(reads, tree.from, tree.size)) {
      await writeDurably(join(this.folder, file.path), file.bytes, 0o644);
    }
    await writeDurably(join(this.folder, cosignedPath(tree.size)), note, 0o644);
    await writeDurably(join(this.folder, CHECKPOINT_PATH), note, 0o644);
    const hour = Math.floor(nowMs / HOUR_MS);
    const before = this.#state;
    const state: State = { size: tree.size, frontier: toBase64(tree.frontier), checkpoint: note, hour };
    await writeDurably(join(this.folder, STATE_FILE), JSON.stringify(state), 0o644);
    this.#state = state;
    await this.#staged.dropBefore(tree.size);
    // A cosignature every few seconds would be millions of files a year; the last of each hour bounds time as well.
    if (before.hour === hour && before.size !== tree.size) {
      await rm(join(this.folder, cosignedPath(before.size)), { force: true });
    }
    for (const path of replacedPaths(tree.from, tree.size))
      await this.#removePartial(join(this.folder, path));
  }

  /** Removes a partial tile, and the folder of its widths when it was the last. */
  async #removePartial(path: string): Promise<void> {
    await rm(path, { force: true });
    try {
      await rmdir(dirname(path));
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== "ENOTEMPTY" && code !== "ENOENT") throw cause;
    }
  }

  /** Hashes of the partial tile that the tree of `size` leaves has at this place. */
  async #oldHashes(level: number, start: number, size: number): Promise<readonly Uint8Array[]> {
    const index = start / TILE_WIDTH;
    const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - start);
    if (width <= 0) return [];
    return decodeTile(await readFile(join(this.folder, tilePath({ level, index, width }))), width);
  }

  async close(): Promise<void> {
    await this.#staged.close();
  }
}

export interface GrownTree {
  readonly from: number;
  readonly size: number;
  readonly entries: readonly Uint8Array[];
  readonly hashes: readonly TileHash[];
  readonly root: Uint8Array;
  readonly frontier: Uint8Array;
}
