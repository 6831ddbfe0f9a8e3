/** What the handover needs of others; `main.ts` gives it the store and the enrolled archive's keys. */
import type { EntryRef, LogId, Seq } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { Append, Appended, Views } from "../evidence/append.ts";
import type { Sha256, VerifyEd25519 } from "../evidence/suite.ts";
import type { VerifierKey } from "../evidence/verifier-key.ts";

export type { Append, Appended, Views } from "../evidence/append.ts";

/** The logs and bodies of this gateway. */
export interface PackStore {
  logs(): readonly { readonly logId: LogId; readonly origin: string; readonly size: number }[];
  rootAt(logId: LogId, size: number): Promise<Uint8Array>;
  entries(
    logId: LogId,
    from: number,
    limit: number,
  ): Promise<readonly { readonly seq: Seq; readonly bytes: Uint8Array }[]>;
  bodyValue(ref: EntryRef): Promise<Uint8Array>;
  onAppended(listener: (appended: readonly Appended[]) => void): () => void;
}

export interface HandoverOptions {
  readonly store: PackStore;
  readonly append: Append;
  readonly views: Views;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  /** Cosignature keys (type 0x04) of the archive and other witnesses that are enrolled now. */
  readonly witnesses: () => readonly VerifierKey[];
  /** Whether a pack holds something of a sealed matter: its bytes stay here until an officer decides. */
  readonly withheld?: (
    logId: LogId,
    ranges: readonly (readonly [from: number, to: number])[],
  ) => Promise<boolean>;
  /**
   * Whether anybody is there to take packs; left out: yes. Until then footage is not read for a seal, which costs
   * more than hashing it did when it was recorded; what waits is sealed once somebody is enrolled.
   */
  readonly hasReceiver?: () => boolean;
  /** Hears of a seal that failed; it is tried again. */
  readonly onFault?: (cause: unknown) => void;
  readonly limits?: Partial<SealLimits>;
}

/** When a pack is closed (DESIGN 10). */
export interface SealLimits {
  readonly targetBytes: number;
  /** Age of the oldest entry that waits. */
  readonly ageMs: number;
  /** Papers go out this long after the last of them, and at the latest after `paperAgeMs`. */
  readonly paperQuietMs: number;
  readonly paperAgeMs: number;
  /** How often the clock is looked at. */
  readonly tickMs: number;
}
