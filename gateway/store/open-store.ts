/**
 * Opens the store: recovery first, then the comparison with the signer, then the queue. Invariant: no entry is
 * appended before bodies above the log's head are dealt with, so nothing that was durable is overwritten.
 */
import { CodedError } from "../domain/errors.ts";
import type { Appended, EntryDraft, StoredCheckpoint } from "../evidence/append.ts";
import { Absences } from "./absences.ts";
import { AppendQueue } from "./append-queue.ts";
import { changeKeys } from "./change-keys.ts";
import type { ScrubOptions, Store, StoreOptions } from "./contract.ts";
import { SignedHeads } from "./checkpoints.ts";
import { makeFolder, scrubFile, viewsFolder } from "./folders.ts";
import { DEFAULT_LIMITS, SCRUB_BUSY_BYTES, SCRUB_BYTES_PER_S, SCRUB_PAUSE_MS } from "./limits.ts";
import { Listeners } from "./listeners.ts";
import { LogReads } from "./log-reads.ts";
import { LogSeries, nextEntry, previousLog } from "./log-series.ts";
import type { WentBack } from "./log-signing.ts";
import type { OneLog } from "./one-log.ts";
import type { LogOpening } from "./ports.ts";
import { forget, orphans, recover } from "./recovery.ts";
import { LogRetention } from "./retention.ts";
import { Scrubber } from "./scrub.ts";
import { Space } from "./space.ts";
import { ViewRunner } from "./views.ts";

const LEVEL_NOTICES = { enough: "spaceEnough", low: "spaceLow", full: "spaceFull" } as const;

/** Throws `store.unreadable` when a database can't be opened, such as when another gateway runs on this folder. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dataFolder, clock, onNotice, signer, sealedReader } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const suite = options.suite ?? "ed25519-sha256";
  await makeFolder(dataFolder);
  const space = new Space({
    dataFolder,
    clock,
    limits,
    onFault: (cause) => {
      onNotice({ kind: "ioError", cause });
    },
    onLevel: (level, freeBytes) => {
      onNotice({ kind: LEVEL_NOTICES[level], freeBytes });
    },
  });
  // On a full disk no database opens: recovery writes tables.
  await space.giveBack();
  const series = await LogSeries.open({ ...options, suite, limits, reader: sealedReader });
  const opened: { close(): Promise<void> }[] = [space, series];
  try {
    await recover(series.current);
    await space.look();
    const views = await ViewRunner.open({
      folder: viewsFolder(dataFolder),
      series,
      appliedMs: limits.appliedMs,
      onNotice,
    });
    opened.unshift(views);
    const onListenerFailed = (cause: unknown): void => {
      onNotice({ kind: "listenerFailed", cause });
    };
    const listeners = new Listeners<readonly Appended[]>(onListenerFailed);
    const checkpointListeners = new Listeners<StoredCheckpoint>(onListenerFailed);

    const onDurable = (appended: readonly Appended[]): void => {
      heads.wake();
      views.wake();
      listeners.tell(appended);
    };

    /** Appends past the queue, where no group is under way. */
    const appendDirectly = async (log: OneLog, draft: EntryDraft): Promise<void> => {
      const entry = nextEntry(log, draft, options);
      await log.writeBodies([[entry]]);
      await log.log.append([entry]);
      onDurable([{ logId: log.logId, seq: entry.entry.seq, entry: entry.entry }]);
    };

    const beginNext = async (
      why: LogOpening,
      previous: Parameters<typeof series.begin>[1],
    ): Promise<void> => {
      const log = await series.begin(why, previous);
      const first = await log.log.entry(0);
      onDurable([{ logId: log.logId, seq: first.entry.seq, entry: first.entry }]);
    };

    const endCurrent = async (why: "year" | "suite"): Promise<void> => {
      const ending = series.current;
      const last = await ending.log.entry(ending.size - 1);
      if (last.entry.type !== "close") await appendDirectly(ending, series.closing(why));
      await beginNext(why, previousLog(ending, await heads.last(ending)));
    };

    const onWentBack = (log: OneLog, found: WentBack): void => {
      const { signedSize, note } = found;
      const why = signedSize === 0 ? "signerLost" : "diskWentBack";
      const logSize = log.size;
      const next = queue.between(async () => {
        if (series.current !== log) return;
        await beginNext(why, { logId: log.logId, ...(note === undefined ? {} : { note }) });
        onNotice({ kind: "diskWentBack", logId: log.logId, next: series.current.logId, logSize, signedSize });
      });
      next.catch((cause: unknown) => {
        if (!(cause instanceof CodedError && cause.code === "store.closed"))
          onNotice({ kind: "ioError", cause });
      });
    };

    const onYearOver = (): Promise<void> => endCurrent("year");
    const queue = new AppendQueue({ ...options, suite, series, limits, space, onDurable, onYearOver });
    const heads = new SignedHeads({
      series,
      signer,
      clock,
      limits,
      onNotice,
      onDisk: (cause) => {
        queue.distrust(cause);
      },
      onStored: (checkpoint) => {
        checkpointListeners.tell(checkpoint);
      },
      onWentBack,
    });
    const currentOrigin = async (): Promise<string> => {
      await queue.between(async () => {
        if (series.yearIsOver) await onYearOver();
      });
      return series.current.options.origin;
    };
    opened.unshift(queue, heads);
    await heads.start();
    // Whatever the comparison queued comes before the first entry.
    await queue.between(async () => {
      if (series.current.log.suite !== suite) await endCurrent("suite");
    });
    for (const log of series.logs) await tellOrphans(log);

    async function tellOrphans(log: OneLog): Promise<void> {
      const found = await orphans(log);
      for (const orphan of found) {
        await queue.append([orphan.draft]);
        await forget(orphan);
      }
      if (found.length > 0) onNotice({ kind: "orphans", logId: log.logId, count: found.length });
    }

    const absences = new Absences(series);
    const reads = new LogReads(series, absences);
    const retention = new LogRetention({
      series,
      append: queue,
      reader: sealedReader,
      absences,
      sealOpen: () => queue.between(async () => series.current.volumes.seal()),
      onNotice,
    });
    void retention.finish();
    let scrubber: Scrubber | undefined;
    const scrub = (asked: ScrubOptions): Scrubber =>
      new Scrubber({
        series,
        reader: sealedReader,
        absences,
        positionFile: scrubFile(dataFolder),
        bytesPerS: asked.bytesPerS ?? SCRUB_BYTES_PER_S,
        pauseMs: asked.pauseMs ?? SCRUB_PAUSE_MS,
        busy: () => queue.state.bytes > SCRUB_BUSY_BYTES,
        onNotice,
      });
    const closeScrub = { close: async (): Promise<void> => scrubber?.close() };
    let closing: Promise<void> | undefined;
    return {
      append: (drafts) => queue.append(drafts),
      readRecord: (ref) => reads.readRecord(ref),
      readFootage: (ref) => reads.readFootage(ref),
      readEntry: (ref) => reads.readEntry(ref),
      bodyValue: (ref) => reads.bodyValue(ref),
      entries: (logId, from, limit) => reads.entries(logId, from, limit),
      logs: () => reads.logs(),
      checkpoint: (logId) => reads.checkpoint(logId),
      turnovers: (logId) => reads.turnovers(logId),
      tile: (logId, level, index, width) => reads.tile(logId, level, index, width),
      entryBundle: (logId, index, width) => reads.entryBundle(logId, index, width),
      inclusion: (ref, size) => reads.inclusion(ref, size),
      consistency: (logId, from, to) => reads.consistency(logId, from, to),
      rootAt: (logId, size) => reads.rootAt(logId, size),
      register: (projection) => views.register(projection),
      applied: (ref) => views.applied(ref),
      catchUp: () => views.catchUp(),
      covering: (ref) => heads.covering(ref),
      latest: () => heads.latest(),
      onAppended: (listener) => listeners.add(listener),
      onCheckpoint: (listener) => checkpointListeners.add(listener),
      lookAtSpace: () => space.lookNow(),
      volumes: () => retention.volumes(),
      footageOf: (volume) => retention.footageOf(volume),
      release: (request) => retention.release(request),
      erase: (request) => retention.erase(request),
      currentOrigin,
      changeKeys: (change) =>
        changeKeys({ series, append: queue, checkpoints: heads, currentOrigin }, change),
      scrub: (asked = {}) => {
        scrubber ??= scrub(asked);
        return scrubber;
      },
      stats: () => {
        const state = queue.state;
        const newest = heads.latest();
        return {
          logId: series.current.logId,
          size: series.current.size,
          freeBytes: space.freeBytes,
          space: space.level,
          queueBytes: state.bytes,
          queueDrafts: state.drafts,
          appendedBytes: state.appendedBytes,
          ...(newest === undefined ? {} : { checkpointAgeMs: Math.max(0, clock.wallMs() - newest.wallMs) }),
          writable: state.writable,
          failedViews: views.failed,
        };
      },
      close: () => {
        closing ??= closeAll([
          closeScrub,
          retention,
          queue,
          { close: () => heads.lastOfAll() },
          heads,
          views,
          space,
          series,
        ]);
        return closing;
      },
    };
  } catch (cause) {
    await closeAll(opened);
    throw cause;
  }
}

/** Closes every part even when one fails, then throws the first failure. */
async function closeAll(parts: readonly { close(): Promise<void> }[]): Promise<void> {
  const failures: unknown[] = [];
  for (const part of parts) {
    try {
      await part.close();
    } catch (cause) {
      failures.push(cause);
    }
  }
  if (failures.length > 0) throw failures[0];
}
