/**
 * Which keys may sign which trees of a log. A `key` entry announces the key that takes over; the first checkpoint
 * with it carries old and new lines. Invariant: a key counts if the trust file lists it, or if a counting key signed a
 * tree together with it that lies above its announcement; outside its epoch it counts for nothing: a tree that holds
 * the announcement of its successor needs the successor's line, a tree without its own announcement is not its to sign.
 */
import type { Checkpoint } from "../checkpoint.ts";
import { decodeEntry } from "../entry.ts";
import { checkNational } from "../national.ts";
import type { SignedNote } from "../note.ts";
import type { Sha256, VerifyEd25519, VerifySm2 } from "../suite.ts";
import {
  NOTE_SM2,
  type VerifierKey,
  checkNote,
  formatVerifierKey,
  parseVerifierKey,
} from "../verifier-key.ts";
import type { FindingCode } from "./finding.ts";
import type { LogEvidence } from "./source.ts";

/** A key with the index of the `key` entry that announces it; undefined for the first one. */
interface EpochKey {
  readonly key: VerifierKey;
  readonly announcedAt: number | undefined;
}

/** A parsed note and what its lines are worth. */
export interface JudgedNote {
  readonly note: SignedNote;
  readonly checkpoint: Checkpoint;
  /** Keys whose line is good, and whether any line of a known key is wrong. */
  readonly good: readonly VerifierKey[];
  readonly wrong: boolean;
  readonly wrongNational: boolean;
  /** SM3 root that the good SM2 line carries. */
  readonly sm3Root: Uint8Array | undefined;
}

const TYPE_KEY = new TextEncoder().encode('"type":"key"');

/** Keys that entries announce, in their order; read only where a note has lines of keys nobody here knows. */
export async function announcedKeys(
  log: LogEvidence,
  origin: string,
  sha256: Sha256,
): Promise<readonly EpochKey[]> {
  const found: EpochKey[] = [];
  for await (const { index, bytes } of log.leaves(0)) {
    if (bytes === undefined || !includes(bytes, TYPE_KEY)) continue;
    try {
      const entry = decodeEntry(bytes);
      if (entry.type !== "key" || entry.vkey === undefined) continue;
      const key = parseVerifierKey(entry.vkey, sha256);
      if (key.name === origin) found.push({ key, announcedAt: index });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return found;
}

/** Looks at the first 64 bytes: the type is the entry's third field. */
function includes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const end = Math.min(bytes.length, 64) - wanted.length;
  for (let at = 0; at <= end; at++) if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
  return false;
}

export async function judgeLines(
  note: SignedNote,
  checkpoint: Checkpoint,
  keys: readonly VerifierKey[],
  verify: { readonly ed25519: VerifyEd25519; readonly sm2: VerifySm2 | undefined },
): Promise<JudgedNote> {
  const good: VerifierKey[] = [];
  let wrong = false;
  let wrongNational = false;
  let sm3Root: Uint8Array | undefined;
  for (const key of keys) {
    if (key.type !== NOTE_SM2) {
      const state = await checkNote(note, key, verify.ed25519);
      if (state === "good") good.push(key);
      wrong ||= state === "wrong";
    } else if (verify.sm2 !== undefined) {
      const line = checkNational(note, key, verify.sm2);
      if (line.state === "good") {
        good.push(key);
        sm3Root = line.sm3Root;
      }
      wrongNational ||= line.state === "wrong";
    }
  }
  return { note, checkpoint, good, wrong, wrongNational, sm3Root };
}

/** The keys of one log with their epochs. */
export class LogKeys {
  readonly keys: readonly VerifierKey[];
  readonly #trusted: ReadonlySet<string>;
  /** First and last announcement; a change that was begun again after a crash announces the same key twice. */
  readonly #announced = new Map<string, { readonly first: number; readonly last: number }>();
  #counting: ReadonlySet<string>;

  constructor(trusted: readonly VerifierKey[], announced: readonly EpochKey[]) {
    this.#trusted = new Set(trusted.map(formatVerifierKey));
    for (const { key, announcedAt = 0 } of announced) {
      const name = formatVerifierKey(key);
      const first = this.#announced.get(name)?.first ?? announcedAt;
      this.#announced.set(name, { first, last: announcedAt });
    }
    const all = new Map(
      [...trusted, ...announced.map(({ key }) => key)].map((key) => [formatVerifierKey(key), key]),
    );
    this.keys = [...all.values()];
    this.#counting = this.#trusted;
  }

  /** Takes all notes of the log before any of them is asked about. */
  learn(notes: readonly JudgedNote[]): void {
    const counting = new Set(this.#trusted);
    for (let before = -1; before !== counting.size;) {
      before = counting.size;
      for (const { good, checkpoint } of notes)
        for (const key of good) {
          const at = this.#announced.get(formatVerifierKey(key));
          const by = good.some((other) => other.type === key.type && counting.has(formatVerifierKey(other)));
          if (at !== undefined && checkpoint.size > at.first && by) counting.add(formatVerifierKey(key));
        }
    }
    this.#counting = counting;
  }

  /**
   * What is wrong with a note's lines; undefined when it counts. `isTestimony`: it came by another way, perhaps from a
   * paper, which has no room for the line of SM2.
   */
  faultOf(note: JudgedNote, isTestimony: boolean): FindingCode | undefined {
    const { good, wrong, wrongNational } = note;
    if (wrong) return "checkpoint.wrongSignature";
    if (wrongNational) return "checkpoint.wrongNational";
    const types = new Set(
      this.keys.filter((key) => this.#trusted.has(formatVerifierKey(key))).map(({ type }) => type),
    );
    for (const type of types) {
      const counting = good.filter((key) => key.type === type && this.#counting.has(formatVerifierKey(key)));
      if (counting.length === 0 && type === NOTE_SM2 && isTestimony) continue;
      if (counting.length === 0) return type === NOTE_SM2 ? "checkpoint.stripped" : "checkpoint.otherKey";
      if (!counting.some((key) => this.#isInEpoch(key, note)))
        return type === NOTE_SM2 ? "checkpoint.staleNational" : "checkpoint.staleKey";
    }
    return undefined;
  }

  #isInEpoch(key: VerifierKey, { good, checkpoint }: JudgedNote): boolean {
    const { size } = checkpoint;
    const at = this.#announced.get(formatVerifierKey(key))?.first ?? -1;
    if (size <= at) return false;
    return this.keys.every((later) => {
      const name = formatVerifierKey(later);
      const laterAt = this.#announced.get(name);
      const succeeds = later.type === key.type && laterAt !== undefined && laterAt.first > at;
      return !succeeds || !this.#counting.has(name) || size <= laterAt.last || good.includes(later);
    });
  }
}
