/**
 * Reads everything once in a while, because LevelDB checks nothing and a damaged body is found only by its hash.
 * Invariant: it reads at a bounded rate, waits for nobody, and goes on where it stopped, also after a restart.
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { CodedError } from "../domain/errors.ts";
import { type LogId, compareLogIds, logId, seq } from "../domain/ids.ts";
import { type Entry, isFootage } from "../evidence/entry.ts";
import type { Absences } from "./absences.ts";
import { checkedBody } from "./body-check.ts";
import type { Scrub, ScrubOptions, ScrubStatus, StoredFootage } from "./contract.ts";
import { placePath } from "./folders.ts";
import type { LoggedEntry } from "./log-database.ts";
import type { LogSeries } from "./log-series.ts";
import type { OneLog } from "./one-log.ts";
import type { BadBody, SealedReader, ScrubFinding, StoreNotice } from "./ports.ts";
import { batches, expectedOf } from "./retention.ts";

export interface ScrubberOptions extends Required<ScrubOptions> {
  readonly series: LogSeries;
  readonly reader: SealedReader;
  readonly absences: Absences;
  /** Where it stands is kept here; losing it costs a round from the beginning. */
  readonly positionFile: string;
  /** True while recording needs the disk for itself. */
  readonly busy: () => boolean;
  readonly onNotice: (notice: StoreNotice) => void;
}

const PAGE_ENTRIES = 256;
const BUSY_MS = 500;
const RETRY_MS = 5000;
const SAVE_EVERY_BYTES = 64 * 1024 * 1024;
const MIN_PAUSE_MS = 2;

export class Scrubber implements Scrub {
  readonly #options: ScrubberOptions;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  #at: { logId: LogId; seq: number } | undefined;
  #entries = 0;
  #bytes = 0;
  #found = 0;
  #rounds = 0;
  #unsaved = 0;

  constructor(options: ScrubberOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  status(): ScrubStatus {
    return {
      ...(this.#at === undefined ? {} : { at: { logId: this.#at.logId, seq: seq(this.#at.seq) } }),
      rounds: this.#rounds,
      entries: this.#entries,
      bytes: this.#bytes,
      found: this.#found,
    };
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  get #ended(): boolean {
    return this.#ending.signal.aborted;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#ending.signal }).catch(() => {
      // Only the end of the scrub interrupts a pause, and whoever paused looks for that.
    });
  }

  async #run(): Promise<void> {
    this.#at = await this.#load();
    while (!this.#ended) {
      try {
        await this.#round();
      } catch (cause) {
        if (this.#ended) break;
        // The reader died or the disk was opened again: the same place is tried again.
        this.#options.onNotice({ kind: "scrubFailed", cause });
        await this.#pause(RETRY_MS);
        continue;
      }
      if (this.#ended) break;
      this.#rounds++;
      this.#at = undefined;
      await this.#save();
      const { onNotice } = this.#options;
      onNotice({ kind: "scrubDone", entries: this.#entries, bytes: this.#bytes, found: this.#found });
      this.#entries = 0;
      this.#bytes = 0;
      this.#found = 0;
      await this.#pause(this.#options.pauseMs);
    }
    await this.#save();
  }

  async #round(): Promise<void> {
    for (const log of this.#options.series.logs) {
      const order = this.#at === undefined ? 1 : compareLogIds(log.logId, this.#at.logId);
      if (order < 0) continue;
      const from = order === 0 ? (this.#at?.seq ?? 0) : 0;
      // What is appended meanwhile belongs to the next round.
      const end = log.size;
      for (let at = from; at < end && !this.#ended; at += PAGE_ENTRIES) {
        this.#at = { logId: log.logId, seq: at };
        while (this.#options.busy() && !this.#ended) await this.#pause(BUSY_MS);
        await this.#page(log, at, Math.min(end, at + PAGE_ENTRIES));
      }
      if (this.#ended) return;
      this.#at = { logId: log.logId, seq: end };
    }
  }

  async #page(log: OneLog, from: number, to: number): Promise<void> {
    const bad: { readonly entry: Entry; readonly why: ScrubFinding["why"] }[] = [];
    const records: LoggedEntry[] = [];
    const footage: StoredFootage[] = [];
    for (let at = from; at < to; at++) {
      const logged = await entryOf(log, at);
      if (logged === undefined) this.#tell(log.logId, { why: "entryCorrupt", at });
      else if (isFootage(logged.entry.type)) footage.push(logged);
      else records.push(logged);
    }
    const values = await log.recordValues(records.map(({ entry }) => entry.seq));
    for (const [i, logged] of records.entries()) {
      const why = recordFault(log.logId, logged, values[i]);
      if (why !== undefined) bad.push({ entry: logged.entry, why });
      this.#bytes += logged.entry.len;
    }
    await this.#footage(log, footage, bad);
    this.#entries += to - from;
    await this.#tellBad(log.logId, bad);
    if (this.#unsaved >= SAVE_EVERY_BYTES) await this.#save();
  }

  async #footage(
    log: OneLog,
    footage: readonly StoredFootage[],
    bad: { readonly entry: Entry; readonly why: ScrubFinding["why"] }[],
  ): Promise<void> {
    const { reader, bytesPerS } = this.#options;
    const places = await log.volumes.sealed();
    const open = log.volumes.openFirstSeq ?? Number.POSITIVE_INFINITY;
    const byPath = new Map<string, StoredFootage[]>();
    for (const one of footage) {
      if (one.entry.seq >= open) continue;
      const place = places.findLast(({ firstSeq }) => firstSeq <= one.entry.seq);
      if (place === undefined) {
        bad.push({ entry: one.entry, why: "missing" });
        continue;
      }
      const path = placePath(log.options.folder, place);
      byPath.set(path, [...(byPath.get(path) ?? []), one]);
    }
    for (const [path, inVolume] of byPath)
      for (const batch of batches(inVolume)) {
        if (this.#ended) return;
        const began = performance.now();
        const found: readonly BadBody[] = await reader.check(path, batch.map(expectedOf));
        for (const { seq: at, why } of found) {
          const entry = batch.find((one) => one.entry.seq === at)?.entry;
          if (entry !== undefined) bad.push({ entry, why });
        }
        const bytes = batch.reduce((sum, { entry }) => sum + entry.len, 0);
        this.#bytes += bytes;
        this.#unsaved += bytes;
        const dueMs = (bytes / bytesPerS) * 1000 - (performance.now() - began);
        await this.#pause(Math.max(MIN_PAUSE_MS, dueMs));
      }
  }

  /** Neighbours of one stream with one fault are one finding; what may lawfully be absent is none. */
  async #tellBad(
    log: LogId,
    bad: readonly { readonly entry: Entry; readonly why: ScrubFinding["why"] }[],
  ): Promise<void> {
    const findings = new Map<string, ScrubFinding>();
    for (const { entry, why } of bad) {
      if (why !== "corrupt" && (await this.#options.absences.reasonFor(log, entry)) !== undefined) continue;
      this.#found++;
      const key = `${entry.stream} ${why}`;
      const before = findings.get(key);
      findings.set(key, {
        logId: log,
        why,
        stream: entry.stream,
        firstSeq: Math.min(before?.firstSeq ?? entry.seq, entry.seq),
        lastSeq: Math.max(before?.lastSeq ?? entry.seq, entry.seq),
        count: (before?.count ?? 0) + 1,
        fromMs: Math.min(before?.fromMs ?? entry.t, entry.t),
        toMs: Math.max(before?.toMs ?? 0, entry.t + entry.dur),
      });
    }
    for (const finding of findings.values()) this.#options.onNotice({ kind: "scrubFound", ...finding });
  }

  #tell(log: LogId, found: { readonly why: "entryCorrupt"; readonly at: number }): void {
    this.#found++;
    const { at, why } = found;
    this.#options.onNotice({
      kind: "scrubFound",
      logId: log,
      why,
      stream: "",
      firstSeq: at,
      lastSeq: at,
      count: 1,
      fromMs: 0,
      toMs: 0,
    });
  }

  async #load(): Promise<{ logId: LogId; seq: number } | undefined> {
    try {
      const [id = "", at = ""] = (await readFile(this.#options.positionFile, "utf8")).trim().split(" ");
      return { logId: logId(id), seq: seq(Number(at)) };
    } catch {
      // No position, or one that cannot be read: a round from the beginning costs reading and nothing else.
      return undefined;
    }
  }

  async #save(): Promise<void> {
    const { positionFile } = this.#options;
    this.#unsaved = 0;
    try {
      const text = this.#at === undefined ? "" : `${this.#at.logId} ${this.#at.seq}\n`;
      await writeFile(`${positionFile}.new`, text);
      await rename(`${positionFile}.new`, positionFile);
    } catch (cause) {
      this.#options.onNotice({ kind: "scrubFailed", cause });
    }
  }
}

/** Undefined when the entry itself is damaged. */
async function entryOf(log: OneLog, at: number): Promise<LoggedEntry | undefined> {
  try {
    return await log.log.entry(at);
  } catch (cause) {
    if (cause instanceof CodedError && cause.code === "evidence.entryCorrupt") return undefined;
    throw cause;
  }
}

function recordFault(
  id: LogId,
  logged: LoggedEntry,
  value: Uint8Array | undefined,
): BadBody["why"] | undefined {
  try {
    checkedBody(id, logged, value);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause;
    return cause.code === "evidence.bodyMissing" ? "missing" : "corrupt";
  }
}
