/**
 * The data folder of a stopped gateway as the judge reads it. Invariant: it takes every database as it lies,
 * without recovery and without trusting the frontier; what can't be opened is told, never skipped.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CodedError } from "../domain/errors.ts";
import type { LogId } from "../domain/ids.ts";
import { decodeEntry, isFootage } from "../evidence/entry.ts";
import { TRUST_PATH } from "../evidence/folder.ts";
import { type BodyValue, decodeBodyValue } from "../evidence/body-value.ts";
import type {
  EvidenceSource,
  LogEvidence,
  SourceBody,
  SourceFault,
  SourceLeaf,
} from "../evidence/verify/source.ts";
import { Database } from "./database.ts";
import {
  type VolumePlace,
  entriesFolder,
  listLogs,
  listVolumePlaces,
  logFolder,
  placePath,
  recordsFolder,
} from "./folders.ts";
import { CHECKPOINT_KEY, ENTRIES, KEPT_CHECKPOINTS, entryKey, hashKey, seqKey, seqOfKey } from "./keys.ts";
import { decodeCheckpoint } from "./log-database.ts";

/** Throws `store.unreadable` when the folder has no log, or when a running gateway holds it. */
export async function openStoreSource(dataFolder: string): Promise<EvidenceSource> {
  const ids = await listLogs(dataFolder);
  if (ids.length === 0) throw new CodedError("store.unreadable", { database: dataFolder });
  const faults: SourceFault[] = [];
  const logs: StoredLog[] = [];
  try {
    for (const id of ids) logs.push(await StoredLog.open(logFolder(dataFolder, id), id, faults));
  } catch (cause) {
    for (const log of logs) await log.close();
    throw cause;
  }
  return {
    holdsAllLogs: true,
    trust: () => readTrust(dataFolder),
    logs: async () => logs,
    faults: () => faults,
    close: async () => {
      for (const log of logs) await log.close();
    },
  };
}

/** The gateway keeps its trust file beside its logs, under the name that evidence folders use. */
async function readTrust(dataFolder: string): Promise<string | undefined> {
  try {
    return await readFile(join(dataFolder, TRUST_PATH), "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw cause;
  }
}

const whyOf = (cause: unknown): string => {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  if (!(inner instanceof Error)) return "unknown";
  const deeper = inner.cause instanceof Error ? inner.cause : inner;
  return "code" in deeper && typeof deeper.code === "string" ? deeper.code : deeper.name;
};

/** A value without form was altered: it has no entry beside it, and is no body of any entry. */
function partsOf(value: Uint8Array): BodyValue {
  try {
    return decodeBodyValue(value);
  } catch (cause) {
    if (cause instanceof RangeError) return { entryBytes: new Uint8Array(), body: value };
    throw cause;
  }
}

class StoredLog implements LogEvidence {
  readonly label: LogId;
  readonly #folder: string;
  readonly #log: Database;
  readonly #records: Database | undefined;
  readonly #volumes: readonly VolumePlace[];
  readonly #faults: SourceFault[];
  /** The volume that was asked last; the judge asks by ascending index. */
  #volume: { readonly firstSeq: number; readonly database: Database | undefined } | undefined;

  private constructor(options: {
    readonly label: LogId;
    readonly folder: string;
    readonly log: Database;
    readonly records: Database | undefined;
    readonly volumes: readonly VolumePlace[];
    readonly faults: SourceFault[];
  }) {
    this.label = options.label;
    this.#folder = options.folder;
    this.#log = options.log;
    this.#records = options.records;
    this.#volumes = options.volumes;
    this.#faults = options.faults;
  }

  static async open(folder: string, label: LogId, faults: SourceFault[]): Promise<StoredLog> {
    const log = await Database.open(entriesFolder(folder), { create: false });
    let records: Database | undefined;
    try {
      records = await Database.open(recordsFolder(folder), { create: false });
    } catch (cause) {
      faults.push({ place: `${label}/records`, why: whyOf(cause), unreadable: true });
    }
    return new StoredLog({ label, folder, log, records, volumes: await listVolumePlaces(folder), faults });
  }

  async checkpoint(): Promise<string | undefined> {
    const stored = await this.#log.get(CHECKPOINT_KEY);
    return stored === undefined ? undefined : this.#note(stored, "checkpoint");
  }

  async *otherNotes(): AsyncIterable<string> {
    for await (const [, value] of this.#log.rows(KEPT_CHECKPOINTS)) {
      const note = this.#note(value, "kept checkpoint");
      if (note !== undefined) yield note;
    }
  }

  #note(value: Uint8Array, what: string): string | undefined {
    try {
      const { note } = decodeCheckpoint(value);
      if (typeof note !== "string") throw new RangeError("not a checkpoint");
      return note;
    } catch (cause) {
      this.#faults.push({ place: `${this.label}/log ${what}`, why: whyOf(cause), unreadable: false });
      return undefined;
    }
  }

  async *leaves(from: number): AsyncIterable<SourceLeaf> {
    let next = from;
    for await (const [key, bytes] of this.#log.rows({ ...ENTRIES, gte: entryKey(from) })) {
      const index = seqOfKey(key.subarray(1));
      for (; next < index; next++) yield { index: next, bytes: undefined };
      yield { index, bytes };
      next = index + 1;
    }
  }

  async tileHashes(
    level: number,
    start: number,
    count: number,
  ): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#log.getMany(Array.from({ length: count }, (_, i) => hashKey(level, start + i)));
  }

  async body(index: number): Promise<SourceBody> {
    try {
      const value = await this.#value(index);
      if (value === "unopened") return { state: "unreadable", why: "its database can't be opened" };
      if (value === undefined) return { state: "absent" };
      return { state: "found", ...partsOf(value) };
    } catch (cause) {
      return { state: "unreadable", why: whyOf(cause) };
    }
  }

  async #value(index: number): Promise<Uint8Array | undefined | "unopened"> {
    if (await this.#mayBeRecord(index)) {
      const found = this.#records === undefined ? "unopened" : await this.#records.get(seqKey(index));
      if (found !== undefined) return found;
    }
    const place = this.#volumes.findLast(({ firstSeq }) => firstSeq <= index);
    if (place === undefined) return undefined;
    const database = await this.#open(place);
    return database === undefined ? "unopened" : database.get(seqKey(index));
  }

  /** False only where the entry says that its body is footage. */
  async #mayBeRecord(index: number): Promise<boolean> {
    const bytes = await this.#log.get(entryKey(index));
    if (bytes === undefined) return true;
    try {
      return !isFootage(decodeEntry(bytes).type);
    } catch (cause) {
      if (cause instanceof RangeError) return true;
      throw cause;
    }
  }

  async #open(place: VolumePlace): Promise<Database | undefined> {
    const { firstSeq } = place;
    if (this.#volume?.firstSeq === firstSeq) return this.#volume.database;
    await this.#volume?.database?.close();
    this.#volume = undefined;
    const path = placePath(this.#folder, place);
    let database: Database | undefined;
    try {
      database = await Database.open(path, { create: false });
    } catch (cause) {
      this.#faults.push({ place: `${this.label}/footage/${firstSeq}`, why: whyOf(cause), unreadable: true });
    }
    this.#volume = { firstSeq, database };
    return database;
  }

  async close(): Promise<void> {
    await this.#volume?.database?.close();
    await this.#records?.close();
    await this.#log.close();
  }
}
