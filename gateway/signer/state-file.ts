/**
 * What the signer signed last, per origin, and which keys are in force: one small file, synced before any signature
 * leaves the process. Invariant: a signature that somebody may have seen is in the file.
 */
import { existsSync, readFileSync, renameSync } from "node:fs";
import { fromBase64, toBase64 } from "../evidence/bytes.ts";
import { parseCheckpoint } from "../evidence/checkpoint.ts";
import { parseNote } from "../evidence/note.ts";
import { writeDurably } from "./durable-file.ts";
import { type SignerKey, formatKeys, parseKeys } from "./protocol.ts";
import type { SignedTree } from "./tree-rules.ts";

const STATE_MODE = 0o600;
/** One log a year and a few after restores; the bound is far above. */
const MAX_ORIGINS = 1024;

export class SignerState {
  readonly #path: string;
  readonly #trees = new Map<string, SignedTree>();
  #inForce: readonly SignerKey[] | undefined;
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

  /** The keys that sign now; undefined in a file that does not tell: the first version had no other keys. */
  get inForce(): readonly SignerKey[] | undefined {
    return this.#inForce;
  }

  /** Every origin with the keys that signed it, oldest first. */
  *keys(): Iterable<readonly [origin: string, keys: readonly SignerKey[]]> {
    for (const [origin, { keys }] of this.#trees) yield [origin, keys];
  }

  /** Says which keys are in force as the process starts. What the first version signed, it signed with these. */
  begin(inForce: readonly SignerKey[]): void {
    for (const [origin, tree] of this.#trees)
      if (tree.keys.length === 0) this.#trees.set(origin, { ...tree, keys: inForce });
    this.#write(inForce);
  }

  /** Returns once the new state is synced. */
  record(origin: string, tree: SignedTree, inForce: readonly SignerKey[]): void {
    this.#trees.set(origin, tree);
    this.#write(inForce);
  }

  #write(inForce: readonly SignerKey[]): void {
    this.#inForce = inForce;
    const origins = [...this.#trees].map(([origin, { size, root, note, sm3Root, keys }]) => ({
      origin,
      size,
      root: toBase64(root),
      note,
      ...(sm3Root === undefined ? {} : { sm3Root: toBase64(sm3Root) }),
      keys: formatKeys(keys),
    }));
    const state = { v: 2, inForce: formatKeys(inForce), origins };
    writeDurably(this.#path, `${JSON.stringify(state, undefined, 1)}\n`, STATE_MODE);
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
    if (typeof raw !== "object" || raw === null) throw new RangeError("not a signer's state");
    const { v, origins, inForce } = raw as Readonly<Record<string, unknown>>;
    if ((v !== 1 && v !== 2) || !Array.isArray(origins)) throw new RangeError("not a signer's state");
    if (v === 2) this.#inForce = parseKeys(inForce);
    for (const one of origins as readonly Readonly<Record<string, unknown>>[]) {
      const { origin, size, root, note, sm3Root, keys } = one;
      if (typeof origin !== "string" || typeof root !== "string" || typeof note !== "string")
        throw new RangeError("not a signer's state");
      const signed = parseCheckpoint(parseNote(note).text);
      if (signed.origin !== origin || signed.size !== size || toBase64(signed.root) !== root)
        throw new RangeError("a signer's state contradicts its own note");
      this.#trees.set(origin, {
        size: signed.size,
        root: fromBase64(root),
        note,
        ...(typeof sm3Root === "string" ? { sm3Root: fromBase64(sm3Root) } : {}),
        keys: v === 2 ? parseKeys(keys) : [],
      });
    }
  }
}
