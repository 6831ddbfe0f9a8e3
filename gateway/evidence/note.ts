/**
 * Signed notes and verifier keys (C2SP signed-note). Invariant: a parsed note writes back to the same text, and
 * nothing in a note counts before a signature over its text was checked.
 */
import { fromBase64, toBase64 } from "./bytes.ts";

export interface NoteSignature {
  readonly keyName: string;
  readonly keyId: number;
  /** What follows the key id; its form depends on the key's signature type. */
  readonly bytes: Uint8Array;
}

export interface SignedNote {
  /** The signed text, with its final newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export const MAX_NOTE_CHARS = 1_048_576;
const MAX_SIGNATURES = 64;
const KEY_ID_BYTES = 4;
const KEY_NAME = /^[^\s+\p{White_Space}]{1,256}$/u;
// oxlint-disable-next-line no-control-regex -- the format forbids control characters, so the check names them
const CONTROL = /[\x00-\x09\x0b-\x1f]/;
const LINE = /^— (\S+) (\S+)$/;

/** Throws RangeError unless the name may stand in a signature line. */
export function checkKeyName(name: string): void {
  if (!KEY_NAME.test(name)) throw new RangeError("not a key name");
}

/** Throws RangeError when the text could not be parsed back. */
export function formatNote(note: SignedNote): string {
  if (!note.text.endsWith("\n") || CONTROL.test(note.text)) throw new RangeError("not the text of a note");
  if (note.signatures.length === 0) throw new RangeError("a note has a signature");
  return `${note.text}\n${note.signatures.map(formatSignature).join("")}`;
}

function formatSignature(signature: NoteSignature): string {
  checkKeyName(signature.keyName);
  const blob = new Uint8Array(KEY_ID_BYTES + signature.bytes.length);
  new DataView(blob.buffer).setUint32(0, signature.keyId);
  blob.set(signature.bytes, KEY_ID_BYTES);
  return `— ${signature.keyName} ${toBase64(blob)}\n`;
}

/** Throws RangeError when the text is not a note within the limits (1 MiB, 64 signatures). */
export function parseNote(note: string): SignedNote {
  if (note.length > MAX_NOTE_CHARS) throw new RangeError("a note is too long");
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n") || CONTROL.test(note)) throw new RangeError("not a note");
  const lines = note.slice(split + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) throw new RangeError("a note has too many signatures");
  const signatures = lines.map((line): NoteSignature => {
    const [, keyName, base64] = LINE.exec(line) ?? [];
    if (keyName === undefined || base64 === undefined) throw new RangeError("not a signature line");
    checkKeyName(keyName);
    const blob = fromBase64(base64);
    if (blob.length <= KEY_ID_BYTES) throw new RangeError("a signature is too short");
    return { keyName, keyId: new DataView(blob.buffer).getUint32(0), bytes: blob.slice(KEY_ID_BYTES) };
  });
  return { text: note.slice(0, split + 1), signatures };
}

/** The note with another signature line after its own; an older line of the same key is replaced. */
export function addSignature(note: SignedNote, signature: NoteSignature): SignedNote {
  const others = note.signatures.filter(
    (line) => line.keyName !== signature.keyName || line.keyId !== signature.keyId,
  );
  return { text: note.text, signatures: [...others, signature] };
}
