/** The answering side of digest access authentication (RFC 2617, RFC 7616), for RTSP and the snapshot. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

export interface Account {
  readonly user: string;
  readonly password: string;
}

export type DigestAlgorithm = "MD5" | "SHA-256";

export interface DigestGate {
  /** Values of WWW-Authenticate, one header each. */
  challenge(stale: boolean): string[];
  check(method: string, authorization: string | undefined): "ok" | "stale" | "wrong";
}

const NONCE_LIFE_MS = 10 * 60_000;
const MOST_NONCES = 1000;

export function digestGate(
  account: Account,
  realm: string,
  algorithms: readonly DigestAlgorithm[],
): DigestGate {
  const nonces = new Map<string, number>();
  return {
    challenge(stale) {
      const nonce = randomBytes(16).toString("hex");
      nonces.set(nonce, Date.now() + NONCE_LIFE_MS);
      for (const old of nonces.keys()) {
        if (nonces.size <= MOST_NONCES) break;
        nonces.delete(old);
      }
      const staleness = stale ? ", stale=true" : "";
      return algorithms.map(
        (algorithm) =>
          `Digest realm="${realm}", nonce="${nonce}", qop="auth", algorithm=${algorithm}${staleness}`,
      );
    },
    check(method, authorization) {
      if (authorization === undefined || !/^digest /i.test(authorization)) return "wrong";
      const given = parameters(authorization.slice(7));
      const algorithm = (given.get("algorithm") ?? "MD5").toUpperCase();
      const known = algorithms.find((one) => one === algorithm);
      if (known === undefined || given.get("username") !== account.user || given.get("realm") !== realm)
        return "wrong";
      const nonce = given.get("nonce") ?? "";
      const hash = (text: string): string =>
        createHash(known === "MD5" ? "md5" : "sha256")
          .update(text)
          .digest("hex");
      const a1 = hash(`${account.user}:${realm}:${account.password}`);
      const a2 = hash(`${method}:${given.get("uri") ?? ""}`);
      const qop = given.get("qop");
      const expected =
        qop === undefined
          ? hash(`${a1}:${nonce}:${a2}`)
          : hash(`${a1}:${nonce}:${given.get("nc") ?? ""}:${given.get("cnonce") ?? ""}:${qop}:${a2}`);
      const response = Buffer.from(given.get("response") ?? "");
      if (response.length !== expected.length || !timingSafeEqual(response, Buffer.from(expected)))
        return "wrong";
      return (nonces.get(nonce) ?? 0) > Date.now() ? "ok" : "stale";
    },
  };
}

function parameters(text: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const match of text.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g))
    out.set((match[1] ?? "").toLowerCase(), match[2] ?? match[3] ?? "");
  return out;
}
