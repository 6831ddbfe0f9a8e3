/**
 * Runs projections over the logs and keeps their rows in `data/views`. Invariant: a view's rows and the mark of
 * how far it is applied change in one batch, so every entry counts once, whenever the process ends.
 */
import { CodedError } from "../domain/errors.ts";
import { type EntryRef, compareLogIds } from "../domain/ids.ts";
import type { ProjectedEntry, Projection, ViewTable, Views } from "../evidence/append.ts";
import { toHex } from "../evidence/bytes.ts";
import { decodeEntry, isFootage } from "../evidence/entry.ts";
import { decodeRecord } from "../evidence/record.ts";
import { checkedBody } from "./body-check.ts";
import { Database, isDiskFull, put } from "./database.ts";
import { pause, within } from "./deadline.ts";
import { removeFolder } from "./folders.ts";
import { DISK_RETRY_MS } from "./limits.ts";
import { viewMarkKey, viewRows } from "./keys.ts";
import type { LogSeries } from "./log-series.ts";
import type { OneLog } from "./one-log.ts";
import type { StoreNotice } from "./ports.ts";
import { type Cursor, type Mark, readMark, writeMark } from "./view-mark.ts";
import { ViewBatch } from "./view-batch.ts";
import { ViewRows } from "./view-rows.ts";

export interface ViewsOptions {
  readonly folder: string;
  readonly series: LogSeries;
  readonly appliedMs: number;
  readonly onNotice: (notice: StoreNotice) => void;
}

interface Running {
  readonly projection: Projection;
  readonly rows: ViewRows;
  readonly types: ReadonlySet<string>;
  cursor: Cursor;
  /** Entries passed over since the mark was written: they are only looked at again after a restart. */
  unmarked: number;
  failed: boolean;
  /** What was written last, for the next batch to look in before it asks the disk. */
  last?: ViewBatch;
}

interface Waiter {
  readonly ref: EntryRef;
  readonly resolve: () => void;
  readonly reject: (cause: unknown) => void;
}

/** Of a rebuild behind views that are in use: somebody may wait for those as long as one such batch takes. */
const BATCH_ENTRIES = 256;
/** Where nobody is served before the views have caught up. */
const LONG_BATCH_ENTRIES = 1024;
const RECORDS_AT_ONCE = 64;
const MARK_EVERY = 1000;
const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;

const order = (a: Cursor, b: Cursor): number => compareLogIds(a.logId, b.logId) || a.next - b.next;

export class ViewRunner implements Views {
  readonly #options: ViewsOptions;
  readonly #database: Database;
  readonly #running = new Map<string, Running>();
  #waiters: Waiter[] = [];
  #loop: Promise<void> | undefined;
  #started = false;
  #again = false;
  #closed = false;
  #lastFault = "";
  #ahead: { log: OneLog; from: number; entries: Promise<readonly Uint8Array[]> } | undefined;

  private constructor(options: ViewsOptions, database: Database) {
    this.#options = options;
    this.#database = database;
  }

  /** Opens the views' database; one that can't be opened is deleted, since all of it follows from the log. */
  static async open(options: ViewsOptions): Promise<ViewRunner> {
    try {
      return new ViewRunner(options, await Database.open(options.folder));
    } catch (cause) {
      if (isDiskFull(cause)) throw cause;
      await removeFolder(options.folder);
      options.onNotice({ kind: "viewRebuild", view: "*", why: "the views could not be opened" });
      return new ViewRunner(options, await Database.open(options.folder));
    }
  }

  get failed(): readonly string[] {
    return [...this.#running.values()].filter((view) => view.failed).map((view) => view.projection.name);
  }

  register(projection: Projection): ViewTable {
    const { name } = projection;
    if (!NAME.test(name)) throw new RangeError("a view's name is lower-case letters, digits, dot and dash");
    if (this.#started || this.#running.has(name))
      throw new CodedError("store.lateRegistration", { view: name });
    const view: Running = {
      projection,
      rows: new ViewRows(name, this.#database, () => view.failed),
      types: new Set(projection.types),
      cursor: this.#beginning(),
      unmarked: 0,
      failed: false,
    };
    this.#running.set(name, view);
    return view.rows;
  }

  #beginning(): Cursor {
    const [first] = this.#options.series.logs;
    if (first === undefined) throw new RangeError("a series has at least one log");
    return { logId: first.logId, next: 0 };
  }

  /** Takes up each view where it stood and resolves when all have caught up. */
  async catchUp(): Promise<void> {
    if (!this.#started) {
      this.#started = true;
      for (const view of this.#running.values()) await this.#takeUp(view);
      this.#settle();
    }
    const { current } = this.#options.series;
    const head: Cursor = { logId: current.logId, next: current.size };
    const views = [...this.#running.values()];
    while (!this.#closed && views.some((view) => !view.failed && order(view.cursor, head) < 0)) {
      this.wake();
      await this.#loop;
    }
  }

  async #takeUp(view: Running): Promise<void> {
    const { name, version } = view.projection;
    const mark = readMark(await this.#database.get(viewMarkKey(name)));
    const why = mark === undefined ? "new" : await this.#mismatch(mark, version);
    if (mark !== undefined && why === undefined) {
      view.cursor = mark.cursor;
      return;
    }
    delete view.last;
    await this.#database.clear(viewRows(name));
    if (mark !== undefined) this.#options.onNotice({ kind: "viewRebuild", view: name, why: why ?? "" });
  }

  async #mismatch(mark: Mark, version: number): Promise<string | undefined> {
    if (mark.version !== version) return "another version";
    const log = this.#options.series.find(mark.cursor.logId);
    if (log === undefined || mark.cursor.next > log.size) return "its log is not the one it was made from";
    return (await this.#leafBefore(mark.cursor)) === mark.leaf ? undefined : "its log has other entries";
  }

  /** Leaf hash of the last entry applied, so that a view of another history is noticed. */
  async #leafBefore(cursor: Cursor): Promise<string> {
    if (cursor.next === 0) return "";
    const [hash] =
      (await this.#options.series.find(cursor.logId)?.log.tileHashes(0, cursor.next - 1, 1)) ?? [];
    return hash === undefined ? "" : toHex(hash);
  }

  async applied(ref: EntryRef): Promise<void> {
    if (this.#closed) throw new CodedError("store.closed");
    this.#checkFailed();
    if (this.#reached(ref)) return;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiter: Waiter = {
      ref,
      resolve: () => {
        resolve(undefined);
      },
      reject,
    };
    this.#waiters.push(waiter);
    try {
      await within(promise, this.#options.appliedMs, "store.viewsBehind");
    } finally {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    }
  }

  #checkFailed(): void {
    const [view] = this.failed;
    if (view !== undefined) throw new CodedError("store.viewFailed", { view });
  }

  #reached(ref: EntryRef): boolean {
    return [...this.#running.values()].every(
      ({ cursor }) => order(cursor, { logId: ref.logId, next: ref.seq + 1 }) >= 0,
    );
  }

  /** Says that the log has grown. */
  wake(): void {
    if (!this.#started || this.#closed) return;
    this.#again = true;
    this.#loop ??= this.#run().finally(() => {
      this.#loop = undefined;
      if (this.#again) this.wake();
    });
  }

  async #run(): Promise<void> {
    try {
      await this.#applyAll();
      this.#lastFault = "";
    } catch (cause) {
      // Disk or log: no view may skip what can't be read, so the same place is tried again.
      if (this.#lastFault !== String(cause)) this.#options.onNotice({ kind: "ioError", cause });
      this.#lastFault = String(cause);
      if (!this.#closed) await this.#openAgain();
    }
  }

  async #openAgain(): Promise<void> {
    await pause(DISK_RETRY_MS);
    this.#again = true;
    try {
      await this.#database.reopen();
      for (const view of this.#running.values()) await this.#takeUp(view);
      this.#settle();
    } catch (cause) {
      this.#options.onNotice({ kind: "ioError", cause });
    }
  }

  async #applyAll(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      for (const group of this.#groups()) {
        // The views in front are led to the head first, so that a rebuild of another keeps nobody waiting.
        const moved = await this.#advance(group, LONG_BATCH_ENTRIES);
        this.#settle();
        if (moved) {
          this.#again = true;
          break;
        }
      }
      if (this.#again) await this.#advanceHindmost();
    }
  }

  /** Views at the same place together, those in front first. */
  #groups(): readonly (readonly Running[])[] {
    const groups: Running[][] = [];
    const active = [...this.#running.values()].filter((view) => !view.failed);
    for (const view of active.sort((a, b) => order(b.cursor, a.cursor))) {
      const last = groups.at(-1);
      if (last?.[0] !== undefined && order(last[0].cursor, view.cursor) === 0) last.push(view);
      else groups.push([view]);
    }
    return groups;
  }

  async #advanceHindmost(): Promise<void> {
    const groups = this.#groups();
    const hindmost = groups.at(-1);
    if (groups.length > 1 && hindmost !== undefined) {
      await this.#advance(hindmost, BATCH_ENTRIES);
      this.#settle();
    }
  }

  /** One batch of entries for views that stand at the same place; false when they are at the head. */
  async #advance(views: readonly Running[], limit: number): Promise<boolean> {
    const [first] = views;
    if (first === undefined) return false;
    const { series } = this.#options;
    const { logId, next } = first.cursor;
    const log = series.find(logId);
    if (log === undefined) throw new RangeError("a view stands in a log that is not there");
    if (next >= log.size) {
      const following = series.logs[series.logs.indexOf(log) + 1];
      if (following === undefined) return false;
      for (const view of views) view.cursor = { logId: following.logId, next: 0 };
      return true;
    }
    const wanted = new Set(views.flatMap((view) => [...view.types]));
    const entries = (await this.#entryBytes(log, next, limit)).map((bytes) => ({
      entry: decodeEntry(bytes),
      bytes,
    }));
    const batches = new Map(views.map((view) => [view, new ViewBatch(view.rows, view.last)]));
    const reached = new Map<Running, number>();
    const read = async (at: number): Promise<readonly ProjectedEntry[]> =>
      this.#project(
        log,
        entries.slice(at, at + RECORDS_AT_ONCE).filter(({ entry }) => wanted.has(entry.type)),
      );
    // The next records are read while these are applied; both are awaited together, so a failure is never lost.
    let projected = await read(0);
    for (let at = 0; at < entries.length; at += RECORDS_AT_ONCE) {
      const apply = async (): Promise<void> => {
        for (const [view, batch] of batches) await this.#apply(view, batch, projected, reached);
      };
      const following = at + RECORDS_AT_ONCE;
      const [upcoming] = await Promise.all([
        following < entries.length ? read(following) : Promise.resolve([]),
        apply(),
      ]);
      projected = upcoming;
    }
    if (entries.length === limit) this.#readAhead(log, next + limit, limit);
    for (const [view, batch] of batches)
      await this.#commit(view, batch, { logId, next: reached.get(view) ?? next + entries.length });
    return true;
  }

  async #entryBytes(log: OneLog, from: number, limit: number): Promise<readonly Uint8Array[]> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead?.log === log && ahead.from === from) {
      const found = await ahead.entries;
      // Fewer were there then; there may be more now.
      if (found.length === limit) return found;
    }
    return log.log.entryBytes(from, limit);
  }

  /** The next entries are read while these are written; a failure shows when they are asked for. */
  #readAhead(log: OneLog, from: number, limit: number): void {
    const entries = log.log.entryBytes(from, limit);
    entries.catch(() => undefined);
    this.#ahead = { log, from, entries };
  }

  async #project(
    log: OneLog,
    entries: readonly { readonly entry: ReturnType<typeof decodeEntry>; readonly bytes: Uint8Array }[],
  ): Promise<readonly ProjectedEntry[]> {
    const { logId } = log;
    const records = entries.filter(({ entry }) => !isFootage(entry.type));
    const values = await log.recordValues(records.map(({ entry }) => entry.seq));
    const bodies = new Map(records.map(({ entry }, i) => [entry.seq, values[i]]));
    return entries.map((logged): ProjectedEntry => {
      const { entry } = logged;
      const ref = { logId, seq: entry.seq };
      if (isFootage(entry.type)) return { ...ref, entry };
      try {
        return { ...ref, entry, record: decodeRecord(checkedBody(logId, logged, bodies.get(entry.seq))) };
      } catch (cause) {
        // Released, erased or damaged: the view goes on without the body, as it has to for an erased one.
        this.#options.onNotice({ kind: "recordUnreadable", ref, cause });
        return { ...ref, entry };
      }
    });
  }

  async #apply(
    view: Running,
    batch: ViewBatch,
    entries: readonly ProjectedEntry[],
    reached: Map<Running, number>,
  ): Promise<void> {
    for (const projected of entries) {
      if (view.failed) return;
      if (!view.types.has(projected.entry.type)) continue;
      try {
        await view.projection.apply(projected, batch);
        batch.keep();
      } catch (cause) {
        batch.drop();
        view.failed = true;
        reached.set(view, projected.seq);
        const ref = { logId: projected.logId, seq: projected.seq };
        this.#options.onNotice({ kind: "viewFailed", view: view.projection.name, ref, cause });
      }
    }
  }

  async #commit(view: Running, batch: ViewBatch, cursor: Cursor): Promise<void> {
    const { name } = view.projection;
    view.unmarked += cursor.next - (cursor.logId === view.cursor.logId ? view.cursor.next : 0);
    if (batch.size > 0 || view.unmarked >= MARK_EVERY) {
      await this.#database.write(
        [...batch.writes(name), put(viewMarkKey(name), await this.#mark(view, cursor))],
        {
          sync: false,
        },
      );
      view.unmarked = 0;
    }
    if (batch.size > 0) view.last = batch.alone();
    view.cursor = cursor;
  }

  async #mark(view: Running, cursor: Cursor): Promise<Uint8Array> {
    return writeMark({ version: view.projection.version, cursor, leaf: await this.#leafBefore(cursor) });
  }

  #settle(): void {
    const [view] = this.failed;
    for (const waiter of this.#waiters) {
      if (view !== undefined) waiter.reject(new CodedError("store.viewFailed", { view }));
      else if (this.#reached(waiter.ref)) waiter.resolve();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.reject(new CodedError("store.closed"));
    await this.#loop;
    // Nothing may still read the log when it is closed next; whether that read worked is nobody's concern now.
    await this.#ahead?.entries.catch(() => undefined);
    const marks = [];
    for (const view of this.#running.values())
      if (this.#started && view.unmarked > 0 && !view.failed)
        marks.push(put(viewMarkKey(view.projection.name), await this.#mark(view, view.cursor)));
    if (marks.length > 0) await this.#database.write(marks, { sync: false });
    await this.#database.close();
  }
}
