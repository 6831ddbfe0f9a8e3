/**
 * The logs of a data folder in order, and how one follows the other. Invariant: only the newest is appended to;
 * a log appears under its name only when its `open` entry, which names the one before, is durable.
 */
import { seq, streamId, type LogId, logId } from "../domain/ids.ts";
import { BEIJING_OFFSET_MS, type Clock } from "../domain/time.ts";
import type { EntryDraft, RecordDraft, StoredCheckpoint } from "../evidence/append.ts";
import { toHex } from "../evidence/bytes.ts";
import { originOf } from "../evidence/checkpoint.ts";
import type { Suite } from "../evidence/suite.ts";
import type { StoreLimits } from "./contract.ts";
import { type DraftTools, type NumberedEntry, numberDraft, prepareDraft, withSm3 } from "./draft.ts";
import {
  listLogs,
  logFolder,
  makeFolder,
  removeFolder,
  removeUnfinished,
  renameFolder,
  unfinishedLogFolder,
} from "./folders.ts";
import { OneLog, type OneLogOptions } from "./one-log.ts";
import type { LogOpening, SealedReader, StoreNotice } from "./ports.ts";
import { sm3 } from "./sm3.ts";

export interface LogSeriesOptions extends DraftTools {
  readonly dataFolder: string;
  readonly unit: string;
  readonly gateway: string;
  /** Of the logs that begin from now on. */
  readonly suite: Suite;
  readonly limits: StoreLimits;
  readonly reader: SealedReader;
  readonly onNotice: (notice: StoreNotice) => void;
}

/** What the first entry of a log says of the one before. */
export interface PreviousLog {
  readonly logId: LogId;
  /** The newest known checkpoint: the stored one, or the signer's when the disk went back. */
  readonly note?: string;
}

const beijingYear = (clock: Clock): number => new Date(clock.wallMs() + BEIJING_OFFSET_MS).getUTCFullYear();
const yearOf = (id: LogId): number => Number(id.slice(0, 4));
/** Entries about the log itself are a stream of their own. */
export const LOG_STREAM = streamId("log");

export class LogSeries {
  readonly #options: LogSeriesOptions;
  readonly #logs: OneLog[];

  private constructor(options: LogSeriesOptions, logs: OneLog[]) {
    this.#options = options;
    this.#logs = logs;
  }

  /** Opens every log; makes the first one in an empty folder. Throws `store.unreadable`. */
  static async open(options: LogSeriesOptions): Promise<LogSeries> {
    await removeUnfinished(options.dataFolder);
    const ids = await listLogs(options.dataFolder);
    const series = new LogSeries(options, []);
    try {
      for (const [i, id] of ids.entries()) series.#logs.push(await series.#openLog(id, i < ids.length - 1));
      if (ids.length === 0) await series.begin("first");
      return series;
    } catch (cause) {
      await series.close();
      throw cause;
    }
  }

  get logs(): readonly OneLog[] {
    return this.#logs;
  }

  get current(): OneLog {
    const newest = this.#logs.at(-1);
    if (newest === undefined) throw new RangeError("a series has at least one log");
    return newest;
  }

  find(id: LogId): OneLog | undefined {
    return this.#logs.find((log) => log.logId === id);
  }

  /** True when a new year has begun by a clock that can be trusted; a year never goes back. */
  get yearIsOver(): boolean {
    const { clock } = this.#options;
    return clock.ntp() === "synced" && beijingYear(clock) > yearOf(this.current.logId);
  }

  /** The entry that ends the current log. */
  closing(why: LogOpening): RecordDraft {
    return { type: "close", stream: LOG_STREAM, record: { json: { why, next: this.#nextId(why) } } };
  }

  /** Makes and opens the next log and returns its `open` entry as appended. */
  async begin(why: LogOpening, previous?: PreviousLog): Promise<OneLog> {
    const { dataFolder, onNotice } = this.#options;
    const id = this.#nextId(why);
    // An attempt that failed after the rename has left the log ready.
    if (!(await listLogs(dataFolder)).includes(id)) await this.#make(id, why, previous);
    const before = this.#logs.at(-1);
    const log = await this.#openLog(id, false);
    this.#logs.push(log);
    before?.volumes.seal();
    onNotice({ kind: "logOpened", logId: id, why });
    return log;
  }

  /** Under another name until the first entry is durable; LevelDB has opened each database twice by then. */
  async #make(id: LogId, why: LogOpening, previous: PreviousLog | undefined): Promise<void> {
    const { dataFolder, suite } = this.#options;
    const unfinished = unfinishedLogFolder(dataFolder, id);
    await removeFolder(unfinished);
    await makeFolder(unfinished);
    const fresh = await OneLog.open(this.#logOptions(id, unfinished), false);
    try {
      const draft: RecordDraft = {
        type: "open",
        stream: LOG_STREAM,
        record: {
          json: {
            why,
            origin: fresh.options.origin,
            ...(suite === "ed25519-sha256" ? {} : { suite }),
            ...(previous === undefined ? {} : { previous: { ...previous } }),
          },
        },
      };
      const first = nextEntry(fresh, draft, this.#options);
      await fresh.writeBodies([[first]]);
      await fresh.log.append([first]);
    } finally {
      await fresh.close();
    }
    await renameFolder(unfinished, logFolder(dataFolder, id));
  }

  #nextId(why: LogOpening): LogId {
    const newest = this.#logs.at(-1)?.logId;
    const now = beijingYear(this.#options.clock);
    if (newest === undefined) return logId(String(now).padStart(4, "0"));
    if (why === "year") return logId(String(Math.max(now, yearOf(newest) + 1)));
    const [year = "", k = "0"] = newest.split(".");
    return logId(`${year}.${Number(k) + 1}`);
  }

  #logOptions(id: LogId, folder: string): OneLogOptions {
    const { unit, gateway, suite, clock, limits, reader, onNotice } = this.#options;
    return {
      logId: id,
      origin: originOf({ unit, gateway, logId: id }),
      folder,
      newSuite: suite,
      clock,
      limits,
      reader,
      onDamaged: (volume, cause) => {
        onNotice({ kind: "volumeDamaged", logId: id, volume, cause });
      },
    };
  }

  async #openLog(id: LogId, sealed: boolean): Promise<OneLog> {
    return OneLog.open(this.#logOptions(id, logFolder(this.#options.dataFolder, id)), sealed);
  }

  async close(): Promise<void> {
    for (const log of this.#logs) await log.close();
  }
}

/** The entry that follows the head of this log, of the log's own suite; for where no group is under way. */
export function nextEntry(log: OneLog, draft: EntryDraft, tools: DraftTools): NumberedEntry {
  const prepared = prepareDraft(draft, tools);
  const whole = log.log.suite === "sm2-sm3" ? withSm3(prepared, toHex(sm3(prepared.body))) : prepared;
  return numberDraft(whole, { seq: seq(log.size), n: log.log.nextOf(prepared.stream) });
}

/** What the next log's first entry says of this one. */
export function previousLog(log: OneLog, checkpoint: StoredCheckpoint | undefined): PreviousLog {
  return { logId: log.logId, ...(checkpoint === undefined ? {} : { note: checkpoint.note }) };
}
