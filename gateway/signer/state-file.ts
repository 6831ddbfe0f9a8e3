/**
 * What the signer signed last, per origin: one small file, synced before any signature leaves the process.
 * Invariant: a signature that somebody may have seen is in the file.
 */
import { existsSync, readFileSync, renameSync } from "node:fs";
import { fromBase64, toBase64 } from "../evidence/bytes.ts";
import { parseCheckpoint } from "../evidence/checkpoint.ts";
import { parseNote } from "../evidence/note.ts";
import { writeDurably } from "./durable-file.ts";
import type { SignedTree } from "./tree-rules.ts";

const STATE_MODE = 0o600;
/** One log a year and a few after restores; the bound is far above. */
const MAX_ORIGINS = 1024;

export class SignerState {
  readonly #path: string;
  readonly #trees = new Map<string, SignedTree>();
  /** True when there was no state that could be read. */
  readonly lost: boolean;

  /** Reads the state; a damaged one is kept aside as `.damaged` and counts as lost. */
  constructor(path: string) {
    this.#path = path;
    this.lost = !this.#read();
  }

  last(origin: string): SignedTree | undefined {
    return this.#trees.get(origin);
  }

  /** Whether a log can be signed that was not before. */
  get full(): boolean {
    return this.#trees.size >= MAX_ORIGINS;
  }

  /** Returns once the new state is synced. */
  record(origin: string, tree: SignedTree): void {
    this.#trees.set(origin, tree);
    this.write();
  }

  write(): void {
    const origins = [...this.#trees].map(([origin, { size, root, note }]) => ({
      origin,
      size,
      root: toBase64(root),
      note,
    }));
    writeDurably(this.#path, `${JSON.stringify({ v: 1, origins }, undefined, 1)}\n`, STATE_MODE);
  }

  #read(): boolean {
    if (!existsSync(this.#path)) return false;
    try {
      this.#take(JSON.parse(readFileSync(this.#path, "utf8")));
      return true;
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
      this.#trees.clear();
      renameSync(this.#path, `${this.#path}.damaged`);
      return false;
    }
  }

  #take(raw: unknown): void {
    const { v, origins } = raw as { readonly v?: unknown; readonly origins?: unknown };
    if (v !== 1 || !Array.isArray(origins)) throw new RangeError("not a signer's state");
    for (const one of origins as readonly Readonly<Record<string, unknown>>[]) {
      const { origin, size, root, note } = one;
      if (typeof origin !== "string" || typeof root !== "string" || typeof note !== "string")
        throw new RangeError("not a signer's state");
      const signed = parseCheckpoint(parseNote(note).text);
      if (signed.origin !== origin || signed.size !== size || toBase64(signed.root) !== root)
        throw new RangeError("a signer's state contradicts its own note");
      this.#trees.set(origin, { size: signed.size, root: fromBase64(root), note });
    }
  }
}
