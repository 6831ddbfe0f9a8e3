/**
 * One LevelDB with byte keys and byte values. Invariant: a refused write leaves an instance unusable (the error
 * is sticky in LevelDB), so whoever sees one closes it and opens a new one.
 */
import { Level } from "level";
import { CodedError } from "../domain/errors.ts";
import { pause } from "./deadline.ts";

export type Put = { readonly type: "put"; readonly key: Uint8Array; readonly value: Uint8Array };
export type Del = { readonly type: "del"; readonly key: Uint8Array };
export type Write = Put | Del;

export interface KeyRange {
  readonly gte?: Uint8Array;
  readonly lt?: Uint8Array;
  readonly limit?: number;
  readonly reverse?: boolean;
}

export interface DatabaseOptions {
  /** Default true; false: fail when there is none. */
  readonly create?: boolean;
  readonly writeBufferBytes?: number;
  readonly fileBytes?: number;
}

export const put = (key: Uint8Array, value: Uint8Array): Put => ({ type: "put", key, value });
export const del = (key: Uint8Array): Del => ({ type: "del", key });

export class Database {
  readonly path: string;
  readonly #options: DatabaseOptions;
  #level: Level<Uint8Array, Uint8Array>;

  private constructor(path: string, options: DatabaseOptions, level: Level<Uint8Array, Uint8Array>) {
    this.path = path;
    this.#options = options;
    this.#level = level;
  }

  /** Throws `store.unreadable` with LevelDB's error as the cause. */
  static async open(path: string, options: DatabaseOptions = {}): Promise<Database> {
    return new Database(path, options, await openLevel(path, options));
  }

  /** Closes and opens it again: the only way out of LevelDB's sticky error after a refused write. */
  async reopen(): Promise<void> {
    await this.close();
    this.#level = await openLevel(this.path, this.#options);
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    // The package's types leave out that a missing key gives undefined.
    const value: Uint8Array | undefined = await this.#coded(this.#level.get(key));
    return value;
  }

  async getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    return await this.#coded(this.#level.getMany([...keys]));
  }

  /** All writes or none; `sync` returns only when they are on disk. */
  async write(writes: readonly Write[], options: { readonly sync: boolean }): Promise<void> {
    await this.#coded(this.#level.batch([...writes], { sync: options.sync }));
  }

  /** Key and value in key order. */
  async *rows(range: KeyRange): AsyncGenerator<readonly [Uint8Array, Uint8Array], void, undefined> {
    try {
      for await (const row of this.#level.iterator({ ...range, highWaterMarkBytes: 1024 * 1024 })) yield row;
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  async *keys(range: KeyRange): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const key of this.#level.keys(range)) yield key;
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  /** Rewrites the tables of the range, so that no byte of what was deleted there is left in a file. */
  async compact(from: Uint8Array, to: Uint8Array): Promise<void> {
    if (!compacts(this.#level)) throw new RangeError("this database can't be compacted");
    await this.#coded(this.#level.compactRange(from, to));
  }

  /** Deletes the range; space comes back with LevelDB's own compaction. */
  async clear(range: KeyRange): Promise<void> {
    await this.#coded(this.#level.clear(range));
  }

  async close(): Promise<void> {
    await this.#level.close();
  }

  async #coded<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  #failure(cause: unknown): unknown {
    if (cause instanceof CodedError) return cause;
    return new CodedError("store.diskFailed", { database: this.path }, { cause });
  }
}

interface Compacting {
  compactRange(from: Uint8Array, to: Uint8Array): Promise<void>;
}

/** On Node `level` is LevelDB, whose types it does not repeat. */
const compacts = (level: object): level is Compacting => "compactRange" in level;

/** A process that was killed a moment ago, or its reader, may hold the lock a little longer. */
const LOCKED_FOR_MS = 3000;
const LOCK_PAUSE_MS = 50;

function levelCode(cause: unknown): unknown {
  const inner = cause instanceof Error ? cause.cause : undefined;
  return inner instanceof Error && "code" in inner ? inner.code : undefined;
}

/** True when this failure to open says nothing about the database: the disk is full. */
export function isDiskFull(cause: unknown): boolean {
  for (let error = cause; error instanceof Error; error = error.cause)
    if (error.message.includes("No space left")) return true;
  return false;
}

async function openLevel(path: string, options: DatabaseOptions): Promise<Level<Uint8Array, Uint8Array>> {
  const give = performance.now() + LOCKED_FOR_MS;
  for (;;) {
    const level = new Level<Uint8Array, Uint8Array>(path, {
      keyEncoding: "view",
      valueEncoding: "view",
      createIfMissing: options.create ?? true,
      compression: false,
      ...(options.writeBufferBytes === undefined ? {} : { writeBufferSize: options.writeBufferBytes }),
      ...(options.fileBytes === undefined ? {} : { maxFileSize: options.fileBytes }),
    });
    try {
      await level.open();
      return level;
    } catch (cause) {
      await level.close();
      if (levelCode(cause) !== "LEVEL_LOCKED" || performance.now() > give)
        throw new CodedError("store.unreadable", { database: path }, { cause });
    }
    await pause(LOCK_PAUSE_MS);
  }
}
