/**
 * The checkpoint as it stands on paper: one line for the alphanumeric mode of a QR code, 175 characters for a
 * log of 60 million entries (version 7, level M). Invariant: the line and the log's verifier key, read offline,
 * rebuild the signed checkpoint; nothing on the paper has to be believed.
 *
 * `C1:<size in base 36>.<index in base 36>.<base32 of key id ‖ root ‖ Ed25519 signature>`
 */
import { concatBytes, fromBase32, toBase32 } from "./bytes.ts";
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import { type SignedNote, formatNote } from "./note.ts";
import { ED25519_SIGNATURE_BYTES, HASH_BYTES, type VerifyEd25519 } from "./suite.ts";
import { NOTE_ED25519, type VerifierKey, checkNote, signatureOf } from "./verifier-key.ts";

export interface PaperCheckpoint {
  readonly size: number;
  /** Leaf index of the document's entry, below `size`. */
  readonly index: number;
  readonly root: Uint8Array;
  readonly keyId: number;
  readonly signature: Uint8Array;
}

const KEY_ID_BYTES = 4;
const FORM = /^C1:(0|[1-9A-Z][0-9A-Z]{0,10})\.(0|[1-9A-Z][0-9A-Z]{0,10})\.([A-Z2-7]{160})$/;

/** Throws RangeError when the note has no line of this key or does not cover the entry. */
export function paperCheckpoint(note: SignedNote, key: VerifierKey, index: number): string {
  const line = signatureOf(note, key);
  const { size, root } = parseCheckpoint(note.text);
  if (line === undefined || key.type !== NOTE_ED25519 || line.bytes.length !== ED25519_SIGNATURE_BYTES)
    throw new RangeError("the note is not signed by this key");
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new RangeError("the checkpoint does not cover the entry");
  const keyId = new Uint8Array(KEY_ID_BYTES);
  new DataView(keyId.buffer).setUint32(0, key.keyId);
  const number = (value: number): string => value.toString(36).toUpperCase();
  return `C1:${number(size)}.${number(index)}.${toBase32(concatBytes([keyId, root, line.bytes]))}`;
}

/** Throws RangeError when the text is not such a line. */
export function parsePaperCheckpoint(text: string): PaperCheckpoint {
  const [, sizeText, indexText, blobText] = FORM.exec(text) ?? [];
  if (sizeText === undefined || indexText === undefined || blobText === undefined)
    throw new RangeError("not a checkpoint from a paper");
  const size = Number.parseInt(sizeText, 36);
  const index = Number.parseInt(indexText, 36);
  if (!Number.isSafeInteger(size) || index >= size)
    throw new RangeError("a paper's entry lies outside its log");
  const blob = fromBase32(blobText);
  const rootAt = KEY_ID_BYTES;
  const signatureAt = rootAt + HASH_BYTES;
  return {
    size,
    index,
    root: blob.slice(rootAt, signatureAt),
    keyId: new DataView(blob.buffer).getUint32(0),
    signature: blob.slice(signatureAt),
  };
}

export type PaperState =
  /** The log signed this tree; `index` is in it. Whether the document is that entry needs the log. */
  | { readonly state: "good"; readonly checkpoint: Checkpoint; readonly index: number; readonly note: string }
  /** A key with this id is known and its signature does not verify. */
  | { readonly state: "wrong" }
  /** No known key has this id: another authority's paper, or a newer key. */
  | { readonly state: "unknownKey" };

/** Checks a scanned line offline against the logs whose keys the verifier holds. */
export async function checkPaperCheckpoint(
  paper: PaperCheckpoint,
  keys: readonly VerifierKey[],
  verify: VerifyEd25519,
): Promise<PaperState> {
  const candidates = keys.filter((key) => key.type === NOTE_ED25519 && key.keyId === paper.keyId);
  if (candidates.length === 0) return { state: "unknownKey" };
  for (const key of candidates) {
    const checkpoint: Checkpoint = { origin: key.name, size: paper.size, root: paper.root };
    const note: SignedNote = {
      text: formatCheckpoint(checkpoint),
      signatures: [{ keyName: key.name, keyId: key.keyId, bytes: paper.signature }],
    };
    if ((await checkNote(note, key, verify)) === "good")
      return { state: "good", checkpoint, index: paper.index, note: formatNote(note) };
  }
  return { state: "wrong" };
}
