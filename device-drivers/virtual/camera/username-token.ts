/** The answering side of WS-UsernameToken with a password digest (OASIS WSS UsernameToken Profile 1.0, 3.1). */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Account } from "./digest.ts";

export interface TokenGate {
  /** `envelope` is the whole SOAP request. */
  check(envelope: string): "ok" | "missing" | "wrong" | "clock";
}

const MOST_NONCES = 10_000;

/** `nowMs` is the camera's own clock; a token older or newer than `toleranceMs` by it is refused. */
export function tokenGate(account: Account, nowMs: () => number, toleranceMs: number): TokenGate {
  const used = new Set<string>();
  return {
    check(envelope) {
      const user = text(envelope, "Username");
      const digest = text(envelope, "Password");
      const nonce = text(envelope, "Nonce");
      const created = text(envelope, "Created");
      if (user === undefined || digest === undefined || nonce === undefined || created === undefined)
        return "missing";
      if (Math.abs(Date.parse(created) - nowMs()) > toleranceMs) return "clock";
      const expected = createHash("sha1")
        .update(
          Buffer.concat([Buffer.from(nonce, "base64"), Buffer.from(created), Buffer.from(account.password)]),
        )
        .digest();
      const given = Buffer.from(digest, "base64");
      if (user !== account.user || given.length !== expected.length || !timingSafeEqual(given, expected))
        return "wrong";
      if (used.has(nonce)) return "wrong";
      used.add(nonce);
      for (const old of used) {
        if (used.size <= MOST_NONCES) break;
        used.delete(old);
      }
      return "ok";
    },
  };
}

/** Text of the first element with this local name, entities undone. */
function text(xml: string, name: string): string | undefined {
  const found = new RegExp(`<(?:[\\w-]+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(xml)?.[1];
  return found
    ?.replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&")
    .trim();
}
