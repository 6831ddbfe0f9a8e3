/**
 * What of one volume may leave this disk, and why the rest may not; pure. Invariant: nothing goes that the archive
 * has not promised to keep for as long as the law wants it, or that a hold covers, however full the disk is.
 */
import type { LogId, Seq, Sha256Hex, StreamId } from "../domain/ids.ts";
import type { Entry } from "../evidence/entry.ts";
import { type SeqRange, joinRanges, rangesHold } from "../evidence/ranges.ts";

/** What decides besides the archive's word. */
export interface ReleaseRules {
  /** UTC ms until which the law wants this footage kept somewhere; `Infinity` while nobody can tell. */
  keepUntilMs(entry: Entry): number;
  /** A hold covers it. */
  isHeld(entry: Entry): boolean;
  /** How long footage stays here at least while there is room. */
  readonly localMinimumMs: number;
}

/** A pack that the archive has acknowledged. */
export interface AckedPack {
  readonly sha256: Sha256Hex;
  readonly ranges: readonly SeqRange[];
  readonly retainUntilMs: number;
}

export interface ReleaseFacts {
  readonly logId: LogId;
  readonly firstSeq: Seq;
  /** Footage of the volume that is still here, in log order. */
  readonly footage: readonly Entry[];
  readonly packs: readonly AckedPack[];
  /**
   * What comes next of this stream in the volumes after this one. Undefined: nobody knows, so its last init
   * segment stays.
   */
  readonly next: ReadonlyMap<StreamId, "init" | "fragment">;
  readonly nowMs: number;
  /** Below low water the local minimum yields; nothing else does. */
  readonly roomIsShort: boolean;
  readonly rules: ReleaseRules;
}

/** Why footage stays. `neededInit`: fragments that stay here can't be played without it. */
export const STAY_REASONS = ["notAcked", "promiseTooShort", "held", "young", "neededInit"] as const;
export type StayReason = (typeof STAY_REASONS)[number];

export interface ReleasePlan {
  readonly logId: LogId;
  readonly firstSeq: Seq;
  readonly going: readonly SeqRange[];
  /** The packs whose acknowledgement permits it. */
  readonly packs: readonly Sha256Hex[];
  readonly goingBytes: number;
  readonly stayingBytes: number;
  readonly staying: Readonly<Partial<Record<StayReason, number>>>;
}

type Verdict = StayReason | AckedPack;

function verdictOn(entry: Entry, facts: ReleaseFacts): Verdict {
  const { packs, rules, nowMs, roomIsShort } = facts;
  if (rules.isHeld(entry)) return "held";
  const holding = packs.filter(({ ranges }) => rangesHold(ranges, entry.seq));
  if (holding.length === 0) return "notAcked";
  const wantedMs = rules.keepUntilMs(entry);
  const kept = holding.find(({ retainUntilMs }) => retainUntilMs >= wantedMs);
  if (kept === undefined) return "promiseTooShort";
  if (!roomIsShort && nowMs - (entry.t + entry.dur) < rules.localMinimumMs) return "young";
  return kept;
}

/** An init segment may go once nothing that stays is played with it: from the newest entry back to the oldest. */
function withNeededInits(
  verdicts: readonly (readonly [Entry, Verdict])[],
  next: ReleaseFacts["next"],
): Verdict[] {
  const played = new Map<StreamId, boolean>();
  const found: Verdict[] = [];
  for (const [entry, verdict] of verdicts.toReversed()) {
    const { stream, type } = entry;
    if (type === "fragment" && typeof verdict === "string") played.set(stream, true);
    if (type !== "init") {
      found.push(verdict);
      continue;
    }
    const needed = played.get(stream) ?? next.get(stream) !== "init";
    found.push(needed && typeof verdict !== "string" ? "neededInit" : verdict);
    played.set(stream, false);
  }
  return found.toReversed();
}

/** Decides over one volume. */
export function planRelease(facts: ReleaseFacts): ReleasePlan {
  const { logId, firstSeq, footage, next } = facts;
  const verdicts = withNeededInits(
    footage.map((entry) => [entry, verdictOn(entry, facts)] as const),
    next,
  );
  const ranges: SeqRange[] = [];
  const packs = new Set<Sha256Hex>();
  const staying: Partial<Record<StayReason, number>> = {};
  let goingBytes = 0;
  let stayingBytes = 0;
  for (const [i, entry] of footage.entries()) {
    const verdict = verdicts[i] ?? "notAcked";
    if (typeof verdict === "string") {
      staying[verdict] = (staying[verdict] ?? 0) + 1;
      stayingBytes += entry.len;
    } else {
      ranges.push([entry.seq, entry.seq + 1]);
      packs.add(verdict.sha256);
      goingBytes += entry.len;
    }
  }
  return {
    logId,
    firstSeq,
    going: joinRanges(ranges, []),
    packs: [...packs],
    goingBytes,
    stayingBytes,
    staying,
  };
}
