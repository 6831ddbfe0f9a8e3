/**
 * Claim codes: 8 digits, said once, kept as a keyed hash. Invariant: without the gateway's secret nobody can try
 * codes against the log, and the code itself is in no entry, no view and no paper's stored bytes.
 */
import { createHmac } from "node:crypto";
import type { Random } from "./ports.ts";

const DIGITS = 8;
const CODES = 10 ** DIGITS;
const RANDOM_BYTES = 4;
/** Largest multiple of the number of codes that fits, so that every code is equally likely. */
const FAIR_BELOW = Math.floor(2 ** 32 / CODES) * CODES;

export function drawClaimCode(random: Random): string {
  for (;;) {
    const bytes = random.bytes(RANDOM_BYTES);
    const value = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
    if (value < FAIR_BELOW) return String(value % CODES).padStart(DIGITS, "0");
  }
}

export function isClaimCode(code: string): boolean {
  return /^\d{8}$/.test(code);
}

/** Hex HMAC-SHA-256 under the gateway's secret. */
export function claimCodeHash(secret: Uint8Array, code: string): string {
  return createHmac("sha256", secret).update(`claim-code\n${code}`).digest("hex");
}
