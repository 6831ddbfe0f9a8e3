/**
 * What leaves the disk: `release` (the local copy of footage) and `erase` (records and footage, for good).
 * Invariant: survivors are copied before the entry stands, the entry stands before anything goes, and what a
 * crash interrupts is carried out at the next start.
 */
import { CodedError } from "../domain/errors.ts";
import { type EntryRef, type LogId, type StreamId, seq, streamId } from "../domain/ids.ts";
import type { Append } from "../evidence/append.ts";
import { encodeAbsence, isErasable, type Absence } from "../evidence/absence.ts";
import { toHex } from "../evidence/bytes.ts";
import { decodeEntry, isFootage } from "../evidence/entry.ts";
import { type SeqRange, checkRanges, eachSeq, joinRanges, rangesHold } from "../evidence/ranges.ts";
import type { JsonObject } from "../evidence/record.ts";
import { type Absences, type LoggedAbsence, absenceOf } from "./absences.ts";
import type { EraseRequest, ReleaseRequest, Retention, StoredFootage, StoredVolume } from "./contract.ts";
import {
  copyingFolder,
  folderBytes,
  makeFolder,
  placePath,
  removeFolder,
  type VolumePlace,
} from "./folders.ts";
import type { LogSeries } from "./log-series.ts";
import type { OneLog } from "./one-log.ts";
import type { ExpectedBody, SealedReader, StoreNotice } from "./ports.ts";
import { sha256 } from "./sha256.ts";

/** Entries about what left the disk are a stream of their own. */
export const RETENTION_STREAM: StreamId = streamId("retention");

const PAGE_ENTRIES = 256;
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_SEQS = 1000;

export interface RetentionOptions {
  readonly series: LogSeries;
  readonly append: Append;
  readonly reader: SealedReader;
  readonly absences: Absences;
  /** Seals the open volume, when no group is under way. */
  readonly sealOpen: () => Promise<void>;
  readonly onNotice: (notice: StoreNotice) => void;
}

/** Footage of a volume: what goes by this entry and what stays after it. */
interface Split {
  readonly going: readonly StoredFootage[];
  readonly staying: readonly StoredFootage[];
}

const bytesOf = (footage: readonly StoredFootage[]): number =>
  footage.reduce((sum, { entry }) => sum + entry.len, 0);

/** Runs of what goes, joined over records but never over what stays. */
function rangesOf({ going, staying }: Split): readonly SeqRange[] {
  const stays = staying.map(({ entry }) => entry.seq);
  const ranges: [number, number][] = [];
  let next = 0;
  for (const { entry } of going) {
    const last = ranges.at(-1);
    const before = next;
    while ((stays[next] ?? Number.POSITIVE_INFINITY) < entry.seq) next++;
    if (last !== undefined && next === before) last[1] = entry.seq + 1;
    else ranges.push([entry.seq, entry.seq + 1]);
  }
  return joinRanges(ranges, []);
}

export class LogRetention implements Omit<Retention, "lookAtSpace"> {
  readonly #options: RetentionOptions;
  #chain: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  async volumes(): Promise<readonly StoredVolume[]> {
    const found: StoredVolume[] = [];
    for (const log of this.#options.series.logs)
      for (const place of await log.volumes.sealed())
        found.push({
          logId: log.logId,
          firstSeq: seq(place.firstSeq),
          endSeq: log.volumes.endOf(place.firstSeq, log.size),
          sizeBytes: await folderBytes(placePath(log.options.folder, place)),
          kept: place.kept,
        });
    return found;
  }

  async footageOf(volume: Pick<StoredVolume, "logId" | "firstSeq">): Promise<readonly StoredFootage[]> {
    const { log, place } = await this.#find(volume);
    return this.#footage(log, place);
  }

  async release(request: ReleaseRequest): Promise<EntryRef> {
    return this.#inTurn(async () => {
      const { log, place } = await this.#find(request);
      const split = await this.#split(log, place, request.going);
      if (split.going.length === 0) throw new CodedError("store.nothingToGo", { logId: request.logId });
      const copied = this.#worthCopying(place, split);
      if (copied) await this.#copy(log, place, split.staying);
      const absence: Absence = {
        logId: request.logId,
        ranges: rangesOf(split),
        of: "footage",
        basis: request.basis,
        packs: request.packs,
      };
      return this.#log(
        "release",
        absence,
        { ...request.detail, volume: place.firstSeq },
        copied ? place : undefined,
      );
    });
  }

  async erase(request: EraseRequest): Promise<EntryRef> {
    return this.#inTurn(async () => {
      checkRanges(request.ranges);
      if (request.basis === "" || request.ranges.length === 0) throw new CodedError("store.nothingToGo");
      const log = this.#logOf(request.logId);
      const open = log.volumes.openFirstSeq ?? Number.POSITIVE_INFINITY;
      let inOpenVolume = false;
      for (const at of eachSeq(request.ranges)) {
        const { entry } = await log.log.entry(at);
        if (request.of === "all" && !isErasable(entry.type))
          throw new CodedError("store.notErasable", { logId: request.logId, seq: at, type: entry.type });
        if (isFootage(entry.type) && at >= open) inOpenVolume = true;
      }
      if (inOpenVolume) await this.#options.sealOpen();
      const { logId, ranges, of, basis } = request;
      return this.#log("erase", { logId, ranges, of, basis }, request.detail ?? {}, undefined);
    });
  }

  /** Carries out what entries say and an earlier run did not finish. Never rejects. */
  async finish(): Promise<void> {
    await this.#inTurn(async () => {
      for (const log of this.#options.series.logs)
        for (const at of await log.unfinishedAbsences())
          try {
            const logged = at < log.size ? await absenceOf(log, at) : undefined;
            if (logged !== undefined) await this.#carryOut(logged, undefined);
            await log.finishAbsence(at);
          } catch (cause) {
            const ref = { logId: log.logId, seq: seq(at) };
            this.#options.onNotice({ kind: "absenceUnfinished", ref, cause });
          }
    }).catch((cause: unknown) => {
      if (!this.#closed) this.#options.onNotice({ kind: "ioError", cause });
    });
  }

  /** Nothing new begins; resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#chain;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#chain.then(async () => {
      this.#checkOpen();
      return work();
    });
    this.#chain = turn.catch(() => {
      // The caller has the error.
    });
    return turn;
  }

  /** Long work ends at its next step when the store closes; what an entry says is carried out at the next start. */
  #checkOpen(): void {
    if (this.#closed) throw new CodedError("store.closed");
  }

  #logOf(logId: LogId): OneLog {
    const log = this.#options.series.find(logId);
    if (log === undefined) throw new CodedError("store.noSuchVolume", { logId });
    return log;
  }

  async #find(
    volume: Pick<StoredVolume, "logId" | "firstSeq">,
  ): Promise<{ readonly log: OneLog; readonly place: VolumePlace }> {
    const log = this.#logOf(volume.logId);
    const place = (await log.volumes.sealed()).find(({ firstSeq }) => firstSeq === volume.firstSeq);
    if (place === undefined) throw new CodedError("store.noSuchVolume", { ...volume });
    return { log, place };
  }

  /** Footage of the volume that no entry says is gone. */
  async #footage(log: OneLog, place: VolumePlace): Promise<readonly StoredFootage[]> {
    const lawful = await this.#options.absences.of(log.logId);
    const end = log.volumes.endOf(place.firstSeq, log.size);
    const found: StoredFootage[] = [];
    for (let from = place.firstSeq; from < end; from += PAGE_ENTRIES)
      for (const bytes of await log.log.entryBytes(from, Math.min(PAGE_ENTRIES, end - from))) {
        const entry = decodeEntry(bytes);
        if (isFootage(entry.type) && lawful.reasonFor(entry) === undefined) found.push({ entry, bytes });
      }
    return found;
  }

  async #split(log: OneLog, place: VolumePlace, going: readonly SeqRange[]): Promise<Split> {
    const footage = await this.#footage(log, place);
    return {
      going: footage.filter(({ entry }) => rangesHold(going, entry.seq)),
      staying: footage.filter(({ entry }) => !rangesHold(going, entry.seq)),
    };
  }

  /** Where less stays than goes it is copied and the volume dropped; else what goes is cut out. */
  #worthCopying(place: VolumePlace, { going, staying }: Split): boolean {
    return !place.kept && staying.length > 0 && bytesOf(staying) <= bytesOf(going);
  }

  async #log(
    type: "release" | "erase",
    absence: Absence,
    detail: JsonObject,
    copied: VolumePlace | undefined,
  ): Promise<EntryRef> {
    const { append, absences, series } = this.#options;
    const [entry] = await append.append([
      { type, stream: RETENTION_STREAM, record: { json: { ...detail, absence: encodeAbsence(absence) } } },
    ]);
    await absences.add({ type, absence });
    if (entry === undefined) throw new RangeError("an append of one draft gives one entry");
    await this.#carryOut({ type, absence }, copied);
    await series.find(entry.logId)?.finishAbsence(entry.seq);
    return { logId: entry.logId, seq: entry.seq };
  }

  async #carryOut({ absence }: LoggedAbsence, copied: VolumePlace | undefined): Promise<void> {
    const log = this.#options.series.find(absence.logId);
    if (log === undefined) return;
    const { ranges } = absence;
    for (const place of await log.volumes.sealed()) {
      const end = log.volumes.endOf(place.firstSeq, log.size);
      if (!ranges.some(([from, to]) => from < end && to > place.firstSeq)) continue;
      await this.#clear(log, place, ranges, copied?.firstSeq === place.firstSeq);
    }
    if (absence.of === "all") await this.#eraseRecords(log, ranges);
  }

  async #clear(log: OneLog, place: VolumePlace, ranges: readonly SeqRange[], copied: boolean): Promise<void> {
    // What stays is what no entry says is gone: this absence is among them by now.
    const staying = await this.#footage(log, place);
    const going = await this.#goingOf(log, place, ranges);
    if (going.length === 0) return;
    if (staying.length === 0) return log.volumes.drop(place, false);
    if (copied || this.#worthCopying(place, { going, staying })) {
      if (!copied) await this.#copy(log, place, staying);
      return log.volumes.drop(place, true);
    }
    const path = placePath(log.options.folder, place);
    for (let i = 0; i < going.length; i += BATCH_SEQS) {
      this.#checkOpen();
      await this.#options.reader.remove(
        path,
        going.slice(i, i + BATCH_SEQS).map(({ entry }) => entry.seq),
      );
    }
    await this.#options.reader.release(path);
  }

  async #goingOf(
    log: OneLog,
    place: VolumePlace,
    ranges: readonly SeqRange[],
  ): Promise<readonly StoredFootage[]> {
    const end = log.volumes.endOf(place.firstSeq, log.size);
    const found: StoredFootage[] = [];
    for (const [from, to] of ranges)
      for (let at = Math.max(from, place.firstSeq); at < Math.min(to, end); at += PAGE_ENTRIES)
        for (const bytes of await log.log.entryBytes(at, Math.min(PAGE_ENTRIES, to - at, end - at))) {
          const entry = decodeEntry(bytes);
          if (isFootage(entry.type)) found.push({ entry, bytes });
        }
    return found;
  }

  async #eraseRecords(log: OneLog, ranges: readonly SeqRange[]): Promise<void> {
    const seqs: number[] = [];
    for (const at of eachSeq(ranges)) if (!isFootage((await log.log.entry(at)).entry.type)) seqs.push(at);
    await log.eraseRecords(seqs);
  }

  /** Copies survivors beside their volume and reads them back. The copy counts for nothing until the drop. */
  async #copy(log: OneLog, place: VolumePlace, staying: readonly StoredFootage[]): Promise<void> {
    const { reader } = this.#options;
    const from = placePath(log.options.folder, place);
    const to = copyingFolder(log.options.folder, place.firstSeq);
    await reader.release(to);
    await removeFolder(to);
    await makeFolder(to);
    try {
      for (const batch of batches(staying)) {
        this.#checkOpen();
        await reader.copy(
          from,
          to,
          batch.map(({ entry }) => entry.seq),
        );
      }
      // The second opening makes LevelDB's first manifest safe, as for every new volume.
      await reader.release(to);
      for (const batch of batches(staying)) await this.#compare(from, to, batch.map(expectedOf));
      await reader.release(to);
      await log.volumes.putKept(place.firstSeq);
    } catch (cause) {
      await reader.release(to);
      await removeFolder(to);
      throw cause;
    }
  }

  /** Damage that was there before is carried along and stays the scrub's finding; new damage ends the copy. */
  async #compare(from: string, to: string, expected: readonly ExpectedBody[]): Promise<void> {
    const { reader } = this.#options;
    const bad = await reader.check(to, expected);
    if (bad.length === 0) return;
    const before = await reader.check(
      from,
      expected.filter((body) => bad.some((one) => one.seq === body.seq)),
    );
    const known = new Map(before.map((one) => [one.seq, one.why]));
    for (const { seq: at, why } of bad)
      if (known.get(at) !== why) throw new CodedError("store.volumeUnreadable", { volume: to, seq: at, why });
  }
}

/** What the reader needs to judge the body under this entry. */
export function expectedOf({ entry, bytes }: StoredFootage): ExpectedBody {
  return {
    seq: entry.seq,
    lenBytes: entry.len,
    sha256: entry.sha256,
    entrySha256: toHex(sha256(bytes)),
  };
}

/** Pieces of a few MiB and a few hundred bodies at most. */
export function* batches(footage: readonly StoredFootage[]): Generator<readonly StoredFootage[]> {
  let batch: StoredFootage[] = [];
  let bytes = 0;
  for (const one of footage) {
    if (batch.length > 0 && (bytes + one.entry.len > BATCH_BYTES || batch.length >= PAGE_ENTRIES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(one);
    bytes += one.entry.len;
  }
  if (batch.length > 0) yield batch;
}
