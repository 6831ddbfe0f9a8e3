/** What an export reads from the log, by shape: `gateway/store`. Invariant: it only reads. */
import type { EntryRef, LogId } from "../../domain/ids.ts";
import type { StoredCheckpoint } from "../../evidence/append.ts";

export interface ExportLog {
  /** The body as it lies on disk, hash checked. Throws `evidence.*`. */
  bodyValue(ref: EntryRef): Promise<Uint8Array>;
  /** Signs at once if need be. */
  covering(ref: EntryRef): Promise<StoredCheckpoint>;
  checkpoint(logId: LogId): StoredCheckpoint | undefined;
  /** The checkpoints at which the log's keys changed, ascending by size. */
  turnovers(logId: LogId): Promise<readonly StoredCheckpoint[]>;
  logs(): readonly { readonly logId: LogId; readonly origin: string }[];
  tile(logId: LogId, level: number, index: number, width: number): Promise<Uint8Array | undefined>;
  entryBundle(logId: LogId, index: number, width: number): Promise<Uint8Array | undefined>;
  /** Verifier keys of this gateway's logs (C2SP signed-note). */
  verifierKeys(): readonly string[];
}
