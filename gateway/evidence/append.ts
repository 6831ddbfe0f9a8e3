/**
 * What a part asks of the log: append, read, project. The store implements it; use cases re-export what they
 * need in their `ports.ts`. Invariant: a resolved append is durable (synced) and can't be taken back.
 */
import type { EntryRef, StreamId } from "../domain/ids.ts";
import type { Entry, EntryType, FootageType } from "./entry.ts";
import type { JsonObject, RecordBody } from "./record.ts";

interface DraftBase {
  readonly stream: StreamId;
  /** Wall clock of what is recorded, UTC ms; left out: the moment of the append. */
  readonly t?: number;
  readonly durMs?: number;
  readonly cam?: number;
}

/** Footage: raw bytes for the open volume. */
export interface FootageDraft extends DraftBase {
  readonly type: FootageType;
  /** Belongs to the log until the append is settled: it must not change and may be used again afterwards. */
  readonly bytes: Uint8Array;
  /** So many bytes before `bytes` in its buffer are the log's to write to, which spares it a copy. */
  readonly headRoomBytes?: number;
  readonly codec?: string;
  readonly cont?: boolean;
}

/** Any other entry; the store adds the 32 random bytes. */
export interface RecordDraft extends DraftBase {
  readonly type: Exclude<EntryType, FootageType | "key">;
  readonly record: RecordBody;
}

/** The announcement of a key that is to take over (see Entry). */
export interface KeyDraft extends DraftBase {
  readonly type: "key";
  readonly vkey: string;
  readonly record: RecordBody;
}

export type EntryDraft = FootageDraft | RecordDraft | KeyDraft;

export interface Appended extends EntryRef {
  readonly entry: Entry;
}

export interface Append {
  /**
   * Appends all drafts or none, with consecutive sequence numbers in the order given, and resolves once
   * bodies and entries are synced to disk. Rejects with `store.*` codes (queue full, disk, closed).
   */
  append(drafts: readonly EntryDraft[]): Promise<readonly Appended[]>;
}

/** An entry with its body, hash already checked. */
export interface ReadRecord extends EntryRef {
  readonly entry: Entry;
  readonly body: RecordBody;
}

export interface ReadFootage extends EntryRef {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
}

/** Every read checks length and SHA-256 of the body against its entry (LevelDB checks nothing on get). */
export interface LogReader {
  /** Throws `evidence.bodyCorrupt`, `evidence.bodyMissing` or `evidence.noSuchEntry`. */
  readRecord(ref: EntryRef): Promise<ReadRecord>;
  /** As readRecord; bytes of a sealed volume come from the reader process. */
  readFootage(ref: EntryRef): Promise<ReadFootage>;
  readEntry(ref: EntryRef): Promise<Entry>;
}

/** Read side of a view's tables. Keys are plain ASCII; a range is ascending and half-open. */
export interface ViewTable {
  get(key: string): Promise<JsonObject | undefined>;
  /** At most `limit` rows (default 1000) with `from <= key < to`; `reverse` starts at the end. */
  range(options: {
    readonly from: string;
    readonly to: string;
    readonly limit?: number;
    readonly reverse?: boolean;
  }): Promise<readonly (readonly [key: string, value: JsonObject])[]>;
}

/** What `apply` may do: reads see the writes made earlier in the same transaction. */
export interface ViewTransaction extends ViewTable {
  put(key: string, value: JsonObject): void;
  del(key: string): void;
}

/** An entry handed to a projection; `record` is absent for footage and for erased bodies. */
export interface ProjectedEntry extends EntryRef {
  readonly entry: Entry;
  readonly record?: RecordBody;
}

/**
 * Derives a view from the log. `apply` must be a pure function of the entry and the table: a view is deleted
 * and rebuilt when `version` changes. Entries come in log order, each exactly once per rebuild.
 */
export interface Projection {
  readonly name: string;
  readonly version: number;
  readonly types: readonly EntryType[];
  apply(entry: ProjectedEntry, table: ViewTransaction): void | Promise<void>;
}

export interface Views {
  /** Registers a projection and returns its table; to be called for all before the store catches up. */
  register(projection: Projection): ViewTable;
  /** Resolves when every view has applied this entry; rejects when the store closes. */
  applied(ref: EntryRef): Promise<void>;
}

/** A checkpoint that is stored and may be shown, printed or sent. */
export interface StoredCheckpoint {
  readonly logId: EntryRef["logId"];
  readonly size: number;
  /** The whole signed note (C2SP tlog-checkpoint). */
  readonly note: string;
  readonly wallMs: number;
}

export interface Checkpoints {
  /** Signs at once if need be and resolves with a stored checkpoint that covers the entry. */
  covering(ref: EntryRef): Promise<StoredCheckpoint>;
  latest(): StoredCheckpoint | undefined;
}
