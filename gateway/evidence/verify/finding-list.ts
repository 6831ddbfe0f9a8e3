/**
 * Collects findings; equal ones that follow each other in a stream become one run. Invariant: memory is bounded
 * whatever the evidence holds, and counts stay exact when the list is full.
 */
import {
  FINDINGS,
  FINDING_KINDS,
  type Finding,
  type FindingCode,
  type FindingCounts,
  type FindingKind,
  type FoundEntry,
} from "./finding.ts";

const MAX_FINDINGS = 10_000;

/** A run that may still grow; `nextKey` is what the next entry of the run would have. */
interface Run {
  finding: Finding;
  next: number;
}

export class FindingList {
  readonly #runs: Run[] = [];
  readonly #open = new Map<string, Run>();
  readonly #counts: Record<FindingKind, number> = {
    invalid: 0,
    missing: 0,
    released: 0,
    awaited: 0,
    erased: 0,
    cannotTell: 0,
  };
  #dropped = 0;

  add(code: FindingCode, log: string, about?: Partial<FoundEntry>, why?: string): void {
    const kind = FINDINGS[code];
    this.#counts[kind]++;
    // Within a stream a run goes by the stream's own counter; without one, by place in the log.
    const place = about?.n ?? about?.seq;
    const key = `${log} ${code} ${about?.stream ?? ""} ${about?.n === undefined ? "" : "n"} ${why ?? ""}`;
    const run = this.#open.get(key);
    if (place !== undefined && run !== undefined && run.next === place) {
      run.next++;
      run.finding = grown(run.finding, about);
      return;
    }
    if (this.#runs.length >= MAX_FINDINGS) {
      this.#dropped++;
      return;
    }
    const end = endOf(about);
    const fresh: Run = {
      finding: {
        ...about,
        kind,
        code,
        log,
        count: 1,
        ...(about?.seq === undefined ? {} : { lastSeq: about.seq }),
        ...(end === undefined ? {} : { tEnd: end }),
        ...(why === undefined ? {} : { why }),
      },
      next: (place ?? 0) + 1,
    };
    this.#runs.push(fresh);
    this.#open.set(key, fresh);
  }

  /** Takes over everything that another list collected. */
  take(other: FindingList): void {
    for (const kind of FINDING_KINDS) this.#counts[kind] += other.#counts[kind];
    const room = MAX_FINDINGS - this.#runs.length;
    this.#runs.push(...other.#runs.slice(0, room));
    this.#dropped += other.#dropped + Math.max(0, other.#runs.length - room);
  }

  get findings(): readonly Finding[] {
    return this.#runs.map((run) => run.finding);
  }

  get counts(): FindingCounts {
    return { ...this.#counts };
  }

  /** Runs that found no room; their entries are in `counts`. */
  get dropped(): number {
    return this.#dropped;
  }
}

function endOf(about: Partial<FoundEntry> | undefined): number | undefined {
  return about?.t === undefined ? undefined : about.t + (about.durMs ?? 0);
}

function grown(finding: Finding, about: Partial<FoundEntry> | undefined): Finding {
  const end = endOf(about);
  return {
    ...finding,
    count: finding.count + 1,
    ...(about?.seq === undefined ? {} : { lastSeq: about.seq }),
    ...(end === undefined ? {} : { tEnd: Math.max(end, finding.tEnd ?? end) }),
  };
}
