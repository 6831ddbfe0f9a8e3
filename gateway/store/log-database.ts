/**
 * One log on disk: entries, tile hashes, frontier, stream counters, checkpoints. Invariant: what `size` and
 * `root` tell is synced; a group's entries, hashes and counters arrive in one batch or not at all.
 */
import { CodedError } from "../domain/errors.ts";
import type { LogId, StreamId } from "../domain/ids.ts";
import type { StoredCheckpoint } from "../evidence/append.ts";
import { equalBytes } from "../evidence/bytes.ts";
import { type Entry, decodeEntry } from "../evidence/entry.ts";
import { Frontier } from "../evidence/merkle/frontier.ts";
import { leafHash } from "../evidence/merkle/hash.ts";
import type { ProofSource } from "../evidence/merkle/proof.ts";
import type { Suite } from "../evidence/suite.ts";
import { Database, type Write, put } from "./database.ts";
import {
  ABSENCES,
  CHECKPOINT_KEY,
  FRONTIER_KEY,
  KEPT_CHECKPOINTS,
  SM3_FRONTIER_KEY,
  STREAMS,
  TURNOVERS,
  absenceKey,
  entryKey,
  hashKey,
  keptCheckpointKey,
  seqOfKey,
  streamKey,
  streamOfKey,
} from "./keys.ts";
import { KeyTurn } from "./key-turn.ts";
import { LOG_WRITE_BUFFER_BYTES } from "./limits.ts";
import { sha256 } from "./sha256.ts";
import { Sm3Tree } from "./sm3-tree.ts";

export interface LoggedEntry {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

const utf8 = new TextEncoder();

/** Throws SyntaxError when the bytes are not what `putCheckpoint` wrote. */
export function decodeCheckpoint(bytes: Uint8Array): StoredCheckpoint {
  // Written by `putCheckpoint` alone; the note in it carries its own signature.
  return JSON.parse(new TextDecoder().decode(bytes)) as StoredCheckpoint;
}

export class LogDatabase implements ProofSource {
  readonly logId: LogId;
  readonly sha256 = sha256;
  /** The same leaves hashed with SM3; undefined in a log of the default suite. */
  readonly sm3: Sm3Tree | undefined;
  readonly keyTurn: KeyTurn;
  readonly #database: Database;
  /** Entries of each stream, durable ones only. */
  readonly #streams: Map<string, number>;
  #frontier: Frontier;
  #checkpoint: StoredCheckpoint | undefined;

  private constructor(
    logId: LogId,
    database: Database,
    state: {
      readonly frontier: Frontier;
      readonly streams: Map<string, number>;
      readonly checkpoint: StoredCheckpoint | undefined;
      readonly sm3: Sm3Tree | undefined;
      readonly keyTurn: KeyTurn;
    },
  ) {
    this.logId = logId;
    this.#database = database;
    this.#frontier = state.frontier;
    this.#streams = state.streams;
    this.#checkpoint = state.checkpoint;
    this.sm3 = state.sm3;
    this.keyTurn = state.keyTurn;
  }

  /** `newSuite`: what a log without entries is to be; one that has entries stays what it is. */
  static async open(path: string, logId: LogId, newSuite: Suite): Promise<LogDatabase> {
    const database = await Database.open(path, { writeBufferBytes: LOG_WRITE_BUFFER_BYTES });
    try {
      const frontier = new Frontier(sha256, await database.get(FRONTIER_KEY));
      const streams = new Map<string, number>();
      for await (const [key, value] of database.rows(STREAMS)) streams.set(streamOfKey(key), seqOfKey(value));
      const checkpoint = await database.get(CHECKPOINT_KEY);
      const sm3Frontier = await database.get(SM3_FRONTIER_KEY);
      const hasSm3 = frontier.size === 0 ? newSuite === "sm2-sm3" : sm3Frontier !== undefined;
      return new LogDatabase(logId, database, {
        frontier,
        streams,
        checkpoint: checkpoint === undefined ? undefined : decodeCheckpoint(checkpoint),
        sm3: hasSm3 ? new Sm3Tree(database, sm3Frontier) : undefined,
        keyTurn: await KeyTurn.open(database),
      });
    } catch (cause) {
      await database.close();
      throw new CodedError("store.unreadable", { database: path }, { cause });
    }
  }

  get suite(): Suite {
    return this.sm3 === undefined ? "ed25519-sha256" : "sm2-sm3";
  }

  /** Durable entries. */
  get size(): number {
    return this.#frontier.size;
  }

  get checkpoint(): StoredCheckpoint | undefined {
    return this.#checkpoint;
  }

  /** Root of the durable tree. */
  root(): Uint8Array {
    return this.#frontier.root();
  }

  /** The next `n` of the stream after the durable entries. */
  nextOf(stream: StreamId): number {
    return this.#streams.get(stream) ?? 0;
  }

  /** Writes the entries that follow the head, in order, in one synced batch. */
  async append(entries: readonly LoggedEntry[]): Promise<void> {
    const frontier = new Frontier(sha256, this.#frontier.encode());
    const streams = new Map<string, number>();
    const writes: Write[] = [];
    for (const { entry, bytes } of entries) {
      if (entry.seq !== frontier.size) throw new RangeError("entries have to follow the head of the log");
      writes.push(put(entryKey(entry.seq), bytes));
      for (const tile of frontier.append(leafHash(sha256, bytes)))
        writes.push(put(hashKey(tile.level, tile.index), tile.hash));
      streams.set(entry.stream, entry.n + 1);
      if (entry.type === "release" || entry.type === "erase")
        writes.push(put(absenceKey(entry.seq), new Uint8Array()));
    }
    for (const [stream, count] of streams) writes.push(put(streamKey(stream), u64(count)));
    writes.push(put(FRONTIER_KEY, frontier.encode()));
    const national = this.sm3?.grow(entries.map(({ bytes }) => bytes));
    writes.push(...(national?.writes ?? []), ...this.keyTurn.writesFor(entries));
    await this.#database.write(writes, { sync: true });
    this.#frontier = frontier;
    national?.kept();
    this.keyTurn.heard(entries);
    for (const [stream, count] of streams) this.#streams.set(stream, count);
  }

  /** `kept` holds for ever (it went on paper); otherwise the next checkpoint replaces this one. */
  async putCheckpoint(checkpoint: StoredCheckpoint, kept: boolean): Promise<void> {
    const value = utf8.encode(JSON.stringify(checkpoint));
    const writes: Write[] = [put(CHECKPOINT_KEY, value)];
    const turns = this.keyTurn.isTurnover(checkpoint.note);
    if (kept || turns) writes.push(put(keptCheckpointKey(checkpoint.size), value));
    if (turns) writes.push(...this.keyTurn.writesOfTurnover(checkpoint.note));
    await this.#database.write(writes, { sync: true });
    this.#checkpoint = checkpoint;
    if (turns) this.keyTurn.turned(checkpoint.size);
  }

  /** Sequence numbers of the `release` and `erase` entries, ascending. */
  async absences(): Promise<readonly number[]> {
    const found: number[] = [];
    for await (const key of this.#database.keys(ABSENCES)) found.push(seqOfKey(key.subarray(1)));
    return found;
  }

  async *keptCheckpoints(): AsyncIterable<StoredCheckpoint> {
    for await (const [, value] of this.#database.rows(KEPT_CHECKPOINTS)) yield decodeCheckpoint(value);
  }

  /** Forgets what a tree of this size announced, synced: the signer has no such keys. */
  async dropAnnounced(size: number): Promise<void> {
    const writes = this.keyTurn.writesOfDrop(size);
    if (writes.length === 0) return;
    await this.#database.write(writes, { sync: true });
    this.keyTurn.turned(size);
  }

  /** The checkpoints at which keys changed, each signed by the old and the new ones, ascending by size. */
  async turnovers(): Promise<readonly StoredCheckpoint[]> {
    const sizes: number[] = [];
    for await (const key of this.#database.keys(TURNOVERS)) sizes.push(seqOfKey(key.subarray(1)));
    const values = await this.#database.getMany(sizes.map(keptCheckpointKey));
    return values.flatMap((value) => (value === undefined ? [] : [decodeCheckpoint(value)]));
  }

  /** The entry with its leaf hash checked. Throws `evidence.noSuchEntry` or `evidence.entryCorrupt`. */
  async entry(seq: number): Promise<LoggedEntry> {
    const where = { logId: this.logId, seq };
    if (seq < 0 || seq >= this.size) throw new CodedError("evidence.noSuchEntry", where);
    const [bytes, hash] = await this.#database.getMany([entryKey(seq), hashKey(0, seq)]);
    if (bytes === undefined || hash === undefined || !equalBytes(leafHash(sha256, bytes), hash))
      throw new CodedError("evidence.entryCorrupt", where);
    try {
      return { entry: decodeEntry(bytes), bytes };
    } catch (cause) {
      throw new CodedError("evidence.entryCorrupt", where, { cause });
    }
  }

  /** Raw entries from this one on, at most `limit`, without checks; stops at the durable head. */
  async entryBytes(from: number, limit: number): Promise<readonly Uint8Array[]> {
    const to = Math.min(this.size, from + limit);
    const found: Uint8Array[] = [];
    if (from >= to) return found;
    for await (const [key, value] of this.#database.rows({ gte: entryKey(from), lt: entryKey(to) })) {
      if (seqOfKey(key.subarray(1)) !== from + found.length)
        throw new CodedError("evidence.entryCorrupt", { logId: this.logId, seq: from + found.length });
      found.push(value);
    }
    return found;
  }

  /** Tile hashes `start` to `start + count - 1`; throws `evidence.entryCorrupt` when one is not there. */
  async read(level: number, start: number, count: number): Promise<readonly Uint8Array[]> {
    const found = await this.tileHashes(level, start, count);
    return found.map((hash, i) => {
      if (hash === undefined)
        throw new CodedError("evidence.entryCorrupt", { logId: this.logId, level, index: start + i });
      return hash;
    });
  }

  async tileHashes(
    level: number,
    start: number,
    count: number,
  ): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#database.getMany(Array.from({ length: count }, (_, i) => hashKey(level, start + i)));
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}
