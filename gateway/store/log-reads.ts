/**
 * Everything that reads: entries, bodies, tiles, proofs, over all logs. Invariant: nothing is handed out whose
 * hash was not checked against the log.
 */
import { CodedError } from "../domain/errors.ts";
import { type EntryRef, type LogId, seq } from "../domain/ids.ts";
import type { LogReader, ReadFootage, ReadRecord, StoredCheckpoint } from "../evidence/append.ts";
import { concatBytes } from "../evidence/bytes.ts";
import type { Entry } from "../evidence/entry.ts";
import { emptyRoot } from "../evidence/merkle/hash.ts";
import { consistencyProof, inclusionProof, treeRoot } from "../evidence/merkle/proof.ts";
import { decodeRecord } from "../evidence/record.ts";
import { TILE_WIDTH, encodeBundle } from "../evidence/tiles.ts";
import type { BodyValues, LogFiles, LogHead } from "./contract.ts";
import type { Absences } from "./absences.ts";
import type { LogSeries } from "./log-series.ts";
import type { LoggedEntry } from "./log-database.ts";
import type { OneLog } from "./one-log.ts";
import { sha256 } from "./sha256.ts";

export class LogReads implements LogReader, LogFiles, BodyValues {
  readonly #series: LogSeries;
  readonly #absences: Absences;

  constructor(series: LogSeries, absences: Absences) {
    this.#series = series;
    this.#absences = absences;
  }

  #log(logId: LogId): OneLog {
    const log = this.#series.find(logId);
    if (log === undefined) throw new CodedError("evidence.noSuchEntry", { logId });
    return log;
  }

  #upTo(logId: LogId, size: number): OneLog {
    const log = this.#log(logId);
    if (!Number.isSafeInteger(size) || size < 0 || size > log.size)
      throw new CodedError("evidence.noSuchEntry", { logId, size });
    return log;
  }

  async #read(ref: EntryRef): Promise<{ readonly logged: LoggedEntry; readonly body: Uint8Array }> {
    const { log, logged } = await this.#present(ref);
    return { logged, body: await log.body(logged) };
  }

  /** An entry whose body should be there. */
  async #present(ref: EntryRef): Promise<{ readonly log: OneLog; readonly logged: LoggedEntry }> {
    const log = this.#log(ref.logId);
    const logged = await log.log.entry(ref.seq);
    const { seq: at, type, stream } = logged.entry;
    const why = await this.#absences.reasonFor(ref.logId, logged.entry);
    // Said before anything is opened: the volume that held it is gone.
    if (why !== undefined)
      throw new CodedError("evidence.bodyMissing", { logId: ref.logId, seq: at, type, stream, why });
    return { log, logged };
  }

  async readRecord(ref: EntryRef): Promise<ReadRecord> {
    const { logged, body } = await this.#read(ref);
    return { logId: ref.logId, seq: ref.seq, entry: logged.entry, body: decodeRecord(body) };
  }

  async readFootage(ref: EntryRef): Promise<ReadFootage> {
    const { logged, body } = await this.#read(ref);
    return { logId: ref.logId, seq: ref.seq, entry: logged.entry, bytes: body };
  }

  async readEntry(ref: EntryRef): Promise<Entry> {
    return (await this.#log(ref.logId).log.entry(ref.seq)).entry;
  }

  async bodyValue(ref: EntryRef): Promise<Uint8Array> {
    const { log, logged } = await this.#present(ref);
    return log.checkedValue(logged);
  }

  async entries(
    logId: LogId,
    from: number,
    limit: number,
  ): Promise<readonly { readonly seq: ReturnType<typeof seq>; readonly bytes: Uint8Array }[]> {
    const found = await this.#log(logId).log.entryBytes(from, limit);
    return found.map((bytes, i) => ({ seq: seq(from + i), bytes }));
  }

  logs(): readonly LogHead[] {
    const { current } = this.#series;
    return this.#series.logs.map((log) => ({
      logId: log.logId,
      origin: log.options.origin,
      size: log.size,
      current: log === current,
    }));
  }

  checkpoint(logId: LogId): StoredCheckpoint | undefined {
    return this.#series.find(logId)?.checkpoint;
  }

  async turnovers(logId: LogId): Promise<readonly StoredCheckpoint[]> {
    return this.#log(logId).log.turnovers();
  }

  async tile(logId: LogId, level: number, index: number, width: number): Promise<Uint8Array | undefined> {
    const log = this.#series.find(logId);
    if (log === undefined || width < 1 || width > TILE_WIDTH) return undefined;
    const held = Math.floor(log.size / TILE_WIDTH ** level);
    if (index * TILE_WIDTH + width > held) return undefined;
    return concatBytes(await log.log.read(level, index * TILE_WIDTH, width));
  }

  async entryBundle(logId: LogId, index: number, width: number): Promise<Uint8Array | undefined> {
    const log = this.#series.find(logId);
    if (log === undefined || width < 1 || width > TILE_WIDTH) return undefined;
    if (index * TILE_WIDTH + width > log.size) return undefined;
    return encodeBundle(await log.log.entryBytes(index * TILE_WIDTH, width));
  }

  async inclusion(ref: EntryRef, size: number): Promise<readonly Uint8Array[]> {
    const log = this.#upTo(ref.logId, size);
    if (ref.seq >= size) throw new CodedError("evidence.noSuchEntry", { logId: ref.logId, seq: ref.seq });
    return inclusionProof(log.log, ref.seq, size);
  }

  async consistency(logId: LogId, from: number, to: number): Promise<readonly Uint8Array[]> {
    const log = this.#upTo(logId, to);
    if (from > to) throw new CodedError("evidence.noSuchEntry", { logId, size: from });
    return consistencyProof(log.log, from, to);
  }

  async rootAt(logId: LogId, size: number): Promise<Uint8Array> {
    const log = this.#upTo(logId, size);
    return size === 0 ? emptyRoot(sha256) : treeRoot(log.log, size);
  }
}
