/**
 * What of an approved destruction list may be destroyed, and why the rest may not; pure. Invariant: nothing is
 * destroyed before its class is over, under a hold, or without an article or list that says so.
 */
import type { Entry } from "../evidence/entry.ts";
import { type SeqRange, joinRanges } from "../evidence/ranges.ts";
import type { ReleaseRules } from "./release-plan.ts";

export interface EraseFacts {
  /** Entries that the approved list names, of one log. */
  readonly entries: readonly Entry[];
  readonly nowMs: number;
  readonly rules: Pick<ReleaseRules, "keepUntilMs" | "isHeld">;
  /** Article, or number of the approved list; empty: there is none. */
  readonly basis: string;
  /** Entries of which another body says the same and is not on the list, such as a document without its rendition. */
  readonly copied?: ReadonlySet<number>;
}

/** Why a body stays. `copyStays`: the list does not name another body that says the same. */
export type EraseRefusal = "noBasis" | "held" | "classNotOver" | "copyStays";

export interface ErasePlan {
  readonly going: readonly SeqRange[];
  readonly refused: readonly { readonly seq: number; readonly why: EraseRefusal }[];
}

/** Decides entry by entry. A list that is refused in part is for people to correct, so callers erase all or nothing. */
export function planErase({ entries, nowMs, rules, basis, copied }: EraseFacts): ErasePlan {
  const refused: { seq: number; why: EraseRefusal }[] = [];
  const going: SeqRange[] = [];
  for (const entry of entries) {
    const { seq } = entry;
    if (basis === "") refused.push({ seq, why: "noBasis" });
    else if (rules.isHeld(entry)) refused.push({ seq, why: "held" });
    else if (rules.keepUntilMs(entry) > nowMs) refused.push({ seq, why: "classNotOver" });
    else if (copied?.has(seq) === true) refused.push({ seq, why: "copyStays" });
    else going.push([seq, seq + 1]);
  }
  return { going: joinRanges(going, []), refused };
}
