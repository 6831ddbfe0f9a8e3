/**
 * What client and signer process say to each other: JSON, one message per line, over a Unix socket.
 * Invariant: a line is bounded and every field is checked before it is used, on both sides.
 */
import { fromBase64, toBase64 } from "../evidence/bytes.ts";
import { checkOrigin } from "../evidence/checkpoint.ts";
import { MAX_PROOF_HASHES } from "../evidence/merkle/check-proof.ts";
import { HASH_BYTES } from "../evidence/suite.ts";
import type { TreeToSign } from "../evidence/tree-signer.ts";
import { NOTE_ED25519, NOTE_SM2, type VerifierKey } from "../evidence/verifier-key.ts";

/** A request with two full proofs is below 8 KiB, an answer with a note below 2 KiB. */
const MAX_LINE_BYTES = 16_384;
/** The first line names the keys of every log. */
export const MAX_READY_BYTES = 1_048_576;
const MAX_TURN_KEYS = 2;
const MAX_VKEY_CHARS = 512;

export type SignerKeyType = typeof NOTE_ED25519 | typeof NOTE_SM2;
export type SignerKey = Pick<VerifierKey, "publicKey"> & { readonly type: SignerKeyType };

export type SignerRequest =
  | { readonly id: number; readonly op: "sign"; readonly tree: TreeToSign }
  | { readonly id: number; readonly op: "last"; readonly origin: string }
  /** The keys that signed this log, oldest first; those in force where none did. */
  | { readonly id: number; readonly op: "keys"; readonly origin: string }
  /** The keys that are to take over, made if there are none. */
  | { readonly id: number; readonly op: "nextKeys"; readonly origin: string };

export type SignerRefusal = "evidence.signerOutOfStep" | "evidence.signerRefused";

export type SignerAnswer =
  /** `note` is absent when nothing was signed under the origin yet. */
  | {
      readonly id: number;
      readonly ok: true;
      readonly note?: string;
      readonly keys?: readonly SignerKey[];
    }
  /** `size` is what the signer signed last. */
  | {
      readonly id: number;
      readonly ok: false;
      readonly code: SignerRefusal;
      readonly size: number;
      readonly why: string;
    };

/** First line on the process's standard output, once the socket listens. */
export interface SignerReady {
  /** In force, Ed25519 first. */
  readonly keys: readonly SignerKey[];
  /** Logs that were signed, each with all of its keys, oldest first. */
  readonly logs: readonly { readonly origin: string; readonly keys: readonly SignerKey[] }[];
  readonly keyCreated: boolean;
  readonly stateLost: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(line: string): Fields {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch (cause) {
    throw new RangeError("a line is not JSON", { cause });
  }
  if (typeof raw !== "object" || raw === null) throw new RangeError("a line is not an object");
  return raw as Fields;
}

function text(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== "string") throw new RangeError(`${key} is not text`);
  return value;
}

function whole(fields: Fields, key: string): number {
  const value = fields[key];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${key} is not a whole number`);
  return value;
}

const base64Of = (hashes: readonly Uint8Array[]): string[] => hashes.map((hash) => toBase64(hash));

export function formatRequest(request: SignerRequest): string {
  if (request.op !== "sign") return `${JSON.stringify(request)}\n`;
  const { id, op, tree } = request;
  const { origin, size, fromSize, national, turnTo } = tree;
  return `${JSON.stringify({
    id,
    op,
    origin,
    size,
    root: toBase64(tree.root),
    fromSize,
    proof: base64Of(tree.proof),
    ...(national === undefined
      ? {}
      : { sm3Root: toBase64(national.root), sm3Proof: base64Of(national.proof) }),
    ...(turnTo === undefined ? {} : { turnTo }),
  })}\n`;
}

function texts(fields: Fields, key: string, most: number): readonly string[] {
  const value = fields[key];
  if (!Array.isArray(value) || value.length > most) throw new RangeError(`${key} is not a list`);
  return value.map((one: unknown) => {
    if (typeof one !== "string") throw new RangeError(`${key} is not a list of text`);
    return one;
  });
}

const hashes = (fields: Fields, key: string): Uint8Array[] =>
  texts(fields, key, MAX_PROOF_HASHES).map((hash) => fromBase64(hash));

function hash(fields: Fields, key: string): Uint8Array {
  const value = fromBase64(text(fields, key));
  if (value.length !== HASH_BYTES) throw new RangeError("a root is 32 bytes");
  return value;
}

/** Throws RangeError on anything else than a request. */
export function parseRequest(line: string): SignerRequest {
  const fields = fieldsOf(line);
  const id = whole(fields, "id");
  const origin = text(fields, "origin");
  checkOrigin(origin);
  const { op } = fields;
  if (op === "last" || op === "keys" || op === "nextKeys") return { id, op, origin };
  if (op !== "sign") throw new RangeError("op is unknown");
  const turnTo = fields["turnTo"] === undefined ? undefined : texts(fields, "turnTo", MAX_TURN_KEYS);
  if (turnTo?.some((vkey) => vkey.length > MAX_VKEY_CHARS) === true)
    throw new RangeError("a verifier key is too long");
  return {
    id,
    op,
    tree: {
      origin,
      size: whole(fields, "size"),
      root: hash(fields, "root"),
      fromSize: whole(fields, "fromSize"),
      proof: hashes(fields, "proof"),
      ...(fields["sm3Root"] === undefined
        ? {}
        : { national: { root: hash(fields, "sm3Root"), proof: hashes(fields, "sm3Proof") } }),
      ...(turnTo === undefined ? {} : { turnTo }),
    },
  };
}

const keyFields = ({ type, publicKey }: SignerKey): { type: number; publicKey: string } => ({
  type,
  publicKey: toBase64(publicKey),
});

/** Throws RangeError unless the value is a list of keys as `keyFields` writes them. */
export function parseKeys(raw: unknown): readonly SignerKey[] {
  if (!Array.isArray(raw)) throw new RangeError("not a list of keys");
  return raw.map((one: unknown) => {
    if (typeof one !== "object" || one === null) throw new RangeError("not a key");
    const fields = one as Fields;
    const { type } = fields;
    if (type !== NOTE_ED25519 && type !== NOTE_SM2) throw new RangeError("a key of an unknown type");
    return { type, publicKey: fromBase64(text(fields, "publicKey")) };
  });
}

export function formatKeys(keys: readonly SignerKey[]): readonly object[] {
  return keys.map(keyFields);
}

export function formatAnswer(answer: SignerAnswer): string {
  if (!answer.ok || answer.keys === undefined) return `${JSON.stringify(answer)}\n`;
  return `${JSON.stringify({ ...answer, keys: formatKeys(answer.keys) })}\n`;
}

/** Throws RangeError on anything else than an answer. */
export function parseAnswer(line: string): SignerAnswer {
  const fields = fieldsOf(line);
  const id = whole(fields, "id");
  if (fields["ok"] === true)
    return {
      id,
      ok: true,
      ...(fields["note"] === undefined ? {} : { note: text(fields, "note") }),
      ...(fields["keys"] === undefined ? {} : { keys: parseKeys(fields["keys"]) }),
    };
  const code = text(fields, "code");
  if (code !== "evidence.signerOutOfStep" && code !== "evidence.signerRefused")
    throw new RangeError("code is unknown");
  return { id, ok: false, code, size: whole(fields, "size"), why: text(fields, "why") };
}

export function formatReady(ready: SignerReady): string {
  const logs = ready.logs.map(({ origin, keys }) => ({ origin, keys: formatKeys(keys) }));
  return `${JSON.stringify({ ...ready, keys: formatKeys(ready.keys), logs })}\n`;
}

/** Throws RangeError on anything else. */
export function parseReady(line: string): SignerReady {
  const fields = fieldsOf(line);
  const { logs } = fields;
  if (!Array.isArray(logs)) throw new RangeError("not a signer's first line");
  return {
    keys: parseKeys(fields["keys"]),
    logs: logs.map((one: unknown) => {
      if (typeof one !== "object" || one === null) throw new RangeError("not a log's keys");
      return { origin: text(one as Fields, "origin"), keys: parseKeys((one as Fields)["keys"]) };
    }),
    keyCreated: fields["keyCreated"] === true,
    stateLost: fields["stateLost"] === true,
  };
}

/**
 * Cuts a byte stream into lines. Returns the function to feed; it throws RangeError when a line grows over the
 * bound, after which the stream has to be dropped.
 */
export function lineCutter(
  onLine: (line: string) => void,
  maxBytes: number = MAX_LINE_BYTES,
): (chunk: Buffer) => void {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let end = held.indexOf(10); end >= 0; end = held.indexOf(10)) {
      if (end > maxBytes) break;
      const line = held.toString("utf8", 0, end);
      held = held.subarray(end + 1);
      onLine(line);
    }
    if (held.length > maxBytes) throw new RangeError("a line is over its bound");
  };
}
