/**
 * The body values of a stopped gateway's log, wherever they lie: records or volumes. Invariant: one volume is open at a
 * time and reads come one after another, so that none meets a volume that is being closed.
 */
import { decodeEntry, isFootage } from "../evidence/entry.ts";
import { Database } from "./database.ts";
import { type VolumePlace, placePath } from "./folders.ts";
import { entryKey, seqKey } from "./keys.ts";

/** `unopened`: its database can't be opened. */
export type StoredValue = Uint8Array | undefined | "unopened";

export interface StoredValuesOptions {
  readonly folder: string;
  readonly log: Database;
  /** Undefined where they can't be opened. */
  readonly records: Database | undefined;
  readonly volumes: readonly VolumePlace[];
  /** Hears of a volume that won't open. */
  readonly onUnopened: (firstSeq: number, cause: unknown) => void;
}

/** So much is read at once, by the lengths that the entries tell. */
const PORTION_BYTES = 8 * 1024 * 1024;

export class StoredValues {
  readonly #options: StoredValuesOptions;
  /** The volume that was asked last; the judge asks by ascending index. */
  #volume: { readonly firstSeq: number; readonly database: Database | undefined } | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: StoredValuesOptions) {
    this.#options = options;
  }

  /** Rejects where a database can't give it. */
  one(index: number): Promise<StoredValue> {
    return this.#inTurn(async () => (await this.#read([index], await this.#told([index])))[0]);
  }

  /** A few MiB of the values at a time, in order; a portion that can't be read whole says so by `failed`. */
  async *portions(
    indexes: readonly number[],
  ): AsyncGenerator<
    { readonly indexes: readonly number[]; readonly values: readonly StoredValue[] | "failed" },
    void,
    undefined
  > {
    const entries = await this.#told(indexes);
    for (const [from, to] of cut(entries)) {
      const part = indexes.slice(from, to);
      const reading = this.#inTurn(() => this.#read(part, entries.slice(from, to)));
      yield { indexes: part, values: await reading.catch(() => "failed" as const) };
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #told(indexes: readonly number[]): Promise<readonly (Told | undefined)[]> {
    return (await this.#options.log.getMany(indexes.map(entryKey))).map(told);
  }

  /** `entries`: what the entries of these places say of their bodies. */
  async #read(
    indexes: readonly number[],
    entries: readonly (Told | undefined)[],
  ): Promise<readonly StoredValue[]> {
    const { records } = this.#options;
    const found = new Map<number, StoredValue>();
    // Only an entry that says that its body is footage keeps it out of the records.
    const inRecords = indexes.filter((_, i) => entries[i]?.footage !== true);
    const values = await records?.getMany(inRecords.map(seqKey));
    for (const [i, index] of inRecords.entries()) {
      const value = values === undefined ? "unopened" : values[i];
      if (value !== undefined) found.set(index, value);
    }
    const rest = indexes.filter((index) => !found.has(index));
    for (const [place, own] of Map.groupBy(rest, (index) => this.#placeOf(index))) {
      if (place === undefined) continue;
      const database = await this.#open(place);
      const bodies = await database?.getMany(own.map(seqKey));
      for (const [i, index] of own.entries()) found.set(index, bodies === undefined ? "unopened" : bodies[i]);
    }
    return indexes.map((index) => found.get(index));
  }

  #placeOf(index: number): VolumePlace | undefined {
    return this.#options.volumes.findLast(({ firstSeq }) => firstSeq <= index);
  }

  async #open(place: VolumePlace): Promise<Database | undefined> {
    const { firstSeq } = place;
    if (this.#volume?.firstSeq === firstSeq) return this.#volume.database;
    await this.#volume?.database?.close();
    this.#volume = undefined;
    let database: Database | undefined;
    try {
      database = await Database.open(placePath(this.#options.folder, place), { create: false });
    } catch (cause) {
      this.#options.onUnopened(firstSeq, cause);
    }
    this.#volume = { firstSeq, database };
    return database;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#volume?.database?.close();
  }
}

/** What an entry says of its body. */
interface Told {
  readonly footage: boolean;
  readonly len: number;
}

/** Undefined where there is no entry that can be read. */
function told(bytes: Uint8Array | undefined): Told | undefined {
  if (bytes === undefined) return undefined;
  try {
    const { type, len } = decodeEntry(bytes);
    return { footage: isFootage(type), len };
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

/** Where each portion begins and ends. */
function cut(entries: readonly (Told | undefined)[]): readonly (readonly [from: number, to: number])[] {
  const portions: [number, number][] = [];
  let bytes = PORTION_BYTES;
  for (const [i, entry] of entries.entries()) {
    const last = portions.at(-1);
    if (last === undefined || bytes >= PORTION_BYTES) {
      portions.push([i, i + 1]);
      bytes = 0;
    } else last[1] = i + 1;
    bytes += entry?.len ?? 0;
  }
  return portions;
}
