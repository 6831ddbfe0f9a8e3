/**
 * The one append queue: drafts become groups, bodies are synced, then entries, then callers hear. Invariant:
 * sequence numbers are dense in the order of `append` calls, and nothing is confirmed before it is on disk.
 */
import { CodedError } from "../domain/errors.ts";
import { seq } from "../domain/ids.ts";
import type { Append, Appended, EntryDraft } from "../evidence/append.ts";
import { isFootage } from "../evidence/entry.ts";
import type { Suite } from "../evidence/suite.ts";
import type { StoreLimits } from "./contract.ts";
import { pause } from "./deadline.ts";
import {
  type DraftTools,
  type NumberedEntry,
  type PreparedDraft,
  numberDraft,
  prepareDraft,
  withSm3,
} from "./draft.ts";
import { DISK_RETRY_MS, REOPEN_PAUSES_MS } from "./limits.ts";
import type { LogSeries } from "./log-series.ts";
import type { OneLog } from "./one-log.ts";
import type { StoreNotice } from "./ports.ts";
import { Sm3Line } from "./sm3.ts";
import type { Space } from "./space.ts";

interface Waiting {
  drafts: readonly PreparedDraft[];
  /** Set until the drafts have their second digest. */
  digesting?: Promise<void> | undefined;
  readonly bytes: number;
  readonly resolve: (appended: readonly Appended[]) => void;
  readonly reject: (cause: unknown) => void;
}

interface Group {
  readonly log: OneLog;
  readonly callers: readonly Waiting[];
  readonly parts: readonly (readonly NumberedEntry[])[];
  readonly entries: readonly NumberedEntry[];
}

interface Between {
  readonly work: () => Promise<void>;
  readonly reject: (cause: unknown) => void;
}

export interface AppendQueueOptions extends DraftTools {
  /** Of the current log and of those that follow it in this run. */
  readonly suite: Suite;
  readonly series: LogSeries;
  readonly limits: StoreLimits;
  readonly space: Space;
  readonly onNotice: (notice: StoreNotice) => void;
  /** After the callers heard. Must not throw. */
  readonly onDurable: (appended: readonly Appended[]) => void;
  /** Ends the current log and begins the next; called when a year is over and no group is under way. */
  readonly onYearOver: () => Promise<void>;
}

export class AppendQueue implements Append {
  readonly #options: AppendQueueOptions;
  readonly #waiting: Waiting[] = [];
  readonly #between: Between[] = [];
  readonly #sm3 = new Sm3Line();
  #bytes = 0;
  #drafts = 0;
  #appendedBytes = 0;
  #running: Promise<void> | undefined;
  #closed = false;
  /** Set after a disk error that attempts did not cure: monotonic ms before which nobody tries again. */
  #failedUntil: number | undefined;
  #distrusted = false;
  /** Numbers given to entries that are not durable yet. */
  #given = { seq: 0, n: new Map<string, number>() };
  #inFlight: Group[] = [];

  constructor(options: AppendQueueOptions) {
    this.#options = options;
  }

  get state(): {
    readonly bytes: number;
    readonly drafts: number;
    readonly appendedBytes: number;
    readonly writable: boolean;
  } {
    return {
      bytes: this.#bytes,
      drafts: this.#drafts,
      appendedBytes: this.#appendedBytes,
      writable: this.#failedUntil === undefined,
    };
  }

  async append(drafts: readonly EntryDraft[]): Promise<readonly Appended[]> {
    const { limits, space, clock } = this.#options;
    if (this.#closed) throw new CodedError("store.closed");
    if (this.#failedUntil !== undefined && clock.monotonicMs() < this.#failedUntil)
      throw new CodedError("store.diskFailed");
    if (drafts.length === 0) return [];
    // Not waited for: nothing may stand between the call and its place in the queue.
    void space.look();
    if (!space.footageAllowed && drafts.some((draft) => isFootage(draft.type)))
      throw new CodedError("store.diskFull", { freeBytes: space.freeBytes });
    const least = drafts.reduce((sum, draft) => sum + ("bytes" in draft ? draft.bytes.length : 0), 0);
    if (this.#drafts + drafts.length > limits.queueDrafts || this.#bytes + least > limits.queueBytes)
      throw new CodedError("store.queueFull", { queueBytes: this.#bytes, queueDrafts: this.#drafts });
    const prepared = drafts.map((draft) => prepareDraft(draft, this.#options));
    const bytes = prepared.reduce((sum, draft) => sum + draft.body.length, 0);
    const { promise, resolve, reject } = Promise.withResolvers<readonly Appended[]>();
    const waiting: Waiting = { drafts: prepared, bytes, resolve, reject };
    if (this.#options.suite === "sm2-sm3") waiting.digesting = this.#digest(waiting);
    this.#waiting.push(waiting);
    this.#bytes += bytes;
    this.#drafts += prepared.length;
    space.spend(bytes);
    this.#run();
    return promise;
  }

  async #digest(waiting: Waiting): Promise<void> {
    const digests = await this.#sm3.digests(waiting.drafts.map(({ body }) => body));
    waiting.drafts = waiting.drafts.map((draft, i) => withSm3(draft, digests[i] ?? ""));
    waiting.digesting = undefined;
  }

  /** Runs `work` when no group is under way and before the next one; errors are the caller's to catch. */
  async between<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new CodedError("store.closed");
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#between.push({
      work: async () => {
        await work().then(resolve, reject);
      },
      reject,
    });
    this.#run();
    return promise;
  }

  /** Says that somebody else saw a disk error: the databases are opened again before the next group. */
  distrust(cause: unknown): void {
    this.#options.onNotice({ kind: "ioError", cause });
    this.#distrusted = true;
    void this.between(async () => {}).catch(() => {
      // Only `store.closed` can come here, and then nothing is left to be opened again.
    });
  }

  #run(): void {
    if (this.#running !== undefined) return;
    this.#running = this.#pump().finally(() => {
      this.#running = undefined;
      if (this.#waiting.length > 0 || this.#between.length > 0) this.#run();
    });
  }

  async #pump(): Promise<void> {
    /** Entries of the group before: its error, if it had one. */
    let entriesOfLast: Promise<unknown> = Promise.resolve(undefined);
    while (this.#waiting.length > 0 || this.#between.length > 0) {
      const { series, onYearOver } = this.#options;
      if (this.#between.length === 0) await this.#waiting[0]?.digesting;
      const drain =
        this.#between.length > 0 ||
        this.#distrusted ||
        this.#failedUntil !== undefined ||
        series.yearIsOver ||
        series.current.volumes.due;
      if (drain || this.#inFlight.length === 0) {
        const failed = await entriesOfLast;
        entriesOfLast = Promise.resolve(undefined);
        if (failed !== undefined && !(await this.#repair(failed))) continue;
        if (drain && !(await this.#betweenGroups(onYearOver))) continue;
        this.#given = { seq: series.current.size, n: new Map() };
      }
      const group = this.#take();
      if (group === undefined) continue;
      this.#inFlight.push(group);
      const bodies = await attempt(group.log.writeBodies(group.parts));
      const failed = (await entriesOfLast) ?? bodies;
      entriesOfLast = Promise.resolve(undefined);
      if (failed !== undefined) {
        await this.#repair(failed);
        continue;
      }
      entriesOfLast = attempt(this.#writeEntries(group));
    }
    const failed = await entriesOfLast;
    if (failed !== undefined) await this.#repair(failed);
  }

  /** What may only happen while no group is under way. False when the disk is still refused. */
  async #betweenGroups(onYearOver: () => Promise<void>): Promise<boolean> {
    const { series, onNotice } = this.#options;
    if (this.#distrusted || this.#failedUntil !== undefined) {
      try {
        await this.#options.space.giveBack();
        await series.current.reopen();
        if (this.#failedUntil !== undefined) await series.current.removeAboveHead();
      } catch (cause) {
        this.#giveUp(cause);
        return false;
      }
      if (this.#failedUntil !== undefined) onNotice({ kind: "ioRecovered" });
      this.#failedUntil = undefined;
      this.#distrusted = false;
    }
    for (let work = this.#between.shift(); work !== undefined; work = this.#between.shift())
      await work.work();
    const failed = await attempt(
      (async () => {
        if (series.yearIsOver) await onYearOver();
        if (series.current.volumes.due) series.current.volumes.seal();
      })(),
    );
    if (failed === undefined) return true;
    onNotice({ kind: "ioError", cause: failed });
    this.#giveUp(failed);
    return false;
  }

  #take(): Group | undefined {
    const { limits, series } = this.#options;
    const callers: Waiting[] = [];
    let bytes = 0;
    let drafts = 0;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const full = bytes + next.bytes > limits.groupBytes || drafts + next.drafts.length > limits.groupDrafts;
      if ((full && callers.length > 0) || next.digesting !== undefined) break;
      this.#waiting.shift();
      callers.push(next);
      bytes += next.bytes;
      drafts += next.drafts.length;
    }
    if (callers.length === 0) return undefined;
    const log = series.current;
    const parts = callers.map((caller) => caller.drafts.map((draft) => this.#number(log, draft)));
    return { log, callers, parts, entries: parts.flat() };
  }

  #number(log: OneLog, draft: PreparedDraft): NumberedEntry {
    const n = this.#given.n.get(draft.stream) ?? log.log.nextOf(draft.stream);
    const numbered = numberDraft(draft, { seq: seq(this.#given.seq), n });
    this.#given.seq++;
    this.#given.n.set(draft.stream, n + 1);
    return numbered;
  }

  async #writeEntries(group: Group): Promise<void> {
    await group.log.log.append(group.entries);
    this.#confirm(group);
  }

  #confirm(group: Group): void {
    this.#inFlight = this.#inFlight.filter((other) => other !== group);
    const { logId } = group.log;
    const all: Appended[] = [];
    for (const [i, caller] of group.callers.entries()) {
      const appended = (group.parts[i] ?? []).map(({ entry }) => ({ logId, seq: entry.seq, entry }));
      this.#leave(caller);
      this.#appendedBytes += caller.bytes;
      caller.resolve(appended);
      for (const one of appended) all.push(one);
    }
    this.#options.onDurable(all);
  }

  #leave(caller: Waiting): void {
    this.#bytes -= caller.bytes;
    this.#drafts -= caller.drafts.length;
  }

  /** Opens the databases again and writes what was under way a second time, byte for byte. */
  async #repair(cause: unknown): Promise<boolean> {
    const { onNotice, series, space } = this.#options;
    onNotice({ kind: "ioError", cause });
    let last = cause;
    for (const ms of REOPEN_PAUSES_MS) {
      await pause(ms);
      try {
        await space.giveBack();
        await series.current.reopen();
        for (const group of this.#inFlight) await this.#writeAgain(group);
        onNotice({ kind: "ioRecovered" });
        return true;
      } catch (again) {
        last = again;
      }
    }
    this.#giveUp(last);
    return false;
  }

  async #writeAgain(group: Group): Promise<void> {
    const [first] = group.entries;
    if (first === undefined) return;
    const head = group.log.size;
    if (head === first.entry.seq) {
      await group.log.writeBodies(group.parts);
      await group.log.log.append(group.entries);
    } else if (head < first.entry.seq + group.entries.length) {
      throw new CodedError("store.diskFailed", { logId: group.log.logId, head });
    }
    this.#confirm(group);
  }

  #giveUp(cause: unknown): void {
    const { clock } = this.#options;
    this.#failedUntil = clock.monotonicMs() + DISK_RETRY_MS;
    const callers = [...this.#inFlight.flatMap((group) => group.callers), ...this.#waiting.splice(0)];
    this.#inFlight = [];
    for (const caller of callers) {
      this.#leave(caller);
      caller.reject(new CodedError("store.diskFailed", {}, { cause }));
    }
    for (const { reject } of this.#between.splice(0))
      reject(new CodedError("store.diskFailed", {}, { cause }));
  }

  /** Refuses new drafts and resolves when those accepted before are settled. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#running !== undefined) await this.#running;
  }
}

/** The error of the work, undefined when it went well. */
async function attempt(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (cause) {
    return cause ?? new CodedError("store.diskFailed");
  }
}
