/**
 * What a witness co-signed last, one small file a log. Invariant: a file is replaced as a whole and synced before the
 * cosignature leaves, so after a crash the witness knows every tree that anybody may hold its name under.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Checkpoint, parseCheckpoint } from "../../gateway/evidence/checkpoint.ts";
import { parseNote } from "../../gateway/evidence/note.ts";
import { writeDurably } from "../durable-file.ts";

const SUFFIX = ".note";

export class WitnessState {
  readonly #folder: string;
  readonly #last = new Map<string, Checkpoint>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws RangeError on a file that is not a checkpoint: a witness that forgets must not go on as if new. */
  static async open(folder: string): Promise<WitnessState> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const state = new WitnessState(folder);
    for (const name of await readdir(folder)) {
      if (!name.endsWith(SUFFIX)) continue;
      const checkpoint = parseCheckpoint(parseNote(await readFile(join(folder, name), "utf8")).text);
      state.#last.set(checkpoint.origin, checkpoint);
    }
    return state;
  }

  last(origin: string): Checkpoint | undefined {
    return this.#last.get(origin);
  }

  /** Returns once the co-signed note is synced. */
  async put(checkpoint: Checkpoint, note: string): Promise<void> {
    const name = createHash("sha256").update(checkpoint.origin).digest("hex");
    await writeDurably(join(this.#folder, `${name}${SUFFIX}`), note);
    this.#last.set(checkpoint.origin, checkpoint);
  }
}
