/**
 * The QR's text from a stored checkpoint: the compact line of evidence/paper.ts for the document's entry.
 * Invariant: only the log's own signature goes on paper; cosignatures are for the digital receipt.
 */
import { parseCheckpoint } from "../evidence/checkpoint.ts";
import { parseNote } from "../evidence/note.ts";
import { paperCheckpoint } from "../evidence/paper.ts";
import { parseVerifierKey } from "../evidence/verifier-key.ts";
import type { QrText } from "./ports.ts";

/** `vkeyOf` gives the log's verifier key by its origin, as the signer's client does. */
export function checkpointQrText(vkeyOf: (origin: string) => Promise<string>): QrText {
  return async (checkpoint, document) => {
    const note = parseNote(checkpoint.note);
    const { origin } = parseCheckpoint(note.text);
    return paperCheckpoint(note, parseVerifierKey(await vkeyOf(origin)), document.seq);
  };
}
