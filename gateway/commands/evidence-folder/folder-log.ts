/** One evidence folder as the judge's LogEvidence; reads, and judges nothing. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { EXCERPT_PATH } from "../../evidence/excerpt.ts";
import {
  CHECKPOINT_PATH,
  COPY_PATH,
  COPY_TEXT,
  COSIGNED_FOLDER,
  TURNOVERS_FOLDER,
} from "../../evidence/folder.ts";
import { MAX_NOTE_CHARS } from "../../evidence/note.ts";
import type {
  HeldExcerpt,
  LogEvidence,
  SourceBody,
  SourceDigest,
  SourceFault,
  SourceLeaf,
} from "../../evidence/verify/source.ts";
import type { HashPool } from "../verify/hash-pool.ts";
import { Packs } from "./packs.ts";
import { TreeFiles } from "./tree-files.ts";

/** The text of a small file; undefined when there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    const text = await readFile(path, "utf8");
    return text.slice(0, MAX_NOTE_CHARS + 1);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export class FolderLog implements LogEvidence {
  readonly label: string;
  readonly growsByPacks: boolean;
  readonly #folder: string;
  readonly #tree: TreeFiles;
  readonly #packs: Packs;
  readonly #pool: HashPool;

  private constructor(
    label: string,
    folder: string,
    parts: { readonly tree: TreeFiles; readonly packs: Packs; readonly pool: HashPool },
    growsByPacks: boolean,
  ) {
    const { tree, packs, pool } = parts;
    this.label = label;
    this.growsByPacks = growsByPacks;
    this.#pool = pool;
    this.#folder = folder;
    this.#tree = tree;
    this.#packs = packs;
  }

  static async open(
    label: string,
    folder: string,
    pool: HashPool,
    onFault: (fault: SourceFault) => void,
  ): Promise<FolderLog> {
    const checkpoint = await readText(join(folder, CHECKPOINT_PATH));
    const origin = checkpoint?.split("\n", 1)[0];
    const tree = await TreeFiles.open(folder, onFault);
    const packs = await Packs.open(folder, origin, onFault);
    return new FolderLog(
      label,
      folder,
      { tree, packs, pool },
      (await readText(join(folder, COPY_PATH))) === COPY_TEXT,
    );
  }

  checkpoint(): Promise<string | undefined> {
    return readText(join(this.#folder, CHECKPOINT_PATH));
  }

  async *otherNotes(): AsyncGenerator<string, void, undefined> {
    for (const folder of [TURNOVERS_FOLDER, COSIGNED_FOLDER]) {
      let names: string[] = [];
      try {
        names = await readdir(join(this.#folder, folder));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
      for (const name of names.sort()) {
        const note = await readText(join(this.#folder, folder, name));
        if (note !== undefined) yield note;
      }
    }
  }

  async excerpt(): Promise<HeldExcerpt | undefined> {
    const text = await readText(join(this.#folder, EXCERPT_PATH));
    return text === undefined ? undefined : { text, bundles: this.#tree.bundles() };
  }

  leaves(from: number): AsyncGenerator<SourceLeaf, void, undefined> {
    return this.#tree.leaves(from);
  }

  leafGroups(): AsyncGenerator<readonly SourceLeaf[], void, undefined> {
    return this.#tree.leafGroups(0);
  }

  tileHashes(level: number, start: number, count: number): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#tree.tileHashes(level, start, count);
  }

  async body(index: number): Promise<SourceBody> {
    return this.#packs.body(index);
  }

  async digests(indexes: readonly number[], withSm3: boolean): Promise<readonly SourceDigest[]> {
    return this.#packs.digests(indexes, this.#pool, withSm3);
  }

  close(): void {
    this.#packs.close();
  }
}
