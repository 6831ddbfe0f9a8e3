/** The stored rows of one view. Invariant: a view that stands still answers nobody, since its rows are stale. */
import { CodedError } from "../domain/errors.ts";
import type { ViewTable } from "../evidence/append.ts";
import type { JsonObject } from "../evidence/record.ts";
import type { Database } from "./database.ts";
import { viewRowKey, viewRowName } from "./keys.ts";

const DEFAULT_LIMIT = 1000;
const ROW_KEY = /^[\x20-\x7e]{1,512}$/;
const decoder = new TextDecoder();

/** Throws RangeError unless the key is printable ASCII of at most 512 characters. */
export function checkRowKey(key: string): void {
  if (!ROW_KEY.test(key)) throw new RangeError("a row's key is 1 to 512 printable ASCII characters");
}

// Rows are written by ViewBatch alone, which takes JsonObject only.
const parse = (bytes: Uint8Array): JsonObject => JSON.parse(decoder.decode(bytes)) as JsonObject;

export class ViewRows implements ViewTable {
  readonly #view: string;
  readonly #database: Database;
  readonly #failed: () => boolean;

  constructor(view: string, database: Database, failed: () => boolean) {
    this.#view = view;
    this.#database = database;
    this.#failed = failed;
  }

  #check(): void {
    if (this.#failed()) throw new CodedError("store.viewFailed", { view: this.#view });
  }

  async get(key: string): Promise<JsonObject | undefined> {
    this.#check();
    checkRowKey(key);
    const value = await this.#database.get(viewRowKey(this.#view, key));
    return value === undefined ? undefined : parse(value);
  }

  async range(options: {
    readonly from: string;
    readonly to: string;
    readonly limit?: number;
    readonly reverse?: boolean;
  }): Promise<readonly (readonly [key: string, value: JsonObject])[]> {
    this.#check();
    const found: [string, JsonObject][] = [];
    if (options.from >= options.to) return found;
    for await (const [key, value] of this.#database.rows({
      gte: viewRowKey(this.#view, options.from),
      lt: viewRowKey(this.#view, options.to),
      limit: options.limit ?? DEFAULT_LIMIT,
      reverse: options.reverse ?? false,
    }))
      found.push([viewRowName(this.#view, key), parse(value)]);
    return found;
  }
}
