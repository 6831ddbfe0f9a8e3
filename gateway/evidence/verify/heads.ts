/**
 * Reads the signed notes of a log: which trees somebody vouches for. Invariant: a note whose signature is wrong
 * says nothing about the log; it is a finding and not a head.
 */
import { type Checkpoint, parseCheckpoint } from "../checkpoint.ts";
import { checkCosignature } from "../cosignature.ts";
import { type SignedNote, parseNote } from "../note.ts";
import type { Sha256, VerifyEd25519, VerifySm2 } from "../suite.ts";
import { type Trust, quorumMet } from "../trust.ts";
import { type JudgedNote, LogKeys, announcedKeys, judgeLines } from "./log-keys.ts";
import { FindingList } from "./finding-list.ts";
import type { LogEvidence } from "./source.ts";

/** A cosignature that verified. */
export interface Sighting {
  readonly witness: string;
  readonly size: number;
  readonly timeS: number;
}

/** A tree that counts. */
export interface TreeHead extends Checkpoint {
  /** SM3 root of the same entries, where the note's SM2 line carries one. */
  readonly sm3Root?: Uint8Array;
  /** Lines under the log's own name; one is too few where the suite asks for two. */
  readonly ownLines: number;
}

export interface Heads {
  /** Origin of the log's own checkpoint; undefined without one. */
  readonly origin: string | undefined;
  /** The log's own newest checkpoint, if its signature holds or nobody here can judge it. */
  readonly own: TreeHead | undefined;
  /** Every tree head that counts, ascending by size; the log's own newest checkpoint is among them. */
  readonly heads: readonly TreeHead[];
  readonly sightings: readonly Sighting[];
}

export interface HeadsOptions {
  readonly log: LogEvidence;
  readonly trust: Trust | undefined;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  /** Undefined where nobody can check SM2: its lines are passed over then, as signed-note asks. */
  readonly verifySm2: VerifySm2 | undefined;
  /** Notes about this log from elsewhere: other logs, papers, an archive. */
  readonly foreignNotes: readonly string[];
  readonly findings: FindingList;
}

interface Parsed {
  readonly note: SignedNote;
  readonly checkpoint: Checkpoint;
  readonly from: "own" | "kept" | "elsewhere";
}

export async function readHeads(options: HeadsOptions): Promise<Heads> {
  const { log, trust, findings } = options;
  const parsed = await parseAll(options);
  const own = parsed.find(({ from }) => from === "own");
  const origin = own?.checkpoint.origin ?? parsed[0]?.checkpoint.origin;
  const keys = await keysOf(options, origin, parsed);
  const verify = { ed25519: options.verify, sm2: options.verifySm2 };
  const judged: (JudgedNote & Pick<Parsed, "from">)[] = [];
  for (const { note, checkpoint, from } of parsed)
    if (checkpoint.origin === origin)
      judged.push({ ...(await judgeLines(note, checkpoint, keys.keys, verify)), from });
  keys.learn(judged);
  const heads: TreeHead[] = [];
  const sightings: Sighting[] = [];
  let ownHead: TreeHead | undefined;
  for (const one of judged) {
    // A note from elsewhere that is worth nothing says nothing of this log.
    const said = one.from === "elsewhere" ? new FindingList() : findings;
    if (!counts(options, keys, one, said)) {
      if (one.from === "elsewhere")
        findings.add("seen.unusable", log.label, undefined, said.findings.at(-1)?.code);
      continue;
    }
    const head: TreeHead = {
      ...one.checkpoint,
      ...(one.sm3Root === undefined ? {} : { sm3Root: one.sm3Root }),
      ownLines: one.note.signatures.filter(({ keyName }) => keyName === origin).length,
    };
    sightings.push(...(await sightingsOf(options, one, said)));
    heads.push(head);
    if (one.from === "own") ownHead = head;
  }
  const witnessed = new Set(sightings.map(({ witness }) => witness));
  if (trust !== undefined && !quorumMet(trust, witnessed)) findings.add("cosignature.belowQuorum", log.label);
  heads.sort((a, b) => a.size - b.size);
  return { own: ownHead, origin: ownHead?.origin ?? heads[0]?.origin, heads, sightings };
}

async function parseAll({ log, foreignNotes, findings }: HeadsOptions): Promise<Parsed[]> {
  const parsed: Parsed[] = [];
  const take = (text: string, from: Parsed["from"]): void => {
    try {
      const note = parseNote(text);
      const checkpoint = parseCheckpoint(note.text);
      const [first] = parsed;
      if (first !== undefined && from === "kept" && checkpoint.origin !== first.checkpoint.origin)
        findings.add("checkpoint.otherLog", log.label);
      else parsed.push({ note, checkpoint, from });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const code = from === "elsewhere" ? "seen.unusable" : "checkpoint.malformed";
      findings.add(code, log.label, undefined, error.message);
    }
  };
  const own = await log.checkpoint();
  if (own === undefined) findings.add("checkpoint.none", log.label);
  else take(own, "own");
  for await (const note of log.otherNotes()) take(note, "kept");
  for (const note of foreignNotes) take(note, "elsewhere");
  return parsed;
}

async function keysOf(
  { log, trust, sha256 }: HeadsOptions,
  origin: string | undefined,
  parsed: readonly Parsed[],
): Promise<LogKeys> {
  const trusted = (trust?.logs ?? []).filter((key) => key.name === origin);
  if (origin === undefined || trusted.length === 0) return new LogKeys(trusted, []);
  const isKnown = (id: number): boolean => trusted.some(({ keyId }) => keyId === id);
  const strange = parsed.some(({ note }) =>
    note.signatures.some(({ keyName, keyId }) => keyName === origin && !isKnown(keyId)),
  );
  const several = new Set(trusted.map(({ type }) => type)).size < trusted.length;
  return new LogKeys(trusted, strange || several ? await announcedKeys(log, origin, sha256) : []);
}

/** Whether the head may be used: signed by a key that counts, or by one that nobody can judge here. */
function counts(
  options: HeadsOptions,
  keys: LogKeys,
  one: JudgedNote & Pick<Parsed, "from">,
  findings: FindingList,
): boolean {
  const { log, trust } = options;
  const { origin, size } = one.checkpoint;
  if (keys.keys.length === 0) {
    if (trust !== undefined) findings.add("checkpoint.keyUnknown", log.label, undefined, origin);
    return true;
  }
  const fault = keys.faultOf(one, one.from === "elsewhere");
  if (fault !== undefined) findings.add(fault, log.label, undefined, `size ${size}`);
  return fault === undefined;
}

async function sightingsOf(
  { log, trust, verify }: HeadsOptions,
  { note, checkpoint }: JudgedNote,
  findings: FindingList,
): Promise<Sighting[]> {
  const found: Sighting[] = [];
  for (const { name, key } of trust?.witnesses ?? []) {
    const cosignature = await checkCosignature(note, key, verify);
    if (cosignature.state === "wrong")
      findings.add("cosignature.wrong", log.label, undefined, `${name}, size ${checkpoint.size}`);
    if (cosignature.state === "good")
      found.push({ witness: name, size: checkpoint.size, timeS: cosignature.timeS });
  }
  return found;
}
