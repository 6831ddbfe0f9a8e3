/**
 * What the documents need of others, wired in main.ts: the log, checkpoints, the QR text, a printer.
 * Invariant: everything here is structural, so no other use case or driver is imported.
 */
import type { EntryRef, LogId, PrinterId, UserId } from "../domain/ids.ts";
import type { StoredCheckpoint } from "../evidence/append.ts";
import type { SlipLine } from "./slip/slip.ts";

export type {
  Append,
  Checkpoints,
  LogReader,
  ProjectedEntry,
  Projection,
  StoredCheckpoint,
  Views,
  ViewTable,
  ViewTransaction,
} from "../evidence/append.ts";

/** Text of the QR: the compact checkpoint and the index of the document's entry (DESIGN 6). */
export type QrText = (checkpoint: StoredCheckpoint, document: EntryRef) => Promise<string>;

/** The log's tree and bodies, for proofs of papers; hashes are checked on every read. */
export interface PaperLog {
  logs(): readonly { readonly logId: LogId; readonly origin: string; readonly size: number }[];
  rootAt(logId: LogId, size: number): Promise<Uint8Array>;
  inclusion(ref: EntryRef, size: number): Promise<readonly Uint8Array[]>;
  entries(logId: LogId, from: number, limit: number): Promise<readonly { readonly bytes: Uint8Array }[]>;
  bodyValue(ref: EntryRef): Promise<Uint8Array>;
}

/** A receipt printer as bound on this box. */
export interface SlipPrinter {
  readonly id: PrinterId;
  /** Printable width; 576 on 80 mm paper, 384 on 58 mm. */
  readonly widthDots: number;
  /**
   * Resolves when the printer has taken the whole slip. Rejects within the driver's deadlines with an error
   * that carries a `code` string, such as `printer.unplugged`, and `nothingPrinted: true` where no byte went out.
   */
  print(lines: readonly SlipLine[]): Promise<void>;
}

/** Who asked for a print, for the `print` entry. */
export interface PrintActor {
  readonly user: UserId;
  readonly counter?: string;
}
