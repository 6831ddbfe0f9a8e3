/** Leaf and node hashes of RFC 6962 section 2.1; invariant: the prefix byte keeps a leaf from passing as a node. */
import { HASH_BYTES, type Sha256 } from "../suite.ts";

/** SHA-256(0x00 ‖ entry). */
export function leafHash(sha256: Sha256, entryBytes: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + entryBytes.length);
  input.set(entryBytes, 1);
  return sha256(input);
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + 2 * HASH_BYTES);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return sha256(input);
}

/** Root of the tree without leaves. */
export function emptyRoot(sha256: Sha256): Uint8Array {
  return sha256(new Uint8Array());
}
