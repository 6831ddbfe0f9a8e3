/**
 * Checkpoints over all logs of the data folder: each log that can still be signed has its own loop.
 * Invariant: a log that the signer knows better than this disk is never signed again; the next one begins.
 */
import { CodedError } from "../domain/errors.ts";
import type { EntryRef, LogId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { Checkpoints, StoredCheckpoint } from "../evidence/append.ts";
import type { TreeSigner } from "../evidence/tree-signer.ts";
import type { StoreLimits } from "./contract.ts";
import { LAST_CHECKPOINT_MS, SIGNER_AT_START_MS } from "./limits.ts";
import type { LogSeries } from "./log-series.ts";
import { LogSigning, type WentBack } from "./log-signing.ts";
import type { OneLog } from "./one-log.ts";
import type { StoreNotice } from "./ports.ts";

export interface CheckpointsOptions {
  readonly series: LogSeries;
  readonly signer: TreeSigner;
  readonly clock: Clock;
  readonly limits: StoreLimits;
  readonly onNotice: (notice: StoreNotice) => void;
  readonly onDisk: (cause: unknown) => void;
  readonly onStored: (checkpoint: StoredCheckpoint) => void;
  readonly onWentBack: (log: OneLog, found: WentBack) => void;
}

export class SignedHeads implements Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #signing = new Map<LogId, LogSigning>();
  #signerAway = false;
  #closed = false;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
  }

  /** Compares the current log with the signer, and signs what earlier logs left unsigned. */
  async start(): Promise<void> {
    const { series } = this.#options;
    for (const log of series.logs) {
      if (log === series.current) break;
      const last = await log.log.entry(log.size - 1);
      const signedUpTo = log.checkpoint?.size ?? 0;
      if (last.entry.type === "close" && signedUpTo < log.size) this.#of(log).wake();
    }
    try {
      await this.#of(series.current).compare(SIGNER_AT_START_MS);
    } catch (cause) {
      this.#onSigner(cause);
    }
    this.wake();
  }

  #of(log: OneLog): LogSigning {
    const { signer, clock, limits, onDisk, onStored, onWentBack } = this.#options;
    const known = this.#signing.get(log.logId);
    if (known !== undefined) return known;
    const signing = new LogSigning({
      log,
      signer,
      clock,
      limits,
      onSigner: (cause) => {
        this.#onSigner(cause);
      },
      onDisk,
      onStored,
      onTurned: ({ size }) => {
        this.#options.onNotice({ kind: "keysTurned", logId: log.logId, size });
      },
      onWentBack: (found) => {
        onWentBack(log, found);
      },
    });
    this.#signing.set(log.logId, signing);
    return signing;
  }

  #onSigner(cause: unknown): void {
    const away = cause !== undefined;
    if (away === this.#signerAway) return;
    this.#signerAway = away;
    this.#options.onNotice(away ? { kind: "signerAway", cause } : { kind: "signerBack" });
  }

  /** Says that the current log has grown. */
  wake(): void {
    if (!this.#closed) this.#of(this.#options.series.current).wake();
  }

  async covering(ref: EntryRef): Promise<StoredCheckpoint> {
    if (this.#closed) throw new CodedError("store.closed");
    const log = this.#options.series.find(ref.logId);
    if (log === undefined || ref.seq >= log.size)
      throw new CodedError("evidence.noSuchEntry", { logId: ref.logId, seq: ref.seq });
    return this.#of(log).covering(ref.seq + 1);
  }

  /** A last checkpoint of the log if the signer answers soon, else the newest there is. */
  async last(log: OneLog): Promise<StoredCheckpoint | undefined> {
    try {
      return await this.#of(log).covering(log.size, LAST_CHECKPOINT_MS);
    } catch (cause) {
      this.#onSigner(cause);
      return log.checkpoint;
    }
  }

  /** One more checkpoint of the current log before the end, if the signer answers soon. */
  async lastOfAll(): Promise<void> {
    await this.last(this.#options.series.current);
  }

  latest(): StoredCheckpoint | undefined {
    return this.#options.series.logs.map((log) => log.checkpoint).findLast((found) => found !== undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const signing of this.#signing.values()) await signing.close();
  }
}
