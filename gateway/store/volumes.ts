/**
 * The footage volumes of one log: one open LevelDB that is written, sealed ones that only the reader process
 * opens. Invariant: keys ascend and a volume holds nothing else, so bytes are written twice and never moved.
 */
import { stat } from "node:fs/promises";
import { CodedError } from "../domain/errors.ts";
import type { Clock } from "../domain/time.ts";
import type { StoreLimits } from "./contract.ts";
import { Database, del, isDiskFull, put } from "./database.ts";
import type { NumberedEntry } from "./draft.ts";
import {
  folderBytes,
  footageFolder,
  type VolumePlace,
  copyingFolder,
  droppedFolder,
  keptFolder,
  listVolumePlaces,
  makeFolder,
  placePath,
  removeFolder,
  removeLeftVolumes,
  renameFolder,
  volumeFolder,
} from "./folders.ts";
import { bodiesFrom, seqKey, seqOfKey } from "./keys.ts";
import { VOLUME_FILE_BYTES, VOLUME_WRITE_BUFFER_BYTES } from "./limits.ts";
import type { SealedReader } from "./ports.ts";

export interface VolumesOptions {
  /** The log's folder. */
  readonly folder: string;
  readonly clock: Clock;
  readonly limits: Pick<StoreLimits, "volumeBytes" | "volumeMs">;
  readonly reader: SealedReader;
  readonly onDamaged: (volume: string, cause: unknown) => void;
}

interface OpenVolume {
  readonly firstSeq: number;
  readonly database: Database;
  /** Monotonic ms at which it counts as begun. */
  readonly sinceMs: number;
  bytes: number;
}

/** Without `create` a damaged volume is refused: LevelDB would make an empty one in its place and sweep up its tables. */
const openVolume = (path: string, create: boolean): Promise<Database> =>
  Database.open(path, {
    create,
    writeBufferBytes: VOLUME_WRITE_BUFFER_BYTES,
    fileBytes: VOLUME_FILE_BYTES,
  });

export class Volumes {
  readonly #options: VolumesOptions;
  /** Ascending; the last is the open one when `#current` is set. */
  readonly #places: VolumePlace[];
  #current: OpenVolume | undefined;
  #sealing: Promise<void> = Promise.resolve();

  private constructor(
    options: VolumesOptions,
    places: readonly VolumePlace[],
    current: OpenVolume | undefined,
  ) {
    this.#options = options;
    this.#places = [...places];
    this.#current = current;
  }

  /**
   * Opens the newest volume for writing, unless `sealed` (a log that has ended). A volume that will not open
   * and has no entries is removed: a power cut just after its creation leaves such, and nobody had a
   * confirmation for it. One that has entries stays as it is and a new one follows it.
   */
  static async open(options: VolumesOptions, head: number, sealed: boolean): Promise<Volumes> {
    await makeFolder(footageFolder(options.folder));
    await removeLeftVolumes(options.folder);
    const places = [...(await listVolumePlaces(options.folder))];
    for (;;) {
      const newest = places.at(-1);
      if (newest === undefined || newest.kept || sealed) return new Volumes(options, places, undefined);
      const path = volumeFolder(options.folder, newest.firstSeq);
      try {
        const database = await openVolume(path, false);
        const ageMs = options.clock.wallMs() - (await stat(path)).birthtimeMs;
        return new Volumes(options, places, {
          firstSeq: newest.firstSeq,
          database,
          sinceMs: options.clock.monotonicMs() - Math.min(Math.max(ageMs, 0), options.limits.volumeMs),
          bytes: await folderBytes(path),
        });
      } catch (cause) {
        // A full disk refuses to open what is sound: whoever asked gives room and asks again.
        if (isDiskFull(cause)) throw cause;
        options.onDamaged(path, cause);
        if (newest.firstSeq < head) return new Volumes(options, places, undefined);
        await removeFolder(path);
        places.pop();
      }
    }
  }

  /** True when the next group should begin a new volume. */
  get due(): boolean {
    const { volumeBytes, volumeMs } = this.#options.limits;
    const current = this.#current;
    if (current === undefined) return false;
    return current.bytes >= volumeBytes || this.#options.clock.monotonicMs() - current.sinceMs >= volumeMs;
  }

  /** Writes the bodies, synced. The first group of a volume is written, the volume reopened and looked at. */
  async write(entries: readonly NumberedEntry[]): Promise<void> {
    const [first] = entries;
    if (first === undefined) return;
    const writes = entries.map(({ entry, value }) => put(seqKey(entry.seq), value));
    if (this.#current === undefined) {
      await this.#begin(first.entry.seq, writes);
    } else {
      await this.#current.database.write(writes, { sync: true });
    }
    if (this.#current !== undefined)
      this.#current.bytes += entries.reduce((sum, { value }) => sum + value.length, 0);
  }

  async #begin(firstSeq: number, writes: readonly ReturnType<typeof put>[]): Promise<void> {
    const path = volumeFolder(this.#options.folder, firstSeq);
    await makeFolder(path);
    const fresh = await openVolume(path, true);
    try {
      await fresh.write(writes, { sync: true });
    } finally {
      await fresh.close();
    }
    // LevelDB 1.20 does not sync a new database's first manifest; the second opening writes one that is synced.
    const database = await openVolume(path, false);
    if ((await database.get(seqKey(firstSeq))) === undefined) {
      await database.close();
      throw new CodedError("store.unreadable", { database: path });
    }
    this.#places.push({ firstSeq, kept: false });
    this.#current = { firstSeq, database, sinceMs: this.#options.clock.monotonicMs(), bytes: 0 };
  }

  /** Seals the open volume; the next write begins another. No write may be under way. */
  seal(): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    this.#sealing = this.#close(this.#sealing, current.database);
  }

  async #close(before: Promise<void>, database: Database): Promise<void> {
    await before;
    try {
      await database.close();
      // One more opening turns LevelDB's own log into a table, so that the sealed volume opens fast.
      await (await openVolume(database.path, false)).close();
    } catch (cause) {
      // On a full disk the log stays what it is: whoever opens the volume recovers it.
      if (!isDiskFull(cause)) this.#options.onDamaged(database.path, cause);
    }
  }

  /** The stored value, undefined when there is none. Sealed volumes are asked of the reader process. */
  async read(seq: number): Promise<Uint8Array | undefined> {
    const place = this.#places.findLast(({ firstSeq }) => firstSeq <= seq);
    if (place === undefined) return undefined;
    const current = this.#current;
    if (current?.firstSeq === place.firstSeq) return current.database.get(seqKey(seq));
    await this.#sealing;
    return this.#options.reader.read(placePath(this.#options.folder, place), seq);
  }

  /** Sequence numbers from `head` on that the open volume holds. */
  async bodiesFrom(head: number): Promise<readonly number[]> {
    const found: number[] = [];
    if (this.#current !== undefined)
      for await (const key of this.#current.database.keys(bodiesFrom(head))) found.push(seqOfKey(key));
    return found;
  }

  /** Removes these bodies from the open volume, synced. */
  async remove(seqs: readonly number[]): Promise<void> {
    if (seqs.length > 0)
      await this.#current?.database.write(
        seqs.map((seq) => del(seqKey(seq))),
        { sync: true },
      );
  }

  /** Sealed volumes, ascending; all are closed when it resolves. */
  async sealed(): Promise<readonly VolumePlace[]> {
    await this.#sealing;
    const open = this.#current?.firstSeq;
    return this.#places.filter(({ firstSeq }) => firstSeq !== open);
  }

  get openFirstSeq(): number | undefined {
    return this.#current?.firstSeq;
  }

  /** Where the volume's sequence numbers end: the next one's first, or `head`. */
  endOf(firstSeq: number, head: number): number {
    return this.#places.find((place) => place.firstSeq > firstSeq)?.firstSeq ?? head;
  }

  /** Gives the survivors that were copied their name. The whole volume stays and counts until it is dropped. */
  async putKept(firstSeq: number): Promise<void> {
    const kept = keptFolder(this.#options.folder, firstSeq);
    await removeFolder(kept);
    await renameFolder(copyingFolder(this.#options.folder, firstSeq), kept);
  }

  /**
   * Removes a sealed volume as a whole folder, which writes no footage and works on a full disk. `survives`:
   * its kept volume stands beside it and takes its place.
   */
  async drop(place: VolumePlace, survives: boolean): Promise<void> {
    const { folder, reader } = this.#options;
    const { firstSeq } = place;
    if (firstSeq === this.#current?.firstSeq) throw new RangeError("the open volume can't be dropped");
    const path = placePath(folder, place);
    await this.#sealing;
    const at = this.#places.findIndex((other) => other.firstSeq === firstSeq);
    if (survives) this.#places.splice(at, 1, { firstSeq, kept: true });
    else this.#places.splice(at, 1);
    await reader.release(path);
    // An unfinished copy beside it must not become the volume when this one goes.
    if (!survives && !place.kept) await removeFolder(keptFolder(folder, firstSeq));
    await renameFolder(path, droppedFolder(path));
    await removeFolder(droppedFolder(path));
  }

  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.database.close();
    await this.#sealing;
  }
}
