/**
 * The cryptography that the pure evidence code is given: Node, a browser or a test supplies it.
 * Invariant: nothing in this folder computes a digest or a signature by itself.
 */

/** SHA-256 of the bytes, 32 bytes. Keeps nothing of its input, which the caller uses again. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** Ed25519 over the message as it is (RFC 8032, no prehash): 64 bytes. */
export type SignEd25519 = (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** `publicKey` is the 32-byte form of RFC 8032; false for a wrong signature or a malformed key, never a throw. */
export type VerifyEd25519 = (options: {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}) => boolean | Promise<boolean>;

export const HASH_BYTES = 32;
export const ED25519_PUBLIC_KEY_BYTES = 32;
export const ED25519_SIGNATURE_BYTES = 64;

/** SM3 (GB/T 32905) of the bytes, 32 bytes. Keeps nothing of its input. */
export type Sm3 = (bytes: Uint8Array) => Uint8Array;

/** SM2 (GB/T 32918.2) with the standard's ID over the message: DER of r and s. */
export type SignSm2 = (message: Uint8Array) => Uint8Array;

/** `publicKey` is the point without compression; false for a wrong signature or a malformed key, never a throw. */
export type VerifySm2 = (options: {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}) => boolean;

export const SM2_PUBLIC_KEY_BYTES = 65;

/** What a log is hashed and signed with; one for its whole life. */
const SUITES = ["ed25519-sha256", "sm2-sm3"] as const;
export type Suite = (typeof SUITES)[number];

export function isSuite(text: string | undefined): text is Suite {
  return SUITES.some((suite) => suite === text);
}
