/**
 * Witness cosignatures (C2SP tlog-cosignature, type 0x04): `u64 time ‖ Ed25519` over time and checkpoint.
 * Invariant: a cosignature says "at this time, this was the largest consistent tree I had seen".
 */
import { concatBytes } from "./bytes.ts";
import type { NoteSignature, SignedNote } from "./note.ts";
import { ED25519_SIGNATURE_BYTES, type SignEd25519, type VerifyEd25519 } from "./suite.ts";
import { COSIGNATURE_V1, NOTE_ED25519, type VerifierKey, signatureOf, verifierKey } from "./verifier-key.ts";
import type { Sha256 } from "./suite.ts";

const TIME_BYTES = 8;

function message(checkpointText: string, timeS: number): Uint8Array {
  return new TextEncoder().encode(`cosignature/v1\ntime ${timeS}\n${checkpointText}`);
}

export interface CosignOptions {
  /** Text of the checkpoint, without its signatures. */
  readonly checkpointText: string;
  /** Seconds since 1970 by the witness's own clock. */
  readonly timeS: number;
  readonly key: VerifierKey;
  readonly sign: SignEd25519;
}

/** The signature line to add to the checkpoint's note. Throws RangeError on another key type or a bad time. */
export async function cosign(options: CosignOptions): Promise<NoteSignature> {
  const { checkpointText, timeS, key, sign } = options;
  if (key.type !== COSIGNATURE_V1) throw new RangeError("a witness signs with a key of type 0x04");
  if (!Number.isSafeInteger(timeS) || timeS < 0)
    throw new RangeError("a cosignature's time is whole seconds");
  const time = new Uint8Array(TIME_BYTES);
  new DataView(time.buffer).setBigUint64(0, BigInt(timeS));
  const signature = await sign(message(checkpointText, timeS));
  return { keyName: key.name, keyId: key.keyId, bytes: concatBytes([time, signature]) };
}

export type CosignatureState =
  | { readonly state: "good"; readonly timeS: number }
  | { readonly state: "wrong" | "absent" };

export async function checkCosignature(
  note: SignedNote,
  key: VerifierKey,
  verify: VerifyEd25519,
): Promise<CosignatureState> {
  const line = signatureOf(note, key);
  if (line === undefined || key.type !== COSIGNATURE_V1) return { state: "absent" };
  if (line.bytes.length !== TIME_BYTES + ED25519_SIGNATURE_BYTES) return { state: "wrong" };
  const view = new DataView(line.bytes.buffer, line.bytes.byteOffset, line.bytes.byteLength);
  const timeS = Number(view.getBigUint64(0));
  if (!Number.isSafeInteger(timeS)) return { state: "wrong" };
  const good = await verify({
    publicKey: key.publicKey,
    message: message(note.text, timeS),
    signature: line.bytes.subarray(TIME_BYTES),
  });
  return good ? { state: "good", timeS } : { state: "wrong" };
}

/**
 * The same witness's key for signed notes (type 0x01), with which the archive signs its acknowledgements. One
 * key may serve both: each message begins with a line that names its kind.
 */
export function noteKeyOfWitness(sha256: Sha256, witness: VerifierKey): VerifierKey {
  return verifierKey(sha256, { name: witness.name, type: NOTE_ED25519, publicKey: witness.publicKey });
}
