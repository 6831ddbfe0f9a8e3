/**
 * Views of a page that refreshes itself: one row of the ledger while the same person keeps looking at the same
 * thing. Invariant: the first look is durable in the ledger before anything is shown.
 */
import type { Clock } from "../domain/time.ts";
import type { Access, AccessLedger } from "../people/access-ledger.ts";

/** Looking away for longer than this makes the next look a view of its own. */
const SAME_VIEW_MS = 5 * 60_000;
const MOST = 5000;

export interface ViewLog {
  /** Writes a row unless this is the same view going on. */
  once(access: Access): Promise<void>;
}

export function createViewLog(ledger: AccessLedger, clock: Clock): ViewLog {
  const seen = new Map<string, number>();
  return {
    async once(access) {
      const key = `${access.by} ${access.act} ${access.subject}`;
      const now = clock.monotonicMs();
      const before = seen.get(key);
      if (before === undefined || now - before > SAME_VIEW_MS) await ledger.record(access);
      seen.delete(key);
      seen.set(key, now);
      const oldest = seen.keys().next();
      if (seen.size > MOST && oldest.done !== true) seen.delete(oldest.value);
    },
  };
}
