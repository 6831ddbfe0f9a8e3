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

/** A row, or null for a deleted one. Rows are immutable by type, so they become text only once: when written. */
type Pending = Map<string, JsonObject | null>;

const DEFAULT_LIMIT = 1000;

export class ViewBatch implements ViewTransaction {
  readonly #rows: ViewRows;
  /** The batch before, once it is on disk: what it wrote is likely to be asked for again. */
  #earlier: ViewBatch | undefined;
  readonly #done: Pending = new Map();
  #now: Pending = new Map();

  constructor(rows: ViewRows, earlier?: ViewBatch) {
    this.#rows = rows;
    this.#earlier = earlier;
  }

  /** What this batch alone says of a row: null when deleted, undefined when it says nothing. */
  own(key: string): JsonObject | null | undefined {
    return this.#now.has(key) ? this.#now.get(key) : this.#done.get(key);
  }

  get size(): number {
    return this.#done.size;
  }

  put(key: string, value: JsonObject): void {
    checkRowKey(key);
    this.#now.set(key, value);
  }

  del(key: string): void {
    checkRowKey(key);
    this.#now.set(key, null);
  }

  async get(key: string): Promise<JsonObject | undefined> {
    const own = this.own(key);
    const known = own === undefined ? this.#earlier?.own(key) : own;
    if (known === undefined) return this.#rows.get(key);
    return known ?? undefined;
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
    for (const [key, row] of pending)
      if (row === null) rows.delete(key);
      else rows.set(key, row);
    const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
    if (options.reverse === true) sorted.reverse();
    return sorted.slice(0, limit);
  }

  /** Itself without the one before, so that no chain of batches is kept. */
  alone(): this {
    this.#earlier = undefined;
    return this;
  }

  /** The entry's writes count from now on. */
  keep(): void {
    for (const [key, row] of this.#now) this.#done.set(key, row);
    this.#now.clear();
  }

  /** The entry's writes never were. */
  drop(): void {
    this.#now = new Map();
  }

  writes(view: string): readonly Write[] {
    return [...this.#done].map(([key, row]) =>
      row === null
        ? del(viewRowKey(view, key))
        : put(viewRowKey(view, key), Buffer.from(JSON.stringify(row))),
    );
  }
}
