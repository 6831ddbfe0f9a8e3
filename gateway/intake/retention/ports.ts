/** What retention needs beside the log: the volumes, the eraser, the archive's receipts, copies that were made. */
import type { EntryRef, LogId, Seq } from "../../domain/ids.ts";
import type { Clock } from "../../domain/time.ts";
import type { Entry } from "../../evidence/entry.ts";
import type { JsonObject } from "../../evidence/record.ts";
import type { CaseBook } from "../case-files/case-book.ts";
import type { Append, LogReader, Profiles, Random, Views } from "../ports.ts";

/** Sealed footage, as the store has it. */
export interface SealedFootage {
  volumes(): Promise<readonly { readonly logId: LogId; readonly firstSeq: Seq; readonly endSeq: number }[]>;
  footageOf(volume: {
    readonly logId: LogId;
    readonly firstSeq: Seq;
  }): Promise<readonly { readonly entry: Entry }[]>;
}

export interface EraseOrder {
  readonly logId: LogId;
  readonly seqs: readonly Seq[];
  readonly basis: string;
  readonly detail?: JsonObject;
  /** What is asked of every entry before anything goes. */
  readonly rules: { keepUntilMs(entry: Entry): number; isHeld(entry: Entry): boolean };
}

export interface RetentionOptions {
  readonly append: Append;
  readonly reader: LogReader;
  readonly views: Views;
  readonly clock: Clock;
  readonly random: Random;
  readonly profiles: Profiles;
  readonly book: CaseBook;
  readonly footage: SealedFootage;
  /** All or nothing. Throws `evidence.eraseRefused`, `store.*`. */
  readonly erase: (order: EraseOrder) => Promise<EntryRef>;
  /** Entries of a body camera's file: its record, its labels' words and its bytes, also of tries that failed. */
  readonly entriesOfFile: (fileId: string) => Promise<readonly EntryRef[]>;
  /** Entries of a scan: its record and its bytes, also of tries that failed. */
  readonly entriesOfScan: (scanId: string) => Promise<readonly EntryRef[]>;
  /** Whether the central archive has acknowledged it (AS-20). */
  readonly acknowledged: (ref: EntryRef) => Promise<boolean>;
  /** Manifest of a copy that was given out whole; undefined where there is none. */
  readonly manifestOf: (
    exportId: string,
  ) => { readonly fileName: string; readonly manifest: string } | undefined;
}
