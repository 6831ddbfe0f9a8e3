/**
 * Checks inclusion and consistency proofs by the algorithms of RFC 9162 2.1.3.2 and 2.1.4.2.
 * Invariant: a proof has exactly one length for its sizes; a longer or shorter one is false, never a throw.
 */
import { equalBytes } from "../bytes.ts";
import { HASH_BYTES, type Sha256 } from "../suite.ts";
import { nodeHash } from "./hash.ts";

/** No tree of 2^53 leaves needs a longer proof than this (C2SP tlog-witness: at most 63). */
export const MAX_PROOF_HASHES = 63;

const half = (value: number): number => Math.floor(value / 2);
const isOdd = (value: number): boolean => value % 2 === 1;
const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

function wellFormed(proof: readonly Uint8Array[]): boolean {
  return proof.length <= MAX_PROOF_HASHES && proof.every((hash) => hash.length === HASH_BYTES);
}

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether `leaf` (a leaf hash) is at `index` in the tree of `size` leaves with this root. */
export function checkInclusion(sha256: Sha256, claim: InclusionClaim): boolean {
  const { index, size, leaf, root, proof } = claim;
  if (!isSize(index) || !isSize(size) || index >= size || !wellFormed(proof)) return false;
  let at = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      hash = nodeHash(sha256, sibling, hash);
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else hash = nodeHash(sha256, hash, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equalBytes(hash, root);
}

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the old tree is a prefix of the new one. The empty tree is a prefix of all, with an empty proof. */
export function checkConsistency(sha256: Sha256, claim: ConsistencyClaim): boolean {
  const { oldSize, newSize, oldRoot, newRoot } = claim;
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize || !wellFormed(claim.proof)) return false;
  if (oldSize === 0) return claim.proof.length === 0;
  if (oldSize === newSize) return claim.proof.length === 0 && equalBytes(oldRoot, newRoot);
  const path = Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...claim.proof] : claim.proof;
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let at = oldSize - 1;
  let last = newSize - 1;
  while (isOdd(at)) [at, last] = [half(at), half(last)];
  let [older, newer] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      older = nodeHash(sha256, hash, older);
      newer = nodeHash(sha256, hash, newer);
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else newer = nodeHash(sha256, newer, hash);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equalBytes(older, oldRoot) && equalBytes(newer, newRoot);
}
