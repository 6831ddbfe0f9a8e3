/**
 * The data folder of a stopped gateway as the judge reads it. Invariant: it takes every database as it lies,
 * without recovery and without trusting the frontier; what can't be opened is told, never skipped.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CodedError } from "../domain/errors.ts";
import type { LogId } from "../domain/ids.ts";
import { TRUST_PATH } from "../evidence/folder.ts";
import { type BodyValue, decodeBodyValue } from "../evidence/body-value.ts";
import type {
  EvidenceSource,
  HashBodies,
  LogEvidence,
  SourceBody,
  SourceDigest,
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
  recordsFolder,
} from "./folders.ts";
import { CHECKPOINT_KEY, ENTRIES, KEPT_CHECKPOINTS, entryKey, hashKey, seqOfKey } from "./keys.ts";
import { decodeCheckpoint } from "./log-database.ts";
import { sha256 } from "./sha256.ts";
import { sm3 } from "./sm3.ts";
import { type StoredValue, StoredValues } from "./stored-values.ts";

/** On one core, as it comes. */
// oxlint-disable-next-line require-await -- one core: a rejection, never a throw
const hashHere: HashBodies = async (bodies, withSm3) =>
  bodies.map((body) => ({ sha256: sha256(body), ...(withSm3 ? { sm3: sm3(body) } : {}) }));

/**
 * `hash`: by whom bodies are hashed. Throws `store.unreadable` when the folder has no log, or when a running gateway
 * holds it.
 */
export async function openStoreSource(
  dataFolder: string,
  hash: HashBodies = hashHere,
): Promise<EvidenceSource> {
  const ids = await listLogs(dataFolder);
  if (ids.length === 0) throw new CodedError("store.unreadable", { database: dataFolder });
  const faults: SourceFault[] = [];
  const logs: StoredLog[] = [];
  try {
    for (const id of ids) logs.push(await StoredLog.open(logFolder(dataFolder, id), id, faults, hash));
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

function bodyOf(value: StoredValue): SourceBody {
  if (value === "unopened") return { state: "unreadable", why: "its database can't be opened" };
  return value === undefined ? { state: "absent" } : { state: "found", ...partsOf(value) };
}

/** Portions of bodies that are being hashed while the next one is read. */
const PORTIONS_HASHED = 2;

class StoredLog implements LogEvidence {
  readonly label: LogId;
  readonly #log: Database;
  readonly #records: Database | undefined;
  readonly #values: StoredValues;
  readonly #faults: SourceFault[];
  readonly #hash: HashBodies;
  #reading: Promise<unknown> = Promise.resolve();

  private constructor(options: {
    readonly label: LogId;
    readonly folder: string;
    readonly log: Database;
    readonly records: Database | undefined;
    readonly volumes: readonly VolumePlace[];
    readonly faults: SourceFault[];
    readonly hash: HashBodies;
  }) {
    const { label, faults } = options;
    this.label = label;
    this.#log = options.log;
    this.#records = options.records;
    this.#faults = faults;
    this.#hash = options.hash;
    this.#values = new StoredValues({
      ...options,
      onUnopened: (firstSeq, cause) => {
        faults.push({ place: `${label}/footage/${firstSeq}`, why: whyOf(cause), unreadable: true });
      },
    });
  }

  static async open(
    folder: string,
    label: LogId,
    faults: SourceFault[],
    hash: HashBodies,
  ): Promise<StoredLog> {
    const log = await Database.open(entriesFolder(folder), { create: false });
    let records: Database | undefined;
    try {
      records = await Database.open(recordsFolder(folder), { create: false });
    } catch (cause) {
      faults.push({ place: `${label}/records`, why: whyOf(cause), unreadable: true });
    }
    const volumes = await listVolumePlaces(folder);
    return new StoredLog({ label, folder, log, records, volumes, faults, hash });
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
      return bodyOf(await this.#values.one(index));
    } catch (cause) {
      return { state: "unreadable", why: whyOf(cause) };
    }
  }

  /**
   * One call is read to its end before the next, so that no two of them open volumes in turn; hashing goes on beside the
   * reading.
   */
  async digests(indexes: readonly number[], withSm3: boolean): Promise<readonly SourceDigest[]> {
    const turn = this.#reading.then(() => this.#readAndHash(indexes, withSm3));
    this.#reading = turn.catch(() => undefined);
    return (await Promise.all(await turn)).flat();
  }

  /** The portions in order, the last ones still being hashed. */
  async #readAndHash(
    indexes: readonly number[],
    withSm3: boolean,
  ): Promise<readonly Promise<readonly SourceDigest[]>[]> {
    const parts: Promise<readonly SourceDigest[]>[] = [];
    for await (const { indexes: own, values } of this.#values.portions(indexes)) {
      // What stops a portion is found one by one.
      const bodies =
        values === "failed" ? await Promise.all(own.map((index) => this.body(index))) : values.map(bodyOf);
      const part = this.#hashed(bodies, withSm3);
      // Whoever asked hears of it; until then nobody listens.
      part.catch(() => undefined);
      parts.push(part);
      await parts.at(-PORTIONS_HASHED);
    }
    return parts;
  }

  async #hashed(bodies: readonly SourceBody[], withSm3: boolean): Promise<readonly SourceDigest[]> {
    const found = bodies.filter((body) => body.state === "found");
    const told = found.map(({ entryBytes, body }) => ({
      state: "found" as const,
      // Its memory goes with the body.
      entryBytes: new Uint8Array(entryBytes),
      bodyBytes: body.length,
    }));
    const digests = await this.#hash(
      found.map(({ body }) => body),
      withSm3,
    );
    let next = 0;
    return bodies.map((body): SourceDigest => {
      if (body.state !== "found") return body;
      const [own, digest] = [told[next], digests[next]];
      next++;
      return own === undefined || digest === undefined
        ? { state: "unreadable", why: "it can't be hashed" }
        : { ...own, ...digest };
    });
  }

  async close(): Promise<void> {
    await this.#values.close();
    await this.#records?.close();
    await this.#log.close();
  }
}
