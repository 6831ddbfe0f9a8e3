/**
 * Proof that an entry is in a log, as one text that needs nothing else (C2SP tlog-proof): index, inclusion proof,
 * checkpoint with every signature. Invariant: a parsed proof writes back to the same text, and nothing in it counts
 * before the checkpoint's signature and the path to its root were checked; the extra data never counts by itself.
 */
import { fromBase64, toBase64 } from "./bytes.ts";
import { type Checkpoint, parseCheckpoint } from "./checkpoint.ts";
import { MAX_PROOF_HASHES, checkInclusion } from "./merkle/check-proof.ts";
import { leafHash } from "./merkle/hash.ts";
import { type SignedNote, formatNote, parseNote } from "./note.ts";
import { HASH_BYTES, type Sha256 } from "./suite.ts";

export interface TlogProof {
  /** Opaque to the format; here what `receipt.ts` needs to reach from the leaf to the paper. */
  readonly extra?: Uint8Array;
  readonly index: number;
  /** From the leaf's sibling to the root's child. */
  readonly hashes: readonly Uint8Array[];
  readonly checkpoint: SignedNote;
}

const HEAD = "c2sp.org/tlog-proof@v1";
/** Far above a document's proof in a log of 2^53 entries. */
export const MAX_PROOF_CHARS = 262_144;
const INDEX = /^index (0|[1-9][0-9]{0,15})$/;

/** Throws RangeError when the parts could not be read back. */
export function formatTlogProof(proof: TlogProof): string {
  const text = [
    HEAD,
    ...(proof.extra === undefined ? [] : [`extra ${toBase64(proof.extra)}`]),
    `index ${proof.index}`,
    ...proof.hashes.map(toBase64),
    "",
    formatNote(proof.checkpoint),
  ].join("\n");
  parseTlogProof(text);
  return text;
}

/** Throws RangeError unless the text is a proof within the limits. */
export function parseTlogProof(text: string): TlogProof {
  if (text.length > MAX_PROOF_CHARS) throw new RangeError("a proof is too long");
  const end = text.indexOf("\n\n");
  if (end < 0) throw new RangeError("a proof has a checkpoint after an empty line");
  const [head, ...lines] = text.slice(0, end).split("\n");
  if (head !== HEAD) throw new RangeError("not a tlog-proof");
  const extraLine = lines[0]?.startsWith("extra ") === true ? lines.shift() : undefined;
  const index = Number(INDEX.exec(lines.shift() ?? "")?.[1]);
  if (!Number.isSafeInteger(index)) throw new RangeError("a proof names its entry's index");
  const hashes = lines.map(fromBase64);
  if (hashes.length > MAX_PROOF_HASHES || hashes.some((hash) => hash.length !== HASH_BYTES))
    throw new RangeError("a proof is a list of hashes");
  const checkpoint = parseNote(text.slice(end + 2));
  parseCheckpoint(checkpoint.text);
  return {
    ...(extraLine === undefined ? {} : { extra: fromBase64(extraLine.slice("extra ".length)) }),
    index,
    hashes,
    checkpoint,
  };
}

/** The tree that the proof speaks of, when this entry is in it at the proof's index; undefined when it is not. */
export function checkProofOf(
  proof: Pick<TlogProof, "index" | "hashes" | "checkpoint">,
  entryBytes: Uint8Array,
  sha256: Sha256,
): Checkpoint | undefined {
  const checkpoint = parseCheckpoint(proof.checkpoint.text);
  const { size, root } = checkpoint;
  const leaf = leafHash(sha256, entryBytes);
  return checkInclusion(sha256, { index: proof.index, size, leaf, root, proof: proof.hashes })
    ? checkpoint
    : undefined;
}
