/**
 * States from the log alone whether a camera's footage is complete from A to B, and what is missing with which
 * cause. Invariant: it says `complete` only where signed entries of the stream follow each other without a missing
 * number; it needs no view, no footage and no running gateway.
 */
import type { StreamId } from "../../domain/ids.ts";
import { toHex } from "../bytes.ts";
import { type Entry, decodeEntry } from "../entry.ts";
import { decodeRecord } from "../record.ts";
import type { Sha256 } from "../suite.ts";
import type { LogEvidence, SourceBody } from "../verify/source.ts";
import { type Stretch, coverSpan } from "./span.ts";

export interface StatementOptions {
  readonly stream: StreamId;
  /** UTC ms, half-open. */
  readonly span: Stretch;
  /** Logs that were judged sound, oldest first, with the size that a signed head covers. */
  readonly logs: readonly { readonly log: LogEvidence; readonly signedSize: number }[];
  readonly sha256: Sha256;
}

/** A missing stretch; `place` is the entry that states it, absent where none does. */
export interface MissingStretch extends Stretch {
  readonly causes: readonly string[];
  readonly place?: { readonly log: string; readonly seq: number };
}

/** The entries of one log that the statement rests on. */
export interface StatementGround {
  readonly log: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Counters of the stream; every number between them is there. */
  readonly firstN: number;
  readonly lastN: number;
}

export interface FootageStatement {
  readonly result: "complete" | "incomplete" | "cannotTell";
  readonly fragments: number;
  readonly missing: readonly MissingStretch[];
  readonly grounds: readonly StatementGround[];
  /** Entries whose numbers are not here, as in an excerpt: nothing can be said beyond them. */
  readonly numbersNotHere: readonly { readonly log: string; readonly fromN: number; readonly toN: number }[];
}

/** A cause that the index can't tell: it stands in the gap's record, which is not here. */
export const CAUSE_NOT_HERE = "causeNotHere";
const NOT_RECORDED = "notRecorded";

interface Fragment {
  readonly t: number;
  readonly durMs: number;
  readonly ref: { readonly seq: number };
}

interface Gap {
  readonly from: number;
  readonly to?: number;
  readonly causes: readonly string[];
  readonly place: { readonly log: string; readonly seq: number };
}

export async function footageStatement(options: StatementOptions): Promise<FootageStatement> {
  const { span } = options;
  const fragments: Fragment[] = [];
  const gaps = new Map<number, Gap>();
  const grounds: StatementGround[] = [];
  const numbersNotHere: { log: string; fromN: number; toN: number }[] = [];
  for (const { log, signedSize } of options.logs) {
    const counted = new Counted(log.label);
    for await (const entry of entriesOf(options.stream, log, signedSize)) {
      const touches = entry.t < span.to && entry.t + entry.dur > span.from;
      if (entry.type === "fragment" && touches)
        fragments.push({ t: entry.t, durMs: entry.dur, ref: { seq: entry.seq } });
      if (entry.type === "gap") {
        const gap = gapOf(entry, log.label, await log.body(entry.seq), options.sha256);
        // The entry that closes a gap takes the place of the one that opened it.
        gaps.set(gap.from, gap);
      }
      counted.take(entry, touches);
    }
    const { ground, notHere } = counted.finish();
    if (ground !== undefined) grounds.push(ground);
    numbersNotHere.push(...notHere);
  }
  const { fragments: inSpan, stated, unexplained } = coverSpan(span, fragments, [...gaps.values()]);
  const missing: MissingStretch[] = [
    ...stated,
    ...unexplained.map((hole) => ({ ...hole, causes: [NOT_RECORDED] })),
  ].sort((a, b) => a.from - b.from);
  return {
    result: numbersNotHere.length > 0 ? "cannotTell" : missing.length === 0 ? "complete" : "incomplete",
    fragments: inSpan.length,
    missing,
    grounds,
    numbersNotHere,
  };
}

/** The stream's entries that a signed head covers, in log order. */
async function* entriesOf(
  stream: StreamId,
  log: LogEvidence,
  signedSize: number,
): AsyncGenerator<Entry, void, undefined> {
  for await (const { index, bytes } of log.leaves(0)) {
    if (index >= signedSize) return;
    if (bytes === undefined) continue;
    const entry = decodeEntry(bytes);
    if (entry.stream === stream) yield entry;
  }
}

/** Causes come from the record where it is here and the entry's own; the stretch itself stands in the entry. */
function gapOf(entry: Entry, log: string, body: SourceBody, sha256: Sha256): Gap {
  const place = { log, seq: entry.seq };
  const isHere = body.state === "found" && toHex(sha256(body.body)) === entry.sha256;
  if (!isHere) {
    const to = entry.dur === 0 ? {} : { to: entry.t + entry.dur };
    return { from: entry.t, ...to, causes: [CAUSE_NOT_HERE], place };
  }
  const { causes, to } = decodeRecord(body.body).json;
  return {
    from: entry.t,
    ...(typeof to === "number" ? { to } : {}),
    causes: Array.isArray(causes) ? causes.map(String) : [CAUSE_NOT_HERE],
    place,
  };
}

/** Follows the stream's numbers from the first entry that matters to the last. */
class Counted {
  readonly #log: string;
  #before: Entry | undefined;
  #first: Entry | undefined;
  #last: Entry | undefined;
  /** Numbers that are not here since the last entry that matters. */
  #holes: { log: string; fromN: number; toN: number }[] = [];
  readonly #within: { log: string; fromN: number; toN: number }[] = [];

  constructor(log: string) {
    this.#log = log;
  }

  take(entry: Entry, touches: boolean): void {
    const before = this.#before;
    this.#before = entry;
    if (before !== undefined && entry.n > before.n + 1)
      this.#holes.push({ log: this.#log, fromN: before.n + 1, toN: entry.n - 1 });
    // What was left out before the span began says nothing about it.
    if (this.#first === undefined && !touches) this.#holes = [];
    if (!touches) return;
    if (this.#first === undefined) {
      this.#first = entry;
      this.#holes = [];
    }
    this.#last = entry;
    this.#within.push(...this.#holes);
    this.#holes = [];
  }

  finish(): {
    readonly ground: StatementGround | undefined;
    readonly notHere: readonly { readonly log: string; readonly fromN: number; readonly toN: number }[];
  } {
    const [first, last] = [this.#first, this.#last];
    if (first === undefined || last === undefined) return { ground: undefined, notHere: [] };
    const ground = {
      log: this.#log,
      firstSeq: first.seq,
      lastSeq: last.seq,
      firstN: first.n,
      lastN: last.n,
    };
    return { ground, notHere: this.#within };
  }
}
