/**
 * Everything of one log id: its entries, its records and its volumes. Invariant: a body is synced before its
 * entry is written, so an entry of the log always had its body.
 */
import { CodedError } from "../domain/errors.ts";
import type { LogId } from "../domain/ids.ts";
import type { StoredCheckpoint } from "../evidence/append.ts";
import { Database, type Write, del, put } from "./database.ts";
import type { NumberedEntry } from "./draft.ts";
import { EraseGate } from "./erase-gate.ts";
import { entriesFolder, recordsFolder } from "./folders.ts";
import {
  ATOMICS,
  UNFINISHED_ABSENCES,
  atomicKey,
  bodiesFrom,
  seqKey,
  seqOfAtomicKey,
  seqOfKey,
  seqOfUnfinishedKey,
  unfinishedKey,
} from "./keys.ts";
import { checkedBody } from "./body-check.ts";
import { LogDatabase, type LoggedEntry } from "./log-database.ts";
import { Volumes, type VolumesOptions } from "./volumes.ts";
import { isFootage } from "../evidence/entry.ts";
import type { Suite } from "../evidence/suite.ts";

export interface OneLogOptions extends VolumesOptions {
  readonly logId: LogId;
  readonly origin: string;
  /** What this log is to be if it has no entry yet. */
  readonly newSuite: Suite;
}

interface Databases {
  readonly log: LogDatabase;
  readonly records: Database;
  readonly volumes: Volumes;
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** When a read of records goes by range: from so many on, and where at most a quarter between them is not wanted. */
const FEWEST_FOR_RANGE = 8;
const DENSE = 1.25;

export class OneLog {
  readonly options: OneLogOptions;
  readonly #gate = new EraseGate();
  #databases: Databases | undefined;
  /** Marks of groups that are durable by now; the next batch of records removes them. */
  #spentMarks: Uint8Array[] = [];
  #size = 0;
  #checkpoint: StoredCheckpoint | undefined;

  private constructor(options: OneLogOptions) {
    this.options = options;
  }

  /** `sealed`: the log has ended, nothing is appended to it. Throws `store.unreadable`. */
  static async open(options: OneLogOptions, sealed: boolean): Promise<OneLog> {
    const log = new OneLog(options);
    await log.#open(sealed);
    return log;
  }

  async #open(sealed: boolean): Promise<void> {
    const { folder, logId, newSuite } = this.options;
    const opened: { close(): Promise<void> }[] = [];
    try {
      const log = await LogDatabase.open(entriesFolder(folder), logId, newSuite);
      opened.push(log);
      const records = await Database.open(recordsFolder(folder));
      opened.push(records);
      const volumes = await Volumes.open(this.options, log.size, sealed);
      this.#spentMarks = [];
      for await (const key of records.keys(ATOMICS)) this.#spentMarks.push(key);
      this.#databases = { log, records, volumes };
      this.#size = log.size;
    } catch (cause) {
      for (const database of opened) await database.close();
      throw cause;
    }
  }

  get logId(): LogId {
    return this.options.logId;
  }

  get size(): number {
    return this.#databases?.log.size ?? this.#size;
  }

  /** The newest stored checkpoint, also while the databases are closed. */
  get checkpoint(): StoredCheckpoint | undefined {
    return this.#databases === undefined ? this.#checkpoint : this.#databases.log.checkpoint;
  }

  get #live(): Databases {
    if (this.#databases === undefined) throw new CodedError("store.diskFailed", { logId: this.logId });
    return this.#databases;
  }

  /** Throws `store.diskFailed` while the databases are closed after a disk error. */
  get log(): LogDatabase {
    return this.#live.log;
  }

  get volumes(): Volumes {
    return this.#live.volumes;
  }

  /**
   * Bodies of a group, synced: footage and records side by side. A part with both kinds needs its records
   * first with a mark of its extent, so that a restart can tell a torn part from a whole one.
   */
  async writeBodies(parts: readonly (readonly NumberedEntry[])[]): Promise<void> {
    const { records, volumes } = this.#live;
    const all = parts.flat();
    const footage = all.filter((entry) => entry.footage);
    const writes: Write[] = all
      .filter((entry) => !entry.footage)
      .map(({ entry, value }) => put(seqKey(entry.seq), value));
    const mixed = parts.filter(
      (part) => part.some((entry) => entry.footage) && part.some((entry) => !entry.footage),
    );
    const marks = mixed.flatMap(([first, ...rest]) =>
      first === undefined ? [] : [put(atomicKey(first.entry.seq), u32(rest.length + 1))],
    );
    // Whoever reads `release` or `erase` may rely on it: what a crash interrupts is carried out at the next start.
    const unfinished = all
      .filter(({ entry }) => entry.type === "release" || entry.type === "erase")
      .map(({ entry }) => put(unfinishedKey(entry.seq), new Uint8Array()));
    const writeRecords = async (): Promise<void> => {
      if (writes.length === 0) return;
      const spent = this.#spentMarks;
      await records.write([...spent.map(del), ...writes, ...marks, ...unfinished], { sync: true });
      this.#spentMarks = marks.map((mark) => mark.key);
    };
    if (mixed.length > 0) {
      await writeRecords();
      await volumes.write(footage);
    } else {
      const done = await Promise.allSettled([writeRecords(), volumes.write(footage)]);
      for (const result of done) if (result.status === "rejected") throw result.reason;
    }
  }

  /** The stored value of an entry, wherever it lies; undefined when it is not there. */
  async value(logged: LoggedEntry): Promise<Uint8Array | undefined> {
    const { records, volumes } = this.#live;
    return isFootage(logged.entry.type)
      ? volumes.read(logged.entry.seq)
      : this.#gate.read(() => records.get(seqKey(logged.entry.seq)));
  }

  /** As `value`, checked against the entry. Throws `evidence.bodyMissing` or `evidence.bodyCorrupt`. */
  async body(logged: LoggedEntry): Promise<Uint8Array> {
    return checkedBody(this.logId, logged, await this.value(logged));
  }

  /** As `body`, with everything before it: the whole value as it is stored. */
  async checkedValue(logged: LoggedEntry): Promise<Uint8Array> {
    const value = await this.value(logged);
    checkedBody(this.logId, logged, value);
    // `checkedBody` throws where there is none.
    return value ?? new Uint8Array();
  }

  /** Entries that say what has to go and that are not carried out yet, ascending. */
  async unfinishedAbsences(): Promise<readonly number[]> {
    const found: number[] = [];
    for await (const key of this.#live.records.keys(UNFINISHED_ABSENCES)) found.push(seqOfUnfinishedKey(key));
    return found;
  }

  /** Says that what this entry tells is carried out, synced. */
  async finishAbsence(seq: number): Promise<void> {
    await this.#live.records.write([del(unfinishedKey(seq))], { sync: true });
  }

  /** Removes these records for good: no file holds a byte of them when it resolves. */
  async eraseRecords(seqs: readonly number[]): Promise<void> {
    const { records } = this.#live;
    const [first] = seqs;
    const last = seqs.at(-1);
    if (first === undefined || last === undefined) return;
    // First out of memory: a deletion that reaches a table together with its value would stay there beside it.
    await records.compact(seqKey(first), seqKey(last + 1));
    await this.#gate.alone(async () => {
      await records.write(
        seqs.map((seq) => del(seqKey(seq))),
        { sync: true },
      );
      await records.compact(seqKey(first), seqKey(last + 1));
    });
  }

  /** Values of records by sequence number, in the order asked for. */
  async recordValues(seqs: readonly number[]): Promise<readonly (Uint8Array | undefined)[]> {
    const { records } = this.#live;
    const first = seqs[0] ?? 0;
    const last = seqs.at(-1) ?? -1;
    // Nearly all of a range is read faster in one go than one by one.
    if (seqs.length < FEWEST_FOR_RANGE || last - first >= seqs.length * DENSE)
      return this.#gate.read(() => records.getMany(seqs.map(seqKey)));
    return this.#gate.read(async () => {
      const found = new Map<number, Uint8Array>();
      for await (const [key, value] of records.rows({ gte: seqKey(first), lt: seqKey(last + 1) }))
        found.set(seqOfKey(key), value);
      return seqs.map((seq) => found.get(seq));
    });
  }

  /** Sequence numbers from the head on under which a body lies, ascending. */
  async bodiesAboveHead(): Promise<{ readonly records: number[]; readonly footage: readonly number[] }> {
    const { records, volumes } = this.#live;
    const found: number[] = [];
    for await (const key of records.keys(bodiesFrom(this.size))) found.push(seqOfKey(key));
    return { records: found, footage: await volumes.bodiesFrom(this.size) };
  }

  /** Parts that are all or none, as half-open ranges. */
  async atomicParts(): Promise<readonly (readonly [from: number, to: number])[]> {
    const parts: [number, number][] = [];
    for await (const [key, value] of this.#live.records.rows(ATOMICS)) {
      const from = seqOfAtomicKey(key);
      const count = new DataView(value.buffer, value.byteOffset, value.byteLength).getUint32(0);
      parts.push([from, from + count]);
    }
    return parts;
  }

  async bodyAt(seq: number, kind: "record" | "footage"): Promise<Uint8Array | undefined> {
    const { records, volumes } = this.#live;
    return kind === "record" ? records.get(seqKey(seq)) : volumes.read(seq);
  }

  /** Removes every body from the head on, out of the files too: nobody was told that they are kept. */
  async removeAboveHead(): Promise<void> {
    const above = await this.bodiesAboveHead();
    const { volumes } = this.#live;
    await this.eraseRecords(above.records);
    await volumes.remove(above.footage);
  }

  /** Closes and opens all databases: the only way out of LevelDB's sticky error. Throws what opening throws. */
  async reopen(): Promise<void> {
    await this.close();
    await this.#open(false);
  }

  async close(): Promise<void> {
    const databases = this.#databases;
    if (databases === undefined) return;
    this.#size = databases.log.size;
    this.#checkpoint = databases.log.checkpoint;
    this.#databases = undefined;
    await databases.volumes.close();
    await databases.records.close();
    await databases.log.close();
  }
}
