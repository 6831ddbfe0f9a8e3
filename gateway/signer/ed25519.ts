/** Node's SHA-256 and Ed25519 in the forms the evidence code takes. */
import { type KeyObject, createPublicKey, hash, sign, verify } from "node:crypto";
import type { Sha256, SignEd25519, VerifyEd25519 } from "../evidence/suite.ts";

/** Everything of SubjectPublicKeyInfo before the 32 bytes of an Ed25519 key (RFC 8410). */
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");

export const nodeSha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");

export function nodeSign(privateKey: KeyObject): SignEd25519 {
  return (message) => sign(null, message, privateKey);
}

/** The 32 bytes of RFC 8032, from either half of the key. Throws RangeError on a key of another kind. */
export function publicKeyBytes(key: KeyObject): Uint8Array {
  const spki = (key.type === "private" ? createPublicKey(key) : key).export({ format: "der", type: "spki" });
  if (!spki.subarray(0, SPKI_HEAD.length).equals(SPKI_HEAD)) throw new RangeError("not an Ed25519 key");
  return new Uint8Array(spki.subarray(SPKI_HEAD.length));
}

export const nodeVerify: VerifyEd25519 = ({ publicKey, message, signature }) => {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicKey]), format: "der", type: "spki" });
  return verify(null, message, key, signature);
};
