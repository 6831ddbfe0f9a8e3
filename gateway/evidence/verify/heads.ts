/**
 * Reads the signed notes of a log: which trees somebody vouches for. Invariant: a note whose signature is wrong
 * says nothing about the log; it is a finding and not a head.
 */
import { type Checkpoint, parseCheckpoint } from "../checkpoint.ts";
import { checkCosignature } from "../cosignature.ts";
import { type SignedNote, parseNote } from "../note.ts";
import type { VerifyEd25519 } from "../suite.ts";
import { type Trust, quorumMet } from "../trust.ts";
import { checkNote } from "../verifier-key.ts";
import { FindingList } from "./finding-list.ts";
import type { LogEvidence } from "./source.ts";

/** A cosignature that verified. */
export interface Sighting {
  readonly witness: string;
  readonly size: number;
  readonly timeS: number;
}

export interface Heads {
  /** Origin of the log's own checkpoint; undefined without one. */
  readonly origin: string | undefined;
  /** The log's own newest checkpoint, if its signature holds or nobody here can judge it. */
  readonly own: Checkpoint | undefined;
  /** Every tree head that counts, ascending by size; the log's own newest checkpoint is among them. */
  readonly heads: readonly Checkpoint[];
  readonly sightings: readonly Sighting[];
}

export interface HeadsOptions {
  readonly log: LogEvidence;
  readonly trust: Trust | undefined;
  readonly verify: VerifyEd25519;
  /** Notes about this log from elsewhere: other logs, papers, an archive. */
  readonly foreignNotes: readonly string[];
  readonly findings: FindingList;
}

export async function readHeads(options: HeadsOptions): Promise<Heads> {
  const { log, findings } = options;
  const heads: Checkpoint[] = [];
  const sightings: Sighting[] = [];
  const own = await log.checkpoint();
  if (own === undefined) findings.add("checkpoint.none", log.label);
  const first = own === undefined ? undefined : await readHead(options, own, sightings);
  if (first !== undefined) heads.push(first);
  for await (const note of log.otherNotes()) {
    const head = await readHead(options, note, sightings);
    if (head === undefined) continue;
    if (first !== undefined && head.origin !== first.origin) findings.add("checkpoint.otherLog", log.label);
    else heads.push(head);
  }
  for (const note of options.foreignNotes) {
    const aside = new FindingList();
    const head = await readHead({ ...options, findings: aside }, note, sightings);
    if (head !== undefined && head.origin === first?.origin) heads.push(head);
    else findings.add("seen.unusable", log.label, undefined, aside.findings.at(-1)?.code);
  }
  const witnessed = new Set(sightings.map(({ witness }) => witness));
  if (options.trust !== undefined && !quorumMet(options.trust, witnessed))
    findings.add("cosignature.belowQuorum", log.label);
  heads.sort((a, b) => a.size - b.size);
  return { own: first, origin: first?.origin ?? heads[0]?.origin, heads, sightings };
}

async function readHead(
  options: HeadsOptions,
  text: string,
  sightings: Sighting[],
): Promise<Checkpoint | undefined> {
  const { log, findings } = options;
  let note: SignedNote;
  let checkpoint: Checkpoint;
  try {
    note = parseNote(text);
    checkpoint = parseCheckpoint(note.text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.add("checkpoint.malformed", log.label, undefined, error.message);
    return undefined;
  }
  if (!(await signedByLog(options, note, checkpoint))) return undefined;
  for (const { name, key } of options.trust?.witnesses ?? []) {
    const cosignature = await checkCosignature(note, key, options.verify);
    if (cosignature.state === "wrong")
      findings.add("cosignature.wrong", log.label, undefined, `${name}, size ${checkpoint.size}`);
    if (cosignature.state === "good")
      sightings.push({ witness: name, size: checkpoint.size, timeS: cosignature.timeS });
  }
  return checkpoint;
}

/** Whether the head may be used: signed by the trusted key, or by one that nobody can judge here. */
async function signedByLog(
  options: HeadsOptions,
  note: SignedNote,
  checkpoint: Checkpoint,
): Promise<boolean> {
  const { log, trust, verify, findings } = options;
  const why = `size ${checkpoint.size}`;
  const keys = (trust?.logs ?? []).filter((key) => key.name === checkpoint.origin);
  if (keys.length === 0) {
    if (trust !== undefined) findings.add("checkpoint.keyUnknown", log.label, undefined, checkpoint.origin);
    return true;
  }
  const states = await Promise.all(keys.map((key) => checkNote(note, key, verify)));
  if (states.includes("wrong")) findings.add("checkpoint.wrongSignature", log.label, undefined, why);
  else if (!states.includes("good")) findings.add("checkpoint.otherKey", log.label, undefined, why);
  return states.includes("good") && !states.includes("wrong");
}
