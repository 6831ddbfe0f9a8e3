/**
 * What the store needs from the reader process and what it tells others; the signer's port is
 * evidence/tree-signer.ts. Invariant: the store waits for neither without a limit and records on without both.
 */
import type { EntryRef, LogId } from "../domain/ids.ts";

/** The process that alone opens sealed volumes; see gateway/reader. */
export interface SealedReader {
  /** The body value under this sequence number, undefined when the volume has none. */
  read(volumePath: string, seq: number): Promise<Uint8Array | undefined>;
  /** Closes the volume there, if it is open, so that its folder may be moved or removed. */
  release(volumePath: string): Promise<void>;
  /** Copies these values, synced, into the volume at `toPath`, which is made if need be. At most a few MiB. */
  copy(volumePath: string, toPath: string, seqs: readonly number[]): Promise<void>;
  /** Deletes these values and rewrites the tables that held them: no file holds a byte of them afterwards. */
  remove(volumePath: string, seqs: readonly number[]): Promise<void>;
  /** Reads and hashes these values; names those that are not what is expected. At most a few MiB. */
  check(volumePath: string, expected: readonly ExpectedBody[]): Promise<readonly BadBody[]>;
}

/** What the log says of a body. */
export interface ExpectedBody {
  readonly seq: number;
  readonly lenBytes: number;
  /** SHA-256 of the body and of the entry's exact bytes, hex. */
  readonly sha256: string;
  readonly entrySha256: string;
}

export interface BadBody {
  readonly seq: number;
  readonly why: "missing" | "corrupt" | "unreadable";
}

/** Something a technician has to hear of; `main.ts` makes alarms of it. None holds personal data. */
export type StoreNotice =
  | { readonly kind: "orphans"; readonly logId: LogId; readonly count: number }
  | {
      readonly kind: "volumeDamaged";
      readonly logId: LogId;
      readonly volume: string;
      readonly cause: unknown;
    }
  | { readonly kind: "recordUnreadable"; readonly ref: EntryRef; readonly cause: unknown }
  | { readonly kind: "ioError"; readonly cause: unknown }
  | { readonly kind: "ioRecovered" }
  | { readonly kind: "signerAway"; readonly cause: unknown }
  | { readonly kind: "signerBack" }
  | {
      readonly kind: "diskWentBack";
      readonly logId: LogId;
      readonly next: LogId;
      readonly logSize: number;
      /** 0 when the signer does not know the log. */
      readonly signedSize: number;
    }
  /** Keys of this log were replaced; `size` is the checkpoint of the old and the new ones. */
  | { readonly kind: "keysTurned"; readonly logId: LogId; readonly size: number }
  | { readonly kind: "logOpened"; readonly logId: LogId; readonly why: LogOpening }
  | { readonly kind: "viewRebuild"; readonly view: string; readonly why: string }
  | {
      readonly kind: "viewFailed";
      readonly view: string;
      readonly ref: EntryRef;
      readonly cause: unknown;
    }
  | { readonly kind: "listenerFailed"; readonly cause: unknown }
  /** Free space passed a mark: `low` asks for a release, `full` refuses footage until there is room again. */
  | { readonly kind: "spaceEnough" | "spaceLow" | "spaceFull"; readonly freeBytes: number }
  /** A `release` or `erase` entry stands and could not be carried out; the next start tries again. */
  | { readonly kind: "absenceUnfinished"; readonly ref: EntryRef; readonly cause: unknown }
  | ({ readonly kind: "scrubFound" } & ScrubFinding)
  | { readonly kind: "scrubFailed"; readonly cause: unknown }
  | { readonly kind: "scrubDone"; readonly entries: number; readonly bytes: number; readonly found: number };

/** Neighbouring bodies of one stream that are not what their entries say. */
export interface ScrubFinding {
  readonly logId: LogId;
  readonly why: BadBody["why"] | "entryCorrupt";
  readonly stream: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly count: number;
  /** UTC ms of the first and the last of them. */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Why a log begins: the first of this box, a new year, another suite, a signed head that this disk doesn't have, or
 * a signer that does not know the log it signed.
 */
export type LogOpening = "first" | "year" | "suite" | "diskWentBack" | "signerLost";
