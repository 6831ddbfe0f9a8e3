/** Verifier keys (C2SP signed-note) out of a list, lines, or a trust file (C2SP tlog-policy). */
import { type VerifierKey, parseVerifierKey } from "../../gateway/evidence/verifier-key.ts";

const KEY = /[^\s"+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}/g;

export function keysIn(text: string): readonly VerifierKey[] {
  return (text.match(KEY) ?? []).flatMap((one) => {
    try {
      return [parseVerifierKey(one)];
    } catch {
      // A key of a kind that this page can't check by.
      return [];
    }
  });
}
