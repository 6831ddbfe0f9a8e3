/** SHA-256 by Node, as the pure evidence code wants it. */
import { hash } from "node:crypto";

export function sha256(bytes: Uint8Array): Uint8Array {
  return hash("sha256", bytes, "buffer");
}

/** The same in lower-case hexadecimal, as entries carry it. */
export function sha256Text(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}
