/**
 * One check of a paper: by the gateway where there is one, else by the public keys that are at hand. Invariant: what
 * was shown goes to the gateway in a body and nowhere else; a PDF never leaves this machine, only its SHA-256.
 */
import { type PaperVerdict, verdictOnPaper } from "../../gateway/evidence/paper-verdict.ts";
import type { VerifierKey } from "../../gateway/evidence/verifier-key.ts";
import type { PaperCheckAnswer } from "../../gateway/http/contract/papers.ts";
import { sha256Hex, webVerify, withSha256 } from "./web-crypto.ts";

export interface Shown {
  readonly text: string;
  readonly pdf?: Uint8Array;
}

export type AskGateway = (
  shown: { readonly text: string; readonly pdfSha256?: string },
  signal: AbortSignal,
) => Promise<PaperCheckAnswer>;

export type Outcome =
  | { readonly by: "gateway"; readonly answer: PaperCheckAnswer }
  /** `gateway`: whether one was asked and did not answer. */
  | { readonly by: "keys"; readonly verdict: PaperVerdict; readonly gateway: "none" | "away" }
  /** The browser can't check signatures. */
  | { readonly by: "nobody" };

export interface Checker {
  readonly keys: readonly VerifierKey[];
  readonly ask?: AskGateway;
  /** True when this failure means that the gateway could not be reached. */
  readonly isAway?: (error: unknown) => boolean;
}

export async function check(shown: Shown, checker: Checker, signal: AbortSignal): Promise<Outcome> {
  const { keys, ask, isAway } = checker;
  if (ask !== undefined)
    try {
      const pdf = shown.pdf === undefined ? {} : { pdfSha256: await sha256Hex(shown.pdf) };
      return { by: "gateway", answer: await ask({ text: shown.text, ...pdf }, signal) };
    } catch (error) {
      if (isAway?.(error) !== true) throw error;
    }
  try {
    const verdict = await withSha256((sha256) => verdictOnPaper(shown, { keys, sha256, verify: webVerify }));
    return { by: "keys", verdict, gateway: ask === undefined ? "none" : "away" };
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return { by: "nobody" };
    throw error;
  }
}
