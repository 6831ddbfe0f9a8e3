/**
 * SM2 and SM3 by Node's OpenSSL, in the one way that is the standard's. Invariant: Z is computed here with the
 * standard's ID and hashed before the message, and only a key loaded from PEM is used: a key object fresh from the
 * generator signs plain ECDSA, and one-shot calls use an ID that depends on the version of OpenSSL.
 */
import {
  type KeyObject,
  createHash,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
} from "node:crypto";
import { SM2_PUBLIC_KEY_BYTES, type SignSm2, type Sm3, type VerifySm2 } from "../evidence/suite.ts";

/** The ID of GB/T 32918.2 and GM/T 0009 where the parties have agreed on no other. */
export const SM2_ID = "1234567812345678";

/** a, b, xG, yG of the curve (GB/T 32918.5). */
const CURVE = Buffer.from(
  "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc" +
    "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93" +
    "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7" +
    "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0",
  "hex",
);

/** Everything of SubjectPublicKeyInfo (id-ecPublicKey, sm2p256v1) before the point. */
const SPKI_HEAD = Buffer.from("3059301306072a8648ce3d020106082a811ccf5501822d034200", "hex");

export const nodeSm3: Sm3 = (bytes) => createHash("sm3").update(bytes).digest();

/** Z of GB/T 32918.2, 5.5: SM3 over the ID, the curve and the public key. */
export function sm2Z(publicKey: Uint8Array): Uint8Array {
  const id = Buffer.from(SM2_ID, "ascii");
  const bits = Buffer.alloc(2);
  bits.writeUInt16BE(id.length * 8);
  return createHash("sm3").update(bits).update(id).update(CURVE).update(publicKey.subarray(1)).digest();
}

/** A fresh private key as PKCS #8 in PEM. It has to be loaded from there before it signs. */
export function newSm2Key(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "SM2" });
  return privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

/** Throws RangeError unless the PEM holds an SM2 key that Node signs SM2 with. */
export function loadSm2Key(pem: string | Buffer): KeyObject {
  const key = createPrivateKey(pem);
  // Node shows `ec` for a key that would sign plain ECDSA, and nothing for a true SM2 key.
  if (key.asymmetricKeyType !== undefined) throw new RangeError("not an SM2 key");
  sm2PublicKey(key);
  return key;
}

/** The point of either half of the key, 65 bytes. Throws RangeError on a key of another kind. */
export function sm2PublicKey(key: KeyObject): Uint8Array {
  const spki = (key.type === "private" ? createPublicKey(key) : key).export({ format: "der", type: "spki" });
  if (!spki.subarray(0, SPKI_HEAD.length).equals(SPKI_HEAD)) throw new RangeError("not an SM2 key");
  return new Uint8Array(spki.subarray(SPKI_HEAD.length));
}

/** Throws RangeError on a key object that is not loaded from PEM or not SM2. */
export function sm2Signer(privateKey: KeyObject): SignSm2 {
  if (privateKey.asymmetricKeyType !== undefined) throw new RangeError("not an SM2 key");
  const z = sm2Z(sm2PublicKey(privateKey));
  return (message) => new Uint8Array(createSign("sm3").update(z).update(message).sign(privateKey));
}

export const nodeVerifySm2: VerifySm2 = ({ publicKey, message, signature }) => {
  if (publicKey.length !== SM2_PUBLIC_KEY_BYTES || !isDerPair(signature)) return false;
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, publicKey]), format: "der", type: "spki" });
  } catch {
    // Not a point of the curve.
    return false;
  }
  if (key.asymmetricKeyType !== undefined) return false;
  return createVerify("sm3").update(sm2Z(publicKey)).update(message).verify(key, signature);
};

const DER_SEQUENCE = 0x30;
const DER_INTEGER = 0x02;

/** Whether the bytes are exactly a SEQUENCE of two positive INTEGERs in their shortest form: one text per signature. */
function isDerPair(bytes: Uint8Array): boolean {
  if (bytes[0] !== DER_SEQUENCE || bytes[1] !== bytes.length - 2) return false;
  let at = 2;
  for (let i = 0; i < 2; i++) {
    const length = bytes[at + 1] ?? 0;
    const [first = 0x80, second = 0x80] = bytes.subarray(at + 2, at + 4);
    const padded = first === 0 && (length === 1 || second < 0x80);
    if (bytes[at] !== DER_INTEGER || length === 0 || first >= 0x80 || padded) return false;
    at += 2 + length;
  }
  return at === bytes.length;
}
