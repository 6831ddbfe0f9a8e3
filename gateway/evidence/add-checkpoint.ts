/**
 * The add-checkpoint call of C2SP tlog-witness: its request as text, and what a witness answers. Invariant: nothing is
 * co-signed that is not the last co-signed tree or an extension of it; the caller makes compare and persist one step.
 */
import { equalBytes, fromBase64, toBase64 } from "./bytes.ts";
import { type Checkpoint, parseCheckpoint } from "./checkpoint.ts";
import { MAX_PROOF_HASHES, checkConsistency } from "./merkle/check-proof.ts";
import { type SignedNote, parseNote } from "./note.ts";
import { HASH_BYTES, type Sha256, type VerifyEd25519 } from "./suite.ts";
import { type VerifierKey, checkNote } from "./verifier-key.ts";

export interface AddCheckpointRequest {
  /** Size of the tree that the witness co-signed last, as far as the caller knows. */
  readonly old: number;
  /** RFC 6962 consistency proof from `old`. */
  readonly proof: readonly Uint8Array[];
  /** The checkpoint as a signed note. */
  readonly checkpoint: string;
}

const OLD_SIZE = /^old (0|[1-9][0-9]{0,15})$/;

export function formatAddCheckpoint(request: AddCheckpointRequest): string {
  const proof = request.proof.map((hash) => `${toBase64(hash)}\n`).join("");
  return `old ${request.old}\n${proof}\n${request.checkpoint}`;
}

/** Throws RangeError on anything else than the body of a request. */
export function parseAddCheckpoint(body: string): AddCheckpointRequest {
  const end = body.indexOf("\n\n");
  if (end < 0) throw new RangeError("no empty line before the checkpoint");
  const [first = "", ...lines] = body.slice(0, end).split("\n");
  const old = Number(OLD_SIZE.exec(first)?.[1]);
  if (!Number.isSafeInteger(old)) throw new RangeError("not an old size line");
  if (lines.length > MAX_PROOF_HASHES) throw new RangeError("more than 63 proof lines");
  const proof = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash.length !== HASH_BYTES) throw new RangeError("a proof line is not a hash");
    return hash;
  });
  return { old, proof, checkpoint: body.slice(end + 2) };
}

/** What the witness co-signed last of a log. */
export interface Witnessed {
  readonly size: number;
  readonly root: Uint8Array;
}

export type WitnessRefusal =
  /** 400: not a request, or an old size above the checkpoint's. */
  | { readonly why: "malformed" }
  /** 404. */
  | { readonly why: "unknownOrigin" }
  /** 403. */
  | { readonly why: "badSignature" }
  /** 409: the old size is not the witness's, or another tree of the same size; `size` is what it co-signed last. */
  | { readonly why: "outOfStep" | "otherRoot"; readonly size: number }
  /** 422. */
  | { readonly why: "badProof"; readonly size: number };

export type WitnessDecision =
  | { readonly cosign: true; readonly note: SignedNote; readonly checkpoint: Checkpoint }
  | ({ readonly cosign: false } & WitnessRefusal);

export interface WitnessRules {
  /** Keys that the witness trusts for this origin; undefined where it does not know the log. */
  readonly keysOf: (origin: string) => readonly VerifierKey[] | undefined;
  readonly lastOf: (origin: string) => Witnessed | undefined;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
}

const refuse = (refusal: WitnessRefusal): WitnessDecision => ({ cosign: false, ...refusal });

/** The checks in the order of the specification. */
export async function decideAddCheckpoint(
  request: AddCheckpointRequest,
  rules: WitnessRules,
): Promise<WitnessDecision> {
  let note: SignedNote;
  let checkpoint: Checkpoint;
  try {
    note = parseNote(request.checkpoint);
    checkpoint = parseCheckpoint(note.text);
  } catch (cause) {
    if (cause instanceof RangeError) return refuse({ why: "malformed" });
    throw cause;
  }
  const keys = rules.keysOf(checkpoint.origin);
  if (keys === undefined) return refuse({ why: "unknownOrigin" });
  const states = await Promise.all(keys.map((key) => checkNote(note, key, rules.verify)));
  if (states.includes("wrong") || !states.includes("good")) return refuse({ why: "badSignature" });
  if (request.old > checkpoint.size) return refuse({ why: "malformed" });
  const last = rules.lastOf(checkpoint.origin) ?? { size: 0, root: new Uint8Array() };
  const { size } = last;
  if (request.old !== size) return refuse({ why: "outOfStep", size });
  if (size > 0 && checkpoint.size === size && request.proof.length === 0)
    return equalBytes(checkpoint.root, last.root)
      ? { cosign: true, note, checkpoint }
      : refuse({ why: "otherRoot", size });
  const extendsLast = checkConsistency(rules.sha256, {
    oldSize: size,
    newSize: checkpoint.size,
    oldRoot: last.root,
    newRoot: checkpoint.root,
    proof: request.proof,
  });
  return extendsLast ? { cosign: true, note, checkpoint } : refuse({ why: "badProof", size });
}

/** Status, content type and body of an answer; a cosignature's body is its signature lines. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType: string;
  readonly body: string;
}

const TEXT = "text/plain; charset=utf-8";

const REFUSALS = {
  malformed: { status: 400, said: "malformed request" },
  unknownOrigin: { status: 404, said: "unknown origin" },
  badSignature: { status: 403, said: "not signed by the log" },
  badProof: { status: 422, said: "the proof does not hold" },
} as const;

export function refusalAnswer(refusal: WitnessRefusal): WitnessAnswer {
  if (refusal.why === "outOfStep" || refusal.why === "otherRoot")
    return { status: 409, contentType: "text/x.tlog.size", body: `${refusal.size}\n` };
  const { status, said } = REFUSALS[refusal.why];
  return { status, contentType: TEXT, body: `${said}\n` };
}

export function cosignedAnswer(lines: string): WitnessAnswer {
  return { status: 200, contentType: TEXT, body: lines };
}
