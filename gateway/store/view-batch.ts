/**
 * What a projection writes while entries are applied. Invariant: an entry's writes count only when its `apply`
 * ended well, and nothing is on disk before the whole batch goes there with its mark.
 */
import type { ViewTransaction } from "../evidence/append.ts";
import type { JsonObject } from "../evidence/record.ts";
import { type Write, del, put } from "./database.ts";
import { viewRowKey } from "./keys.ts";
import type { ViewRows } from "./view-rows.ts";
import { checkRowKey } from "./view-rows.ts";

/** JSON text of a row, or null for a deleted one. */
type Pending = Map<string, string | null>;

const DEFAULT_LIMIT = 1000;
const parse = (text: string): JsonObject => JSON.parse(text) as JsonObject;

export class ViewBatch implements ViewTransaction {
  readonly #rows: ViewRows;
  readonly #done: Pending = new Map();
  #now: Pending = new Map();

  constructor(rows: ViewRows) {
    this.#rows = rows;
  }

  get size(): number {
    return this.#done.size;
  }

  put(key: string, value: JsonObject): void {
    checkRowKey(key);
    this.#now.set(key, JSON.stringify(value));
  }

  del(key: string): void {
    checkRowKey(key);
    this.#now.set(key, null);
  }

  async get(key: string): Promise<JsonObject | undefined> {
    const pending = this.#now.has(key) ? this.#now.get(key) : this.#done.get(key);
    if (pending === null) return undefined;
    if (pending !== undefined) return parse(pending);
    return this.#rows.get(key);
  }

  async range(options: {
    readonly from: string;
    readonly to: string;
    readonly limit?: number;
    readonly reverse?: boolean;
  }): Promise<readonly (readonly [key: string, value: JsonObject])[]> {
    const limit = options.limit ?? DEFAULT_LIMIT;
    const pending = new Map(
      [...this.#done, ...this.#now].filter(([key]) => key >= options.from && key < options.to),
    );
    const stored = await this.#rows.range({ ...options, limit: limit + pending.size });
    const rows = new Map(stored);
    for (const [key, text] of pending)
      if (text === null) rows.delete(key);
      else rows.set(key, parse(text));
    const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
    if (options.reverse === true) sorted.reverse();
    return sorted.slice(0, limit);
  }

  /** The entry's writes count from now on. */
  keep(): void {
    for (const [key, text] of this.#now) this.#done.set(key, text);
    this.#now = new Map();
  }

  /** The entry's writes never were. */
  drop(): void {
    this.#now = new Map();
  }

  writes(view: string): readonly Write[] {
    const encoder = new TextEncoder();
    return [...this.#done].map(([key, text]) =>
      text === null ? del(viewRowKey(view, key)) : put(viewRowKey(view, key), encoder.encode(text)),
    );
  }
}
