/** Carries one mutation out on a copy and holds all three verifiers against what was expected and each other. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Suite } from "../../gateway/evidence/suite.ts";
import type { Finding, VerdictResult } from "../../gateway/evidence/verify/finding.ts";
import { resultFor } from "../../gateway/evidence/verify/parts.ts";
import type { Made } from "./made.ts";
import { ALL_MUTATIONS } from "./all-mutations.ts";
import { type Mutation, TARGETS, type Target } from "./mutation.ts";
import { sideBySide } from "./side-by-side.ts";
import { type Program, type Question, ours } from "./verifiers.ts";
import { LAST_YEAR, THIS_YEAR } from "./years.ts";

export interface Peers {
  readonly python: Program;
  /** Undefined where Go is not installed. */
  readonly go: Program | undefined;
}

export interface Outcome {
  readonly name: string;
  readonly result: VerdictResult;
  readonly isGap: boolean;
  readonly detected: boolean;
  readonly located: boolean;
  /** The programs that were asked say the same of the part that they see. */
  readonly equal: boolean;
  /** What differs from what was written down, in words; empty when all is as expected. */
  readonly remarks: readonly string[];
}

const isEvidenceFolder = (on: Target): boolean => !on.startsWith("data") && !on.endsWith("Data");

/** The logs whose keys changed, which nobody else saw. */
const TURNED = {
  turned: ["ed25519-sha256", "folder"],
  turnedData: ["ed25519-sha256", "data"],
  turnedNational: ["sm2-sm3", "folder"],
  turnedNationalData: ["sm2-sm3", "data"],
} as const satisfies Partial<Record<Target, readonly [Suite, keyof Made["turned"][Suite]]>>;

const isTurned = (on: Target): on is keyof typeof TURNED => on in TURNED;

/** The archive's folders ask for its cosignature; what lies on the gateway has none. */
function trustOf(made: Made, on: Target): string {
  if (isTurned(on)) return made.turned[TURNED[on][0]].trust;
  return on === "archive" || on === "archiveOld" ? made.trust : made.trustAlone;
}

function placeOf(made: Made, on: Target): string {
  if (!isTurned(on)) return made[on];
  const [suite, place] = TURNED[on];
  return made.turned[suite][place];
}

/** Results of the untouched evidence, by target. */
export async function untouched(made: Made): Promise<ReadonlyMap<Target, VerdictResult>> {
  const results = new Map<Target, VerdictResult>();
  for (const on of TARGETS)
    results.set(on, (await ours({ folder: placeOf(made, on), trustText: trustOf(made, on) })).result);
  return results;
}

export async function tryMutation(
  mutation: Mutation,
  made: Made,
  peers: Peers,
  clean: ReadonlyMap<Target, VerdictResult>,
): Promise<Outcome> {
  const { name, on, expected } = mutation;
  const place = await mkdtemp(join(tmpdir(), "tamper-"));
  const folder = join(place, !isEvidenceFolder(on) ? "data" : on === "archiveOld" ? LAST_YEAR : THIS_YEAR);
  try {
    await cp(placeOf(made, on), folder, { recursive: true });
    const applied = (await mutation.apply(folder, made)) ?? {};
    const { trust = { text: trustOf(made, on) } } = applied;
    const question: Question = {
      folder,
      ...(trust === "own" ? {} : { trustText: trust === "alone" ? made.trustAlone : trust.text }),
      ...(applied.seen === undefined ? {} : { seen: applied.seen }),
    };
    const verdict = await ours(question);
    const remarks: string[] = [];
    const differing = isEvidenceFolder(on) ? await differences(question, verdict.findings, peers) : [];
    remarks.push(...differing);
    const { result, findings } = verdict;
    const outcome = { name, result, equal: differing.length === 0 };
    if ("gap" in expected) {
      const alarms = isAlarm(result) && result !== clean.get(on);
      if (alarms) remarks.push(`a known gap that shows: ${result} ${said(findings)}`);
      return { ...outcome, isGap: !alarms, detected: alarms, located: false, remarks };
    }
    const found = findings.filter(({ code }) => code === expected.finding);
    const detected = result === expected.result && found.length > 0;
    const at = expected.at?.(made);
    const located = detected && (at === undefined || found.some((finding) => names(finding, at)));
    if (!located)
      remarks.push(
        `expected ${expected.result} ${expected.finding} ${at ?? ""}, got ${result} ${said(findings)}`,
      );
    return { ...outcome, isGap: false, detected, located, remarks };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function differences(
  question: Question,
  findings: readonly Finding[],
  peers: Peers,
): Promise<string[]> {
  const out: string[] = [];
  for (const verifier of ["python", "go"] as const) {
    const program = peers[verifier];
    if (program === undefined) continue;
    const wanted = resultFor(verifier, findings);
    const { result, output } = await program.ask(question);
    if (result !== wanted)
      out.push(`${verifier} says ${result}, ours ${wanted}: ${said(findings)}\n${output}`);
  }
  return out;
}

/** Results that say that something is wrong; what is lawfully absent is no alarm. */
const isAlarm = (result: VerdictResult): boolean =>
  result === "invalid" || result === "missing" || result === "cannotTell";

/** A run of findings goes by its stream, so it names every second number or so between its ends. */
function names({ seq, lastSeq }: Finding, at: number): boolean {
  return seq !== undefined && seq <= at && at <= (lastSeq ?? seq);
}

function said(findings: readonly Finding[]): string {
  return findings
    .slice(0, 6)
    .map(({ code, seq, lastSeq }) => `${code} ${seq ?? ""}${lastSeq === seq ? "" : `-${lastSeq}`}`)
    .join(", ");
}

/** Mutations that are tried at a time, each on its own copy. */
const LANES = 3;

/** All of them on one made evidence; the outcomes in the order of the list. */
export async function tryAll(
  made: Made,
  peers: Peers,
  onOutcome: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const clean = await untouched(made);
  const outcomes: Outcome[] = [];
  await sideBySide(ALL_MUTATIONS, LANES, async (mutation, index) => {
    const outcome = await tryMutation(mutation, made, peers, clean);
    outcomes[index] = outcome;
    onOutcome(outcome);
  });
  return outcomes;
}
