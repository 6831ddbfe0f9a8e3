/**
 * Claim codes between issue and first slip, in memory alone.
 * Invariant: none outlives its slip, a quarter of an hour or the process; a lost one is issued anew by the clerk.
 */
import type { DocumentId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";

const KEPT_MS = 15 * 60_000;
const KEPT_AT_MOST = 256;

export interface ClaimCodes {
  keep(id: DocumentId, code: string): void;
  /** The code while it is kept; it stays until `forget`, since a print may fail. */
  peek(id: DocumentId): string | undefined;
  forget(id: DocumentId): void;
  clear(): void;
}

export function createClaimCodes(clock: Clock): ClaimCodes {
  const kept = new Map<DocumentId, { readonly code: string; readonly untilMs: number }>();
  const drop = (): void => {
    for (const [id, { untilMs }] of kept)
      if (untilMs <= clock.monotonicMs() || kept.size > KEPT_AT_MOST) kept.delete(id);
  };
  return {
    keep: (id, code) => {
      kept.delete(id);
      kept.set(id, { code, untilMs: clock.monotonicMs() + KEPT_MS });
      drop();
    },
    peek: (id) => {
      drop();
      return kept.get(id)?.code;
    },
    forget: (id) => void kept.delete(id),
    clear: () => kept.clear(),
  };
}
