/**
 * Basic (RFC 7617) and digest (RFC 2617, RFC 7616: MD5, SHA-256, their -sess forms, qop auth) answers.
 * Invariant: the strongest scheme that the camera offers is used; a password never appears in an error.
 */
import { createHash } from "node:crypto";
import type { RtspCredentials } from "./url.ts";

export interface Challenge {
  readonly scheme: "digest" | "basic";
  readonly parameters: ReadonlyMap<string, string>;
}

const ALGORITHMS: Readonly<Record<string, { readonly hash: string; readonly session: boolean }>> = {
  md5: { hash: "md5", session: false },
  "md5-sess": { hash: "md5", session: true },
  "sha-256": { hash: "sha256", session: false },
  "sha-256-sess": { hash: "sha256", session: true },
};

/** Parses one WWW-Authenticate value; undefined for schemes that are not known. */
export function parseChallenge(value: string): Challenge | undefined {
  const match = /^\s*(digest|basic)\b\s*(.*)$/is.exec(value);
  const scheme = match?.[1]?.toLowerCase();
  if (scheme !== "digest" && scheme !== "basic") return undefined;
  const parameters = new Map<string, string>();
  // Quoted values may hold commas and '='; a nonce often ends in '='.
  for (const part of (match?.[2] ?? "").matchAll(/([a-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/gi))
    parameters.set((part[1] ?? "").toLowerCase(), part[2]?.replace(/\\(.)/g, "$1") ?? part[3] ?? "");
  return { scheme, parameters };
}

function strength(challenge: Challenge): number {
  if (challenge.scheme === "basic") return 1;
  const algorithm = ALGORITHMS[(challenge.parameters.get("algorithm") ?? "MD5").toLowerCase()];
  if (algorithm === undefined || challenge.parameters.get("nonce") === undefined) return 0;
  return algorithm.hash === "sha256" ? 3 : 2;
}

/** Picks the strongest answerable challenge; undefined when there is none. */
export function chooseChallenge(values: readonly string[]): Challenge | undefined {
  return values
    .map(parseChallenge)
    .filter((challenge) => challenge !== undefined)
    .filter((challenge) => strength(challenge) > 0)
    .toSorted((a, b) => strength(b) - strength(a))[0];
}

/** Makes Authorization values for one challenge; counts its uses as digest wants it. */
export class Authenticator {
  readonly #challenge: Challenge;
  readonly #credentials: RtspCredentials;
  readonly #clientNonce: string;
  #uses = 0;

  constructor(challenge: Challenge, credentials: RtspCredentials, clientNonce: string) {
    this.#challenge = challenge;
    this.#credentials = credentials;
    this.#clientNonce = clientNonce;
  }

  authorization(method: string, uri: string): string {
    const { user, password } = this.#credentials;
    if (this.#challenge.scheme === "basic")
      return `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
    return this.#digest(method, uri, user, password);
  }

  #digest(method: string, uri: string, user: string, password: string): string {
    const given = this.#challenge.parameters;
    const algorithmName = given.get("algorithm");
    const algorithm = ALGORITHMS[(algorithmName ?? "MD5").toLowerCase()] ?? { hash: "md5", session: false };
    const hash = (text: string): string => createHash(algorithm.hash).update(text, "utf8").digest("hex");
    const realm = given.get("realm") ?? "";
    const nonce = given.get("nonce") ?? "";
    const qop = given
      .get("qop")
      ?.split(",")
      .some((word) => word.trim().toLowerCase() === "auth");
    this.#uses += 1;
    const count = this.#uses.toString(16).padStart(8, "0");
    const ha1 = hash(`${user}:${realm}:${password}`);
    const secret = algorithm.session ? hash(`${ha1}:${nonce}:${this.#clientNonce}`) : ha1;
    const ha2 = hash(`${method}:${uri}`);
    const response =
      qop === true
        ? hash(`${secret}:${nonce}:${count}:${this.#clientNonce}:auth:${ha2}`)
        : hash(`${secret}:${nonce}:${ha2}`);
    const fields = [
      `username="${quoted(user)}"`,
      `realm="${quoted(realm)}"`,
      `nonce="${quoted(nonce)}"`,
      `uri="${uri}"`,
      `response="${response}"`,
    ];
    const opaque = given.get("opaque");
    if (algorithmName !== undefined) fields.push(`algorithm=${algorithmName}`);
    if (opaque !== undefined) fields.push(`opaque="${quoted(opaque)}"`);
    if (qop === true) fields.push("qop=auth", `nc=${count}`, `cnonce="${this.#clientNonce}"`);
    else if (algorithm.session) fields.push(`cnonce="${this.#clientNonce}"`);
    return `Digest ${fields.join(", ")}`;
  }
}

/** Backslash and quote escaped; line breaks, which would end the header, removed. */
function quoted(text: string): string {
  return text.replace(/[\r\n]/g, "").replace(/["\\]/g, "\\$&");
}
