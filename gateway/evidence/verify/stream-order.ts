/**
 * Follows each stream's counter and the monotonic clock through the log. Invariant: a stream counts 0, 1, 2, …;
 * within one boot its monotonic time never falls, and a boot that ended does not come back.
 */
import type { Entry } from "../entry.ts";
import { foundEntry } from "./finding.ts";
import type { FindingList } from "./finding-list.ts";

interface StreamHead {
  readonly n: number;
  readonly boot: string;
  readonly mono: number;
}

export class StreamOrder {
  readonly #findings: FindingList;
  readonly #log: string;
  readonly #heads = new Map<string, StreamHead>();
  readonly #boots = new Set<string>();
  #boot: string | undefined;

  readonly #begin: "zero" | "anywhere";

  /** `anywhere`: the first entry of a stream that is seen may have any number, as in an excerpt. */
  constructor(findings: FindingList, log: string, begin: "zero" | "anywhere" = "zero") {
    this.#findings = findings;
    this.#log = log;
    this.#begin = begin;
  }

  /** To be called for every entry that can be read, in log order. */
  take(entry: Entry): void {
    const { stream, n, boot, mono } = entry;
    const head = this.#heads.get(stream);
    const first = this.#begin === "zero" ? 0 : n;
    const expected = head === undefined ? first : head.n + 1;
    if (n > expected) this.#findings.add("stream.gap", this.#log, foundEntry(entry), gapText(expected, n));
    if (n < expected) this.#findings.add("stream.repeated", this.#log, foundEntry(entry));
    if ((head?.boot === boot && mono < head.mono) || this.#isEarlierBoot(boot))
      this.#findings.add("clock.backwards", this.#log, foundEntry(entry));
    this.#heads.set(stream, { n: Math.max(n, head?.n ?? 0), boot, mono });
  }

  /**
   * To be called for an entry that was altered but still names its stream: it counts as the stream's next one,
   * so that its own finding is not followed by others of the same cause.
   */
  assume({ stream, boot, mono }: Entry): void {
    const head = this.#heads.get(stream);
    this.#heads.set(stream, head === undefined ? { n: 0, boot, mono } : { ...head, n: head.n + 1 });
  }

  #isEarlierBoot(boot: string): boolean {
    if (boot === this.#boot) return false;
    const earlier = this.#boots.has(boot);
    this.#boots.add(boot);
    this.#boot = boot;
    return earlier;
  }
}

function gapText(expected: number, n: number): string {
  return n === expected + 1
    ? `number ${expected} of the stream is missing before it`
    : `numbers ${expected} to ${n - 1} of the stream are missing before it`;
}
