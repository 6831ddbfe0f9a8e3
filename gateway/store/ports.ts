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
  | { readonly kind: "logOpened"; readonly logId: LogId; readonly why: LogOpening }
  | { readonly kind: "viewRebuild"; readonly view: string; readonly why: string }
  | {
      readonly kind: "viewFailed";
      readonly view: string;
      readonly ref: EntryRef;
      readonly cause: unknown;
    }
  | { readonly kind: "listenerFailed"; readonly cause: unknown };

/**
 * Why a log begins: the first of this box, a new year, a signed head that this disk doesn't have, or a signer
 * that does not know the log it signed.
 */
export type LogOpening = "first" | "year" | "diskWentBack" | "signerLost";
