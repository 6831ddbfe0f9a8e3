/**
 * The store as the rest of the gateway sees it: append, read, views, checkpoints, the log's public files.
 * Invariant: whatever a promise of this interface confirms is synced to disk.
 */
import type { EntryRef, LogId, Seq, Sha256Hex } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type {
  Append,
  Appended,
  Checkpoints,
  LogReader,
  StoredCheckpoint,
  Views,
} from "../evidence/append.ts";
import type { Entry } from "../evidence/entry.ts";
import type { SeqRange } from "../evidence/ranges.ts";
import type { JsonObject } from "../evidence/record.ts";
import type { Suite } from "../evidence/suite.ts";
import type { TreeSigner } from "../evidence/tree-signer.ts";
import type { SealedReader, StoreNotice } from "./ports.ts";

/** Bounds; each has a default (`limits.ts`). */
export interface StoreLimits {
  /** Bodies waiting in the append queue, bytes and drafts; above it `store.queueFull`. */
  readonly queueBytes: number;
  readonly queueDrafts: number;
  /** A group is closed at this many body bytes or drafts. */
  readonly groupBytes: number;
  readonly groupDrafts: number;
  /** A volume is sealed at this size or age. */
  readonly volumeBytes: number;
  readonly volumeMs: number;
  /** Pause between two checkpoints while entries arrive. */
  readonly checkpointMs: number;
  /** How long `covering` waits for the signer, and `applied` for the views. */
  readonly coveringMs: number;
  readonly appliedMs: number;
  /** Size of the reserve file that keeps recovery possible on a full disk. */
  readonly reserveBytes: number;
  /** Below this much free space something should be released: notice `spaceLow`. */
  readonly wantedFreeBytes: number;
  /** Below this much free space footage is refused with `store.diskFull`; records go on. */
  readonly lowWaterBytes: number;
}

export interface StoreOptions {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
  /** Origin is `<unit>/<gateway>/<logId>`. */
  readonly unit: string;
  readonly gateway: string;
  /** Of the logs that begin from now on; a current log of another suite ends. Default `ed25519-sha256`. */
  readonly suite?: Suite;
  readonly signer: TreeSigner;
  readonly sealedReader: SealedReader;
  readonly onNotice: (notice: StoreNotice) => void;
  readonly limits?: Partial<StoreLimits>;
}

export interface LogHead {
  readonly logId: LogId;
  readonly origin: string;
  /** Durable entries. */
  readonly size: number;
  /** True for the one log that is appended to. */
  readonly current: boolean;
}

export type SpaceLevel = "enough" | "low" | "full";

export interface StoreStats {
  readonly logId: LogId;
  /** Durable entries of the current log. */
  readonly size: number;
  readonly freeBytes: number;
  /** `low`: something should be released; `full`: footage is refused. */
  readonly space: SpaceLevel;
  readonly queueBytes: number;
  readonly queueDrafts: number;
  /** Body bytes confirmed since the start. */
  readonly appendedBytes: number;
  /** Age of the newest stored checkpoint; undefined before the first. */
  readonly checkpointAgeMs?: number;
  /** False after a disk error until a write succeeds again. */
  readonly writable: boolean;
  readonly failedViews: readonly string[];
}

/** The log's public side: what `/log/...` serves and proofs are made of (C2SP tlog-tiles). */
export interface LogFiles {
  /** All logs of this data folder, oldest first. */
  logs(): readonly LogHead[];
  checkpoint(logId: LogId): StoredCheckpoint | undefined;
  /** The checkpoints at which the log's keys changed, ascending by size. */
  turnovers(logId: LogId): Promise<readonly StoredCheckpoint[]>;
  /** `width` hashes of 32 bytes at this tile level; undefined where the tree has not that many. */
  tile(logId: LogId, level: number, index: number, width: number): Promise<Uint8Array | undefined>;
  /** `width` entries, each with a u16 length before it, from entry `index * 256` on. */
  entryBundle(logId: LogId, index: number, width: number): Promise<Uint8Array | undefined>;
  /** RFC 6962 inclusion proof of the entry in the tree of this size. Throws `evidence.noSuchEntry`. */
  inclusion(ref: EntryRef, size: number): Promise<readonly Uint8Array[]>;
  /** RFC 6962 consistency proof between two sizes. Throws `evidence.noSuchEntry`. */
  consistency(logId: LogId, from: number, to: number): Promise<readonly Uint8Array[]>;
  /** Root of the tree of this size; throws `evidence.noSuchEntry` above the head. */
  rootAt(logId: LogId, size: number): Promise<Uint8Array>;
}

/** Bodies as they lie on disk, for packs: u16 length, entry, body; the hash is checked. */
export interface BodyValues {
  /** Throws `evidence.bodyCorrupt`, `evidence.bodyMissing` or `evidence.noSuchEntry`. */
  bodyValue(ref: EntryRef): Promise<Uint8Array>;
  /** Entries of one log in order, at most `limit`, and how long each body is: no body is read. */
  entries(
    logId: LogId,
    from: number,
    limit: number,
  ): Promise<readonly { readonly seq: Seq; readonly bytes: Uint8Array }[]>;
}

/** A sealed volume. */
export interface StoredVolume {
  readonly logId: LogId;
  readonly firstSeq: Seq;
  /** Where its sequence numbers end, exclusive. */
  readonly endSeq: number;
  readonly sizeBytes: number;
  /** Only survivors of a volume that was dropped. */
  readonly kept: boolean;
}

/** An entry of footage with its exact bytes. */
export interface StoredFootage {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
}

export interface ReleaseRequest {
  readonly logId: LogId;
  /** Names the volume. */
  readonly firstSeq: Seq;
  /** What may go. Footage of the volume outside these ranges survives. */
  readonly going: readonly SeqRange[];
  /** Ground, as a short code or article. */
  readonly basis: string;
  /** SHA-256 of the packs whose acknowledgement permits it. */
  readonly packs: readonly Sha256Hex[];
  /** More for the entry's record; no personal data. */
  readonly detail?: JsonObject;
}

export interface EraseRequest {
  readonly logId: LogId;
  /** Half-open, ascending, apart. */
  readonly ranges: readonly SeqRange[];
  /** `footage`: footage in the ranges; `all`: everything in them, records too. */
  readonly of: "footage" | "all";
  /** Legal basis, as an article or the number of the destruction list. */
  readonly basis: string;
  readonly detail?: JsonObject;
}

/** What leaves the disk. Whether it may is the caller's to decide; that it is told of is the store's. */
export interface Retention {
  /** Looks at the disk now; between appends `stats` tells what the last look saw. */
  lookAtSpace(): Promise<SpaceLevel>;
  /** Sealed volumes, oldest first; no footage is read. */
  volumes(): Promise<readonly StoredVolume[]>;
  /** The volume's footage that is not lawfully gone, in log order, from the log alone. Throws `store.noSuchVolume`. */
  footageOf(volume: Pick<StoredVolume, "logId" | "firstSeq">): Promise<readonly StoredFootage[]>;
  /**
   * Drops the local copy of footage in one sealed volume and resolves with the `release` entry once it is gone.
   * Survivors are copied first; a volume without any is dropped as a folder, which writes no footage.
   * Throws `store.noSuchVolume`, `store.nothingToGo`, or the disk's and the reader's codes.
   */
  release(request: ReleaseRequest): Promise<EntryRef>;
  /**
   * Destroys bodies and resolves with the `erase` entry once no file holds a byte of them. Rows of views that were
   * made of a record stay until the view is rebuilt. Throws `store.notErasable` before anything is written.
   */
  erase(request: EraseRequest): Promise<EntryRef>;
}

export interface ScrubOptions {
  /** How fast footage is read; default 4 MiB/s: 1 TB in three days. */
  readonly bytesPerS?: number;
  /** Pause between two rounds; default one day. */
  readonly pauseMs?: number;
}

export interface ScrubStatus {
  /** Undefined between two rounds. */
  readonly at?: EntryRef;
  readonly rounds: number;
  /** Of this round, since the start of the process. */
  readonly entries: number;
  readonly bytes: number;
  readonly found: number;
}

export interface Scrub {
  status(): ScrubStatus;
  /** Ends it and keeps its place. */
  close(): Promise<void>;
}

/** A change of keys. */
export interface KeyChange {
  /** Verifier keys under the current log's name: one in force and the signer's next one that is to replace it. */
  readonly keys: readonly { readonly from: string; readonly to: string }[];
  /** Ground, as a short code or word; no personal data. */
  readonly why: string;
  /** User id. */
  readonly by: string;
}

export interface Store extends Append, LogReader, Views, Checkpoints, LogFiles, BodyValues, Retention {
  /** Begins to check everything in the background, once; findings are notices. It ends with the store at the latest. */
  scrub(options?: ScrubOptions): Scrub;
  /** Origin of the log that the next entry goes to; a new year's log begins first where one is due. */
  currentOrigin(): Promise<string>;
  /**
   * Announces these keys in the current log and resolves with the checkpoint that puts them in force; what a crash
   * interrupts goes on at the next start. Rejects with `store.signerAway` when that takes too long, and then it
   * still comes; with `store.keysNotTaken` when the signer did not take them, or when they are named for another log
   * than the current one, and then nothing has changed.
   */
  changeKeys(change: KeyChange): Promise<StoredCheckpoint>;
  /** Lets the views catch up with the log; resolves when all have. To be called after every `register`. */
  catchUp(): Promise<void>;
  /** Hears of every group after it is durable, in log order. Returns the function that ends it. */
  onAppended(listener: (appended: readonly Appended[]) => void): () => void;
  /** Hears of every checkpoint after it is stored. Returns the function that ends it. */
  onCheckpoint(listener: (checkpoint: StoredCheckpoint) => void): () => void;
  stats(): StoreStats;
  /** Ends appends, signs a last time if the signer answers, closes all databases. Safe to call twice. */
  close(): Promise<void>;
}
