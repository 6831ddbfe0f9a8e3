/**
 * The judge: reads a source of evidence and says what holds. Invariant: it believes signatures and hashes only;
 * memory is bounded by one block, one body and the list of findings, however large the evidence is.
 */
import { type Absence, decodeAbsence } from "../absence.ts";
import { toHex } from "../bytes.ts";
import { logIdOfOrigin } from "../checkpoint.ts";
import type { Entry } from "../entry.ts";
import { decodeRecord } from "../record.ts";
import type { Sha256, VerifyEd25519 } from "../suite.ts";
import { type Trust, parseTrust } from "../trust.ts";
import { LawfulAbsences, bodyPass } from "./body-pass.ts";
import { type Finding, type FindingCounts, type VerdictResult, foundEntry, resultOf } from "./finding.ts";
import { awaitedBodies } from "./awaited.ts";
import { FindingList } from "./finding-list.ts";
import { excerptPass } from "./excerpt-pass.ts";
import { type Heads, type Sighting, readHeads } from "./heads.ts";
import { type IndexPassResult, indexPass } from "./index-pass.ts";
import type { EvidenceSource, HeldExcerpt, LogEvidence } from "./source.ts";

export interface JudgeOptions {
  readonly source: EvidenceSource;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  /** Trust file from elsewhere; without it the source's own is used, which shows consistency only. */
  readonly trustText?: string;
  /** False: entries, tree and signatures only. */
  readonly bodies: boolean;
  readonly onProgress?: (progress: { readonly log: string; readonly place: number }) => void;
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
  const { source, sha256, verify } = options;
  const findings = new FindingList();
  const { trust, trustFrom } = await readTrust(options, findings);
  const states: LogState[] = [];
  const excerpts: LogVerdict[] = [];
  for (const log of await source.logs()) {
    const heads = await readHeads({ log, trust, verify, findings });
    const held = await log.excerpt?.();
    if (held !== undefined) {
      excerpts.push(await judgeExcerpt(options, log, heads, held, findings));
      continue;
    }
    const index = await indexPass({ log, sha256, heads: heads.heads, own: heads.own, findings });
    states.push({ log, heads, index });
  }
  const absences = options.bodies ? await readAbsences(options, states, findings) : new Map();
  const logs: LogVerdict[] = [...excerpts];
  for (const state of states) logs.push(await judgeBodies(options, state, absences, findings));
  for (const { place, why, unreadable } of source.faults())
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
  const { sha256, bodies, onProgress } = options;
  const checked = await excerptPass({
    log,
    held,
    sha256,
    own: heads.own,
    bodies,
    findings,
    ...(onProgress === undefined
      ? {}
      : { onProgress: (place: number) => onProgress({ log: log.label, place }) }),
  });
  const { origin, sightings } = heads;
  const signedSize = heads.own?.size ?? 0;
  return { label: log.label, origin, signedSize, ...checked, sightings, excerpt: true };
}

/** What all logs together say about absent bodies, by log id. */
async function readAbsences(
  options: JudgeOptions,
  states: readonly LogState[],
  findings: FindingList,
): Promise<Map<string, LawfulAbsences>> {
  const byLog = new Map<string, LawfulAbsences>();
  for (const { log, index } of states)
    for (const entry of index.absences) {
      try {
        const absence = await readAbsence(log, entry, options.sha256);
        const known = byLog.get(absence.logId) ?? new LawfulAbsences();
        known.add(entry.type === "erase" ? "erase" : "release", absence);
        byLog.set(absence.logId, known);
      } catch (error) {
        if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
        findings.add("absence.malformed", log.label, foundEntry(entry), error.message);
      }
    }
  return byLog;
}

/** Throws RangeError or SyntaxError unless the record is here, is the entry's own, and says what went. */
async function readAbsence(log: LogEvidence, entry: Entry, sha256: Sha256): Promise<Absence> {
  const body = await log.body(entry.seq);
  if (body.state !== "found") throw new RangeError("its record is not here");
  if (toHex(sha256(body.body)) !== entry.sha256) throw new RangeError("its record was altered");
  return decodeAbsence(decodeRecord(body.body).json["absence"]);
}

async function judgeBodies(
  options: JudgeOptions,
  { log, heads, index }: LogState,
  absences: ReadonlyMap<string, LawfulAbsences>,
  findings: FindingList,
): Promise<LogVerdict> {
  const { origin } = heads;
  const claimedSize = heads.heads.at(-1)?.size ?? 0;
  const { onProgress } = options;
  const checked = options.bodies
    ? await bodyPass({
        log,
        sha256: options.sha256,
        useTiles: index.tilesRight,
        claimedSize,
        absences:
          (origin === undefined ? undefined : absences.get(logIdOfOrigin(origin))) ?? new LawfulAbsences(),
        ...(log.growsByPacks === true ? { awaits: await awaitedBodies(log, index, options.sha256) } : {}),
        findings,
        ...(onProgress === undefined
          ? {}
          : { onProgress: (place: number) => onProgress({ log: log.label, place }) }),
      })
    : { bodies: 0, bodyBytes: 0 };
  return {
    label: log.label,
    origin,
    entries: index.held,
    signedSize: claimedSize,
    ...checked,
    sightings: heads.sightings,
  };
}
