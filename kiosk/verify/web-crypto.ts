/**
 * The browser's own cryptography in the forms the evidence code takes. Invariant: no digest and no signature is
 * computed by a script of ours; where the browser can't, nothing is called genuine or altered.
 */
import type { Sha256, VerifyEd25519 } from "../../gateway/evidence/suite.ts";

/** A digest that the code under `withSha256` wants and that is not computed yet. */
class Wanted extends Error {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    super("a digest is awaited");
    this.bytes = bytes;
  }
}

/** Above the digests of any receipt: two proofs of at most 63 hashes, their leaves, a PDF. */
const MOST_DIGESTS = 256;

async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
}

/**
 * Runs code that wants a digest at once, although the browser only promises one: where one is missing the code ends,
 * the digest is computed, and the code runs again. It must ask the same on every run, which pure code does.
 */
export async function withSha256<T>(run: (sha256: Sha256) => Promise<T>): Promise<T> {
  const known: Uint8Array[] = [];
  for (;;) {
    let asked = 0;
    const sha256: Sha256 = (bytes) => {
      const found = known[asked++];
      if (found === undefined) throw new Wanted(bytes);
      return found;
    };
    try {
      return await run(sha256);
    } catch (error) {
      if (!(error instanceof Wanted) || known.length >= MOST_DIGESTS) throw error;
      known.push(await digest(error.bytes));
    }
  }
}

/** Throws where the browser has no Ed25519: that says nothing of a signature. */
export const webVerify: VerifyEd25519 = async ({ publicKey, message, signature }) => {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(publicKey), "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, new Uint8Array(signature), new Uint8Array(message));
};

export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return Array.from(await digest(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
