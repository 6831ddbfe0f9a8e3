/**
 * The reader of sealed volumes as its users see it. Invariant: sealed volumes are opened in the reader's own
 * process only, so a table that is cut off while mapped (SIGBUS) kills the reader and never the recorder.
 */
import type { BadBody, ExpectedBody } from "./protocol.ts";

export type { BadBody, ExpectedBody } from "./protocol.ts";

export interface SealedReaderClient {
  /**
   * The body value under this sequence number, undefined when the volume has none. Rejects with
   * `store.readerAway` or `store.volumeUnreadable`.
   */
  read(volumePath: string, seq: number): Promise<Uint8Array | undefined>;
  /** Closes the volume in the reader, if open, so that its folder may be moved or removed. */
  release(volumePath: string): Promise<void>;
  /**
   * Copies these values, synced, into the volume at `toPath`, which is made if need be. At most a few MiB; may be
   * repeated.
   */
  copy(volumePath: string, toPath: string, seqs: readonly number[]): Promise<void>;
  /** Deletes these values and rewrites the tables that held them: no file holds a byte of them afterwards. */
  remove(volumePath: string, seqs: readonly number[]): Promise<void>;
  /** Reads and hashes these values and names those that are not what is expected. At most a few MiB. */
  check(volumePath: string, expected: readonly ExpectedBody[]): Promise<readonly BadBody[]>;
  /** Process id while it runs; it is started at the first read. */
  readonly pid: number | undefined;
  /** Ends the process and resolves when it is gone. */
  close(): Promise<void>;
}

export interface SealedReaderOptions {
  /** Hears of each unexpected end; the process is started again by itself. */
  readonly onDeath?: (end: { readonly code: number | null; readonly signal: string | null }) => void;
  /** Limit of one request; default 10 s for a read, 30 s for a copy or a check, 10 min for a removal. */
  readonly requestMs?: number;
  /** Requests waiting at once; default 64, above it `store.readerAway`. */
  readonly maxPending?: number;
}
