/**
 * Counts wrong passwords and says when an account is shut. Invariant: bounded memory; monotonic time decides, so
 * setting the clock does not open a lock.
 */
import type { Clock } from "../domain/time.ts";

const TRIES = 5;
const FIRST_LOCK_MS = 5 * 60_000;
const LONGEST_LOCK_MS = 60 * 60_000;
/** Wrong tries older than this are forgotten. */
const FORGET_MS = 24 * 3_600_000;
const MOST = 10_000;

interface Row {
  failures: number;
  locks: number;
  lastMs: number;
  lockedUntilMonoMs: number;
}

export interface Lockout {
  /** Wall time until which `key` is shut; 0 when it is open. */
  lockedUntilMs(key: string): number;
  /** Counts a failure; the wall time until which it is shut when this one shut it. */
  failed(key: string): number | undefined;
  succeeded(key: string): void;
}

export function createLockout(clock: Clock): Lockout {
  const rows = new Map<string, Row>();
  const wall = (monoMs: number): number => clock.wallMs() + (monoMs - clock.monotonicMs());
  return {
    lockedUntilMs(key) {
      const row = rows.get(key);
      return row === undefined || row.lockedUntilMonoMs <= clock.monotonicMs()
        ? 0
        : Math.ceil(wall(row.lockedUntilMonoMs));
    },
    failed(key) {
      const now = clock.monotonicMs();
      const known = rows.get(key);
      const row =
        known === undefined || now - known.lastMs > FORGET_MS
          ? { failures: 0, locks: 0, lastMs: now, lockedUntilMonoMs: 0 }
          : known;
      rows.delete(key);
      rows.set(key, row);
      row.failures++;
      row.lastMs = now;
      const oldest = rows.keys().next();
      if (rows.size > MOST && oldest.done !== true) rows.delete(oldest.value);
      if (row.failures < TRIES) return undefined;
      row.failures = 0;
      row.lockedUntilMonoMs = now + Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** row.locks);
      row.locks++;
      return Math.ceil(wall(row.lockedUntilMonoMs));
    },
    succeeded(key) {
      rows.delete(key);
    },
  };
}
