/**
 * Finds bodies by sequence number in the packs of one evidence folder. Invariant: a few packs are open at a
 * time, and of several packs that hold the same number one with the body wins over one without.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { PACKS_FOLDER, packOfFileName } from "../../evidence/folder.ts";
import { type SeqRange, rangesHold } from "../../evidence/ranges.ts";
import type { SourceBody, SourceDigest, SourceFault } from "../../evidence/verify/source.ts";
import type { HashPool } from "../verify/hash-pool.ts";
import { PackFile, type PackFrame, readPackHeader } from "./pack-file.ts";

const MAX_OPEN = 8;

/** What is not found in any pack is never there to be hashed. */
function asDigest(body: SourceBody): SourceDigest {
  return body.state === "found" ? { state: "unreadable", why: "the pack can't be read" } : body;
}

interface KnownPack {
  readonly place: string;
  readonly ranges: readonly SeqRange[];
}

export class Packs {
  readonly #folder: string;
  readonly #onFault: (fault: SourceFault) => void;
  readonly #known: KnownPack[] = [];
  /** In the order of their last use. */
  readonly #open = new Map<string, PackFile>();
  readonly #faulty = new Set<string>();

  private constructor(folder: string, onFault: (fault: SourceFault) => void) {
    this.#folder = folder;
    this.#onFault = onFault;
  }

  /** `origin`: packs of another log are a fault; undefined when the folder does not say whose log it is. */
  static async open(
    folder: string,
    origin: string | undefined,
    onFault: (fault: SourceFault) => void,
  ): Promise<Packs> {
    const packs = new Packs(folder, onFault);
    let names: string[];
    try {
      names = await readdir(join(folder, PACKS_FOLDER));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return packs;
      packs.#fault(PACKS_FOLDER, error);
      return packs;
    }
    for (const name of names.filter((file) => packOfFileName(file) !== undefined).sort())
      packs.#note(`${PACKS_FOLDER}/${name}`, origin);
    packs.#known.sort((a, b) => (a.ranges[0]?.[0] ?? 0) - (b.ranges[0]?.[0] ?? 0));
    return packs;
  }

  body(seq: number): SourceBody {
    let best: SourceBody = { state: "absent" };
    for (const { place, ranges } of this.#known) {
      if (!rangesHold(ranges, seq)) continue;
      const found = this.#bodyIn(place, seq);
      if (found.state === "found") return found;
      if (found.state === "unreadable" || best.state === "absent") best = found;
    }
    return best;
  }

  /** As `body` for each, hashed by the pool where a pack has the body; the others are read as they are. */
  async digests(seqs: readonly number[], pool: HashPool, withSm3: boolean): Promise<readonly SourceDigest[]> {
    const out: SourceDigest[] = [];
    const byPack = new Map<string, { readonly at: number; readonly frame: PackFrame }[]>();
    for (const [at, seq] of seqs.entries()) {
      const found = this.#locate(seq);
      if (found === undefined) out[at] = asDigest(this.body(seq));
      else byPack.set(found.place, [...(byPack.get(found.place) ?? []), { at, frame: found.frame }]);
    }
    const parts = [...byPack].map(async ([place, frames]) => {
      try {
        const path = join(this.#folder, place);
        const digests = await pool.hash(
          path,
          frames.map(({ frame }) => frame),
          withSm3,
        );
        for (const [i, { at }] of frames.entries()) {
          const digest = digests[i];
          out[at] =
            digest === undefined
              ? { state: "unreadable", why: "the pack can't be read" }
              : { state: "found", ...digest };
        }
      } catch (error) {
        this.#fault(place, error);
        for (const { at } of frames) out[at] = { state: "unreadable", why: "the pack can't be read" };
      }
    });
    await Promise.all(parts);
    return out;
  }

  /** The first pack with this body; undefined where none has it, and where a pack can't be opened. */
  #locate(seq: number): { readonly place: string; readonly frame: PackFrame } | undefined {
    for (const { place, ranges } of this.#known) {
      if (!rangesHold(ranges, seq)) continue;
      try {
        const frame = this.#packAt(place).frame(seq);
        if (frame !== undefined && !frame.entryAlone) return { place, frame };
      } catch (error) {
        this.#fault(place, error);
      }
    }
    return undefined;
  }

  close(): void {
    for (const pack of this.#open.values()) pack.close();
    this.#open.clear();
  }

  #bodyIn(place: string, seq: number): SourceBody {
    try {
      return this.#packAt(place).body(seq);
    } catch (error) {
      this.#fault(place, error);
      return { state: "unreadable", why: "the pack can't be read" };
    }
  }

  #packAt(place: string): PackFile {
    const known = this.#open.get(place);
    const pack = known ?? new PackFile(join(this.#folder, place));
    if (known === undefined && pack.fault !== undefined) this.#fault(place, new RangeError(pack.fault));
    this.#open.delete(place);
    this.#open.set(place, pack);
    if (this.#open.size > MAX_OPEN) {
      const [oldest] = this.#open;
      oldest?.[1].close();
      if (oldest !== undefined) this.#open.delete(oldest[0]);
    }
    return pack;
  }

  #note(place: string, origin: string | undefined): void {
    try {
      const header = readPackHeader(join(this.#folder, place));
      if (origin !== undefined && header.origin !== origin)
        throw new RangeError(`a pack of another log: ${header.origin}`);
      this.#known.push({ place, ranges: header.ranges });
    } catch (error) {
      this.#fault(place, error);
    }
  }

  #fault(place: string, error: unknown): void {
    if (this.#faulty.has(place)) return;
    this.#faulty.add(place);
    const unreadable = !(error instanceof RangeError);
    this.#onFault({ place, why: unreadable ? "the file can't be read" : error.message, unreadable });
  }
}
