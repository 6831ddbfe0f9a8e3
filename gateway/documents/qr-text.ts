/**
 * The QR's text from a stored checkpoint: the compact line of evidence/paper.ts for the document's entry.
 * Invariant: only the log's own signature goes on paper; cosignatures are for the digital receipt.
 */
import { parseCheckpoint } from "../evidence/checkpoint.ts";
import { parseNote } from "../evidence/note.ts";
import { paperCheckpoint } from "../evidence/paper.ts";
import { NOTE_ED25519, type VerifierKey, signatureOf } from "../evidence/verifier-key.ts";
import type { QrText } from "./ports.ts";

/** `vkeysOf` gives a log's verifier keys by its origin, oldest first, as the signer's client does. */
export function checkpointQrText(vkeysOf: (origin: string) => readonly VerifierKey[]): QrText {
  return async (checkpoint, document) => {
    const note = parseNote(checkpoint.note);
    const { origin } = parseCheckpoint(note.text);
    // The key may have changed since the checkpoint was signed.
    const key = vkeysOf(origin).findLast(
      (one) => one.type === NOTE_ED25519 && signatureOf(note, one) !== undefined,
    );
    if (key === undefined) throw new RangeError("a checkpoint without a signature of its log");
    return paperCheckpoint(note, key, document.seq);
  };
}
