/** The gateway as who checks papers, with its public keys for when it does not answer. */
import { type VerifierKey, parseVerifierKey } from "../../gateway/evidence/verifier-key.ts";
import { ApiFailure, GATEWAY_AWAY, call } from "../api.ts";
import type { Checker } from "./check.ts";

function known(text: string): readonly VerifierKey[] {
  try {
    return [parseVerifierKey(text)];
  } catch (error) {
    // A kind of key that this page does not know yet: the gateway itself still checks by it.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

export function keysOf(texts: readonly string[]): readonly VerifierKey[] {
  return texts.flatMap(known);
}

/** Asks the gateway for its keys once; without an answer the checker has none. */
export async function gatewayChecker(signal: AbortSignal): Promise<Checker> {
  const asking: Checker = {
    keys: [],
    ask: ({ text, pdfSha256 }, asked) =>
      call("POST /api/papers/check", {
        body: { text, ...(pdfSha256 === undefined ? {} : { pdfSha256: pdfSha256 as never }) },
        signal: asked,
      }),
    isAway: (error) => error instanceof ApiFailure && error.code === GATEWAY_AWAY,
  };
  try {
    const { verifierKeys } = await call("GET /log", { signal });
    return { ...asking, keys: keysOf(verifierKeys) };
  } catch (error) {
    if (error instanceof ApiFailure) return asking;
    throw error;
  }
}
