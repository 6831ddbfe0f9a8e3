/**
 * The line that the suite `sm2-sm3` adds to a checkpoint: an SM2 signature that also carries the root of the same
 * entries' tree hashed with SM3. Invariant: one note is one statement; the SM3 root stands inside the signature, as a
 * cosignature's time does, so nothing can be parted from it and no extension line is needed (tlog-checkpoint).
 *
 * Line of type 0xff: `— <origin> base64(key id ‖ SM3 root, 32 bytes ‖ SM2 signature in DER)`; signed is
 * `counter-gateway/sm2-sm3/v1\nroot <base64 of the SM3 root>\n` before the checkpoint's text. The SM3 tree is that
 * of RFC 6962 over the same entry bytes: leaf SM3(0x00 ‖ entry), node SM3(0x01 ‖ left ‖ right).
 */
import { concatBytes, toBase64 } from "./bytes.ts";
import type { NoteSignature, SignedNote } from "./note.ts";
import { HASH_BYTES, type SignSm2, type VerifySm2 } from "./suite.ts";
import { NOTE_SM2, SM2_IDENTIFIER, type VerifierKey, signatureOf } from "./verifier-key.ts";

/** The message under the SM2 signature. */
export function nationalMessage(checkpointText: string, sm3Root: Uint8Array): Uint8Array {
  return new TextEncoder().encode(`${SM2_IDENTIFIER}\nroot ${toBase64(sm3Root)}\n${checkpointText}`);
}

/** The line to add to the checkpoint's note. Throws RangeError on another key type or a root that is none. */
export function nationalLine(options: {
  readonly checkpointText: string;
  readonly sm3Root: Uint8Array;
  readonly key: VerifierKey;
  readonly sign: SignSm2;
}): NoteSignature {
  const { checkpointText, sm3Root, key, sign } = options;
  if (key.type !== NOTE_SM2) throw new RangeError("the national line is signed by a key of type 0xff");
  if (sm3Root.length !== HASH_BYTES) throw new RangeError("an SM3 root is 32 bytes");
  const signature = sign(nationalMessage(checkpointText, sm3Root));
  return { keyName: key.name, keyId: key.keyId, bytes: concatBytes([sm3Root, signature]) };
}

export type NationalState =
  | { readonly state: "good"; readonly sm3Root: Uint8Array }
  | { readonly state: "wrong" | "absent" };

/** Checks this key's line. That the SM3 root is that of the entries is the caller's to recompute. */
export function checkNational(note: SignedNote, key: VerifierKey, verify: VerifySm2): NationalState {
  const line = signatureOf(note, key);
  if (line === undefined || key.type !== NOTE_SM2) return { state: "absent" };
  const sm3Root = line.bytes.slice(0, HASH_BYTES);
  const signature = line.bytes.subarray(HASH_BYTES);
  if (sm3Root.length !== HASH_BYTES) return { state: "wrong" };
  const message = nationalMessage(note.text, sm3Root);
  return verify({ publicKey: key.publicKey, message, signature })
    ? { state: "good", sm3Root }
    : { state: "wrong" };
}
