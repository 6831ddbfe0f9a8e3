/** Leaf and node hashes of RFC 6962 section 2.1; invariant: the prefix byte keeps a leaf from passing as a node. */
import { HASH_BYTES, type Sha256 } from "../suite.ts";

/** The longest entry, see entry.ts; a longer input is hashed as well. */
const MAX_ENTRY_BYTES = 65_535;

/** Inputs are put together in place: a new buffer for each of a million hashes costs more than the hash. */
const leafInput = new Uint8Array(1 + MAX_ENTRY_BYTES);
const nodeInput = new Uint8Array(1 + 2 * HASH_BYTES);
nodeInput[0] = 1;

/** SHA-256(0x00 ‖ entry). */
export function leafHash(sha256: Sha256, entryBytes: Uint8Array): Uint8Array {
  const length = 1 + entryBytes.length;
  const input = length > leafInput.length ? new Uint8Array(length) : leafInput.subarray(0, length);
  input.set(entryBytes, 1);
  return sha256(input);
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES)
    throw new RangeError("a node is two hashes of 32 bytes");
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return sha256(nodeInput);
}

/** Root of the tree without leaves. */
export function emptyRoot(sha256: Sha256): Uint8Array {
  return sha256(new Uint8Array());
}
