/**
 * The judge: reads a source of evidence and says what holds. Invariant: it believes signatures and hashes only;
 * memory is bounded by one block, one body and the list of findings, however large the evidence is.
 */
import { logIdOfOrigin } from "../checkpoint.ts";
import type { Sha256, Sm3, VerifyEd25519, VerifySm2 } from "../suite.ts";
import { type Trust, parseTrust } from "../trust.ts";
import { type AbsencesByLog, readAbsences } from "./absences.ts";
import { awaitedBodies } from "./awaited.ts";
import { bodyPass } from "./body-pass.ts";
import { LawfulAbsences } from "./lawful-absences.ts";
import { type Finding, type FindingCounts, type VerdictResult, resultOf } from "./finding.ts";
import { FindingList } from "./finding-list.ts";
import { excerptPass } from "./excerpt-pass.ts";
import { type Heads, type Sighting, readHeads } from "./heads.ts";
import { type IndexPassResult, indexPass } from "./index-pass.ts";
import { takeSighting } from "./logged-sightings.ts";
import { readSeen } from "./seen.ts";
import { readSeries, reportSeries } from "./series.ts";
import type { EvidenceSource, HeldExcerpt, LogEvidence } from "./source.ts";
import { TimeBounds } from "./time-bounds.ts";

export interface Progress {
  /** Label of the log. */
  readonly log: string;
  readonly pass: "index" | "bodies";
  /** Place in the log that was checked last. */
  readonly place: number;
  /** Entries of the log by its checkpoint; 0 where there is none. */
  readonly size: number;
}

export interface JudgeOptions {
  readonly source: EvidenceSource;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  /** The national suite's; without it its lines and digests are passed over. */
  readonly national?: { readonly sm3: Sm3; readonly verifySm2: VerifySm2 };
  /** Trust file from elsewhere; without it the source's own is used, which shows consistency only. */
  readonly trustText?: string;
  /** What others saw and the verifier got by another way: notes, paper checkpoints. */
  readonly seen?: readonly string[];
  /** False: entries, tree and signatures only. */
  readonly bodies: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the judging at the next block; the verdict then says so and names what was found until there. */
  readonly signal?: AbortSignal;
}

export interface LogVerdict {
  readonly label: string;
  readonly origin: string | undefined;
  /** Entries that are held, and entries that the newest head covers. */
  readonly entries: number;
  readonly signedSize: number;
  readonly bodies: number;
  readonly bodyBytes: number;
  readonly sightings: readonly Sighting[];
  /** Only a part of the log is here, and nothing is said of the rest. */
  readonly excerpt?: true;
}

export interface Verdict {
  readonly result: VerdictResult;
  readonly trustFrom: "given" | "source" | "nowhere";
  readonly logs: readonly LogVerdict[];
  readonly findings: readonly Finding[];
  /** Entries concerned, per kind; exact even where the list of findings was full. */
  readonly counts: FindingCounts;
  readonly findingsDropped: number;
}

interface LogState {
  readonly log: LogEvidence;
  readonly heads: Heads;
  readonly index: IndexPassResult;
}

/** Rejects only when the source fails as a whole (a folder that can't be opened); everything else is a finding. */
export async function judge(options: JudgeOptions): Promise<Verdict> {
  const findings = new FindingList();
  const { trust, trustFrom } = await readTrust(options, findings);
  const logs: LogVerdict[] = [];
  try {
    await judgeLogs(options, trust, logs, findings);
  } catch (error) {
    if (options.signal?.aborted !== true || error !== options.signal.reason) throw error;
    findings.add("check.cancelled", "check");
  }
  for (const { place, why, unreadable } of options.source.faults())
    findings.add(unreadable ? "source.unreadable" : "source.malformed", place, undefined, why);
  return {
    result: resultOf(findings.counts),
    trustFrom,
    logs,
    findings: findings.findings,
    counts: findings.counts,
    findingsDropped: findings.dropped,
  };
}

async function judgeLogs(
  options: JudgeOptions,
  trust: Trust | undefined,
  verdicts: LogVerdict[],
  findings: FindingList,
): Promise<void> {
  const { source, sha256, verify } = options;
  const logs = await source.logs();
  const seen = await readSeen({ texts: options.seen ?? [], trust, verify, findings });
  const series = await readSeries(logs);
  reportSeries(source, series, seen.keys(), findings);
  const states: LogState[] = [];
  for (const [i, log] of logs.entries()) {
    const origin = series.openings[i]?.origin ?? "";
    const foreignNotes = [...(series.notes.get(origin) ?? []), ...(seen.get(origin) ?? [])];
    const { sm3, verifySm2 } = options.national ?? {};
    const heads = await readHeads({ log, trust, sha256, verify, verifySm2, foreignNotes, findings });
    const held = await log.excerpt?.();
    if (held !== undefined) {
      verdicts.push(await judgeExcerpt(options, log, heads, held, findings));
      continue;
    }
    const onProgress = progressOf(options, log, heads, "index");
    const index = await indexPass({
      log,
      sha256,
      sm3,
      heads: heads.heads,
      own: heads.own,
      onProgress,
      findings,
    });
    states.push({ log, heads, index });
  }
  const absences = options.bodies
    ? await readAbsences({ logs: states, trust, sha256, verify, findings })
    : new Map();
  for (const state of states) verdicts.push(await judgeBodies(options, trust, state, absences, findings));
}

/** Says where the judging is, and ends it when it was cancelled. */
function progressOf(
  { onProgress, signal }: JudgeOptions,
  { label }: LogEvidence,
  { own }: Heads,
  pass: Progress["pass"],
): (place: number) => void {
  return (place) => {
    signal?.throwIfAborted();
    onProgress?.({ log: label, pass, place, size: own?.size ?? 0 });
  };
}

async function readTrust(
  options: JudgeOptions,
  findings: FindingList,
): Promise<{ readonly trust: Trust | undefined; readonly trustFrom: Verdict["trustFrom"] }> {
  const text = options.trustText ?? (await options.source.trust());
  if (text === undefined) {
    findings.add("trust.none", "trust");
    return { trust: undefined, trustFrom: "nowhere" };
  }
  try {
    const trustFrom = options.trustText === undefined ? "source" : "given";
    return { trust: parseTrust(text, options.sha256), trustFrom };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.add("trust.malformed", "trust", undefined, error.message);
    return { trust: undefined, trustFrom: "nowhere" };
  }
}

async function judgeExcerpt(
  options: JudgeOptions,
  log: LogEvidence,
  heads: Heads,
  held: HeldExcerpt,
  findings: FindingList,
): Promise<LogVerdict> {
  const { sha256, bodies } = options;
  const onProgress = progressOf(options, log, heads, "bodies");
  const checked = await excerptPass({
    log,
    held,
    sha256,
    sm3: options.national?.sm3,
    own: heads.own,
    bodies,
    findings,
    onProgress,
  });
  const { origin, sightings } = heads;
  const signedSize = heads.own?.size ?? 0;
  return { label: log.label, origin, signedSize, ...checked, sightings, excerpt: true };
}

async function judgeBodies(
  options: JudgeOptions,
  trust: Trust | undefined,
  { log, heads, index }: LogState,
  absences: AbsencesByLog,
  findings: FindingList,
): Promise<LogVerdict> {
  const { origin } = heads;
  const { sha256, verify } = options;
  const claimedSize = heads.heads.at(-1)?.size ?? 0;
  const bounds = new TimeBounds(findings, log.label);
  const told = { log, origin, trust, sha256, verify, bounds, findings };
  const lawful = origin === undefined ? undefined : absences.get(logIdOfOrigin(origin));
  const checked = options.bodies
    ? await bodyPass({
        log,
        sha256,
        sm3: options.national?.sm3,
        useTiles: index.tilesRight,
        claimedSize,
        absences: lawful ?? new LawfulAbsences(),
        ...(log.growsByPacks === true ? { awaits: await awaitedBodies(log, index, sha256) } : {}),
        findings,
        onEntry: async (entry) => {
          bounds.take(entry);
          if (entry.type === "sighting") await takeSighting(told, entry);
        },
        onProgress: progressOf(options, log, heads, "bodies"),
      })
    : { bodies: 0, bodyBytes: 0 };
  if (options.bodies) for (const { size, timeS } of heads.sightings) bounds.seen(size, timeS);
  return {
    label: log.label,
    origin,
    entries: index.held,
    signedSize: claimedSize,
    ...checked,
    sightings: heads.sightings,
  };
}
