/**
 * The archive as a witness of a log (C2SP tlog-witness add-checkpoint). Invariant: it co-signs a tree only when
 * it holds every entry of it, has recomputed the root, and the tree it co-signed last is a prefix of it.
 */
import { CodedError } from "../../gateway/domain/errors.ts";
import { equalBytes, fromBase64 } from "../../gateway/evidence/bytes.ts";
import { type Checkpoint, parseCheckpoint } from "../../gateway/evidence/checkpoint.ts";
import { cosign } from "../../gateway/evidence/cosignature.ts";
import { decodeEntry } from "../../gateway/evidence/entry.ts";
import { checkConsistency } from "../../gateway/evidence/merkle/check-proof.ts";
import { checkNational } from "../../gateway/evidence/national.ts";
import { type SignedNote, addSignature, formatNote, parseNote } from "../../gateway/evidence/note.ts";
import type { Sha256, SignEd25519, VerifyEd25519, VerifySm2 } from "../../gateway/evidence/suite.ts";
import {
  NOTE_SM2,
  type VerifierKey,
  checkNote,
  parseVerifierKey,
} from "../../gateway/evidence/verifier-key.ts";
import type { AddCheckpoint } from "./contract.ts";
import type { GrownTree, LogCopy } from "./log-copy.ts";

export interface WitnessKey {
  /** Type 0x04. */
  readonly key: VerifierKey;
  readonly sign: SignEd25519;
}

export interface Witnessing {
  readonly copy: LogCopy;
  /** The log's keys in force, one of each type known: after a change the older ones sign nothing here any more. */
  readonly inForce: readonly VerifierKey[];
  /** A first SM2 key that the gateway may show; undefined where this archive knows another one of it. */
  readonly firstNational: VerifierKey | undefined;
  /** A key that an entry of the tree announces, or a first SM2 key, with its line beside those in force; synced when it resolves. */
  readonly onTurn: (key: VerifierKey) => Promise<void>;
  readonly witness: WitnessKey;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  readonly verifySm2: VerifySm2;
  readonly nowMs: () => number;
}

function checkpointOf(note: string): Checkpoint {
  try {
    return parseCheckpoint(parseNote(note).text);
  } catch (cause) {
    throw new CodedError("sync.badCheckpoint", {}, { cause });
  }
}

/** Keys of the log that entries announce, in order. */
function announcedKeys(entries: readonly Uint8Array[], origin: string): readonly VerifierKey[] {
  return entries.flatMap((bytes) => {
    const { vkey } = decodeEntry(bytes);
    const key = vkey === undefined ? undefined : parseVerifierKey(vkey);
    return key?.name === origin ? [key] : [];
  });
}

/** Whether the note has a good line of this key, of either type. */
async function isSignedBy(witnessing: Witnessing, note: SignedNote, key: VerifierKey): Promise<boolean> {
  if (key.type === NOTE_SM2) return checkNational(note, key, witnessing.verifySm2).state === "good";
  return (await checkNote(note, key, witnessing.verify)) === "good";
}

async function areInForce(witnessing: Witnessing, note: SignedNote): Promise<boolean> {
  for (const key of witnessing.inForce) if (!(await isSignedBy(witnessing, note, key))) return false;
  return true;
}

/** Keys that this note brings into force. A first SM2 key counts only in a log whose first entry has SM3. */
async function newKeys(
  witnessing: Witnessing,
  note: SignedNote,
  { from, entries }: GrownTree,
): Promise<readonly VerifierKey[]> {
  const { copy, firstNational } = witnessing;
  const candidates = [...announcedKeys(entries, copy.origin)];
  if (firstNational !== undefined) {
    const [first] = from === 0 ? entries : await copy.entries(0, 1);
    if (first !== undefined && decodeEntry(first).sm3 !== undefined) candidates.unshift(firstNational);
  }
  const found: VerifierKey[] = [];
  for (const key of candidates) if (await isSignedBy(witnessing, note, key)) found.push(key);
  return found;
}

function proofOf(request: AddCheckpoint): readonly Uint8Array[] {
  return request.proof.map((hash) => fromBase64(hash));
}

/**
 * Takes a checkpoint and returns the cosignature line. To be called for one log at a time, one call after the
 * other: compare and persist are one step. Throws `sync.badCheckpoint`, `sync.outOfStep` (details.witnessed),
 * `sync.entriesMissing`, `sync.logRefused`.
 */
export async function addCheckpoint(witnessing: Witnessing, request: AddCheckpoint): Promise<string> {
  const { copy, witness, sha256, nowMs } = witnessing;
  const checkpoint = checkpointOf(request.checkpoint);
  const note = parseNote(request.checkpoint);
  if (checkpoint.origin !== copy.origin || !(await areInForce(witnessing, note))) {
    throw new CodedError("sync.badCheckpoint");
  }
  const { witnessed } = copy.head;
  if (request.old > checkpoint.size) throw new CodedError("sync.logRefused", { ...copy.head });
  if (request.old !== witnessed) throw new CodedError("sync.outOfStep", { ...copy.head });
  const before = copy.checkpoint === "" ? undefined : checkpointOf(copy.checkpoint);
  const holds =
    before === undefined ||
    checkConsistency(sha256, {
      oldSize: before.size,
      newSize: checkpoint.size,
      oldRoot: before.root,
      newRoot: checkpoint.root,
      proof: proofOf(request),
    });
  if (!holds) throw new CodedError("sync.logRefused", { ...copy.head });
  const tree = await copy.grow(checkpoint.size);
  if (!equalBytes(tree.root, checkpoint.root)) {
    // The log's own history holds, the entries sent for it do not: they are asked for again.
    await copy.dropStaged();
    throw new CodedError("sync.entriesMissing", { ...copy.head });
  }
  // Before the tree is adopted: after a crash between, the same call finds the same again.
  for (const key of await newKeys(witnessing, note, tree)) {
    if (key !== witnessing.firstNational) await copy.keepTurnover(checkpoint.size, request.checkpoint);
    await witnessing.onTurn(key);
  }
  const line = await cosign({
    checkpointText: note.text,
    timeS: Math.floor(nowMs() / 1000),
    key: witness.key,
    sign: witness.sign,
  });
  await copy.adopt(tree, checkpoint, formatNote(addSignature(note, line)), nowMs());
  return formatNote({ text: note.text, signatures: [line] }).slice(note.text.length + 1);
}
