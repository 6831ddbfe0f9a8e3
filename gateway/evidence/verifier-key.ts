/**
 * Verifier keys (`<name>+<key id>+<base64(type ‖ public key)>`, C2SP signed-note) and Ed25519 note signatures.
 * A key of type 0xff has the long identifier of its kind between type and public key, as signed-note recommends.
 * Invariant: a signature counts only when name and key id are those of a key the verifier already trusts.
 */
import { concatBytes, equalBytes, fromBase64, fromHex, toBase64 } from "./bytes.ts";
import { type NoteSignature, type SignedNote, checkKeyName } from "./note.ts";
import {
  ED25519_PUBLIC_KEY_BYTES,
  SM2_PUBLIC_KEY_BYTES,
  type Sha256,
  type SignEd25519,
  type VerifyEd25519,
} from "./suite.ts";

/** Signature types of signed-note that this program makes and checks. */
export const NOTE_ED25519 = 0x01;
export const COSIGNATURE_V1 = 0x04;
/** Of all keys of the type without an assigned byte only those with the identifier below are known here. */
export const NOTE_SM2 = 0xff;
export type SignatureType = typeof NOTE_ED25519 | typeof COSIGNATURE_V1 | typeof NOTE_SM2;
export const SM2_IDENTIFIER = "counter-gateway/sm2-sm3/v1";

export interface VerifierKey {
  readonly name: string;
  readonly keyId: number;
  readonly type: SignatureType;
  /** Ed25519: 32 bytes, RFC 8032. SM2: the point without compression, 65 bytes. */
  readonly publicKey: Uint8Array;
}

const utf8 = new TextEncoder();

function keyIdOf(sha256: Sha256, name: string, encoded: Uint8Array): number {
  const digest = sha256(concatBytes([utf8.encode(`${name}\n`), encoded]));
  return new DataView(digest.buffer, digest.byteOffset, digest.byteLength).getUint32(0);
}

const UNCOMPRESSED_POINT = 4;

function encodeKey(type: SignatureType, publicKey: Uint8Array): Uint8Array {
  if (type === NOTE_SM2) {
    if (publicKey.length !== SM2_PUBLIC_KEY_BYTES || publicKey[0] !== UNCOMPRESSED_POINT)
      throw new RangeError("an SM2 public key is a point of 65 bytes");
    return concatBytes([Uint8Array.of(type), utf8.encode(SM2_IDENTIFIER), publicKey]);
  }
  if (publicKey.length !== ED25519_PUBLIC_KEY_BYTES)
    throw new RangeError("an Ed25519 public key is 32 bytes");
  return concatBytes([Uint8Array.of(type), publicKey]);
}

/** Throws RangeError unless the bytes are what `encodeKey` writes. */
function decodeKey(encoded: Uint8Array): Pick<VerifierKey, "type" | "publicKey"> {
  const type = encoded[0];
  if (type !== NOTE_ED25519 && type !== COSIGNATURE_V1 && type !== NOTE_SM2)
    throw new RangeError("a verifier key of an unknown type");
  const publicKey = encoded.slice(1 + (type === NOTE_SM2 ? SM2_IDENTIFIER.length : 0));
  if (!equalBytes(encodeKey(type, publicKey), encoded)) throw new RangeError("a key of an unknown kind");
  return { type, publicKey };
}

/** A verifier key with the recommended key id. Throws RangeError on a bad name or key. */
export function verifierKey(
  sha256: Sha256,
  key: { readonly name: string; readonly type: SignatureType; readonly publicKey: Uint8Array },
): VerifierKey {
  checkKeyName(key.name);
  return { ...key, keyId: keyIdOf(sha256, key.name, encodeKey(key.type, key.publicKey)) };
}

export function formatVerifierKey(key: VerifierKey): string {
  const id = key.keyId.toString(16).padStart(8, "0");
  return `${key.name}+${id}+${toBase64(encodeKey(key.type, key.publicKey))}`;
}

/**
 * Throws RangeError when the text is not a verifier key of a type known here. The key id is checked against
 * name and key where a digest is given; a verifier without one (a QR check) compares ids as they are.
 */
export function parseVerifierKey(text: string, sha256?: Sha256): VerifierKey {
  // Base64 may hold plus signs itself, so only the first two of them separate.
  const first = text.indexOf("+");
  const second = text.indexOf("+", first + 1);
  if (first < 0 || second < 0) throw new RangeError("not a verifier key");
  const name = text.slice(0, first);
  checkKeyName(name);
  const idBytes = fromHex(text.slice(first + 1, second));
  const encoded = fromBase64(text.slice(second + 1));
  if (idBytes.length !== 4) throw new RangeError("a verifier key's id has 4 bytes");
  const key = decodeKey(encoded);
  const keyId = new DataView(idBytes.buffer).getUint32(0);
  if (sha256 !== undefined && keyIdOf(sha256, name, encoded) !== keyId)
    throw new RangeError("a verifier key's id does not belong to it");
  return { name, keyId, ...key };
}

/** `absent`: no line of this key. `wrong`: there is one and it does not verify. */
export type SignatureState = "good" | "wrong" | "absent";

export function signatureOf(note: SignedNote, key: VerifierKey): NoteSignature | undefined {
  return note.signatures.find((line) => line.keyName === key.name && line.keyId === key.keyId);
}

/** Checks the Ed25519 line (type 0x01) of this key over the note's text. */
export async function checkNote(
  note: SignedNote,
  key: VerifierKey,
  verify: VerifyEd25519,
): Promise<SignatureState> {
  const line = signatureOf(note, key);
  if (line === undefined || key.type !== NOTE_ED25519) return "absent";
  const { publicKey } = key;
  const good = await verify({ publicKey, message: utf8.encode(note.text), signature: line.bytes });
  return good ? "good" : "wrong";
}

/** Signs the text under this key (type 0x01). */
export async function signNote(text: string, key: VerifierKey, sign: SignEd25519): Promise<SignedNote> {
  if (key.type !== NOTE_ED25519) throw new RangeError("a note is signed by a key of type 0x01");
  const bytes = await sign(utf8.encode(text));
  return { text, signatures: [{ keyName: key.name, keyId: key.keyId, bytes }] };
}
