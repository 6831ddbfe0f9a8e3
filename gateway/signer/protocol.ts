/**
 * What client and signer process say to each other: JSON, one message per line, over a Unix socket.
 * Invariant: a line is bounded and every field is checked before it is used, on both sides.
 */
import { fromBase64, toBase64 } from "../evidence/bytes.ts";
import { checkOrigin } from "../evidence/checkpoint.ts";
import { MAX_PROOF_HASHES } from "../evidence/merkle/check-proof.ts";
import { HASH_BYTES } from "../evidence/suite.ts";
import type { TreeToSign } from "../evidence/tree-signer.ts";

/** A request with a full proof is below 4 KiB, an answer with a note below 1 KiB. */
export const MAX_LINE_BYTES = 16_384;

export type SignerRequest =
  | { readonly id: number; readonly op: "sign"; readonly tree: TreeToSign }
  | { readonly id: number; readonly op: "last"; readonly origin: string };

export type SignerRefusal = "evidence.signerOutOfStep" | "evidence.signerRefused";

export type SignerAnswer =
  /** `note` is absent when nothing was signed under the origin yet. */
  | { readonly id: number; readonly ok: true; readonly note?: string }
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
  readonly publicKey: Uint8Array;
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

export function formatRequest(request: SignerRequest): string {
  if (request.op === "last") return `${JSON.stringify(request)}\n`;
  const { id, op, tree } = request;
  const { origin, size, fromSize } = tree;
  const proof = tree.proof.map((hash) => toBase64(hash));
  return `${JSON.stringify({ id, op, origin, size, root: toBase64(tree.root), fromSize, proof })}\n`;
}

/** Throws RangeError on anything else than a request. */
export function parseRequest(line: string): SignerRequest {
  const fields = fieldsOf(line);
  const id = whole(fields, "id");
  const origin = text(fields, "origin");
  checkOrigin(origin);
  if (fields["op"] === "last") return { id, op: "last", origin };
  if (fields["op"] !== "sign") throw new RangeError("op is unknown");
  const proof = fields["proof"];
  if (!Array.isArray(proof) || proof.length > MAX_PROOF_HASHES) throw new RangeError("proof is not a proof");
  const hashes = proof.map((hash: unknown) => {
    if (typeof hash !== "string") throw new RangeError("proof is not a proof");
    return fromBase64(hash);
  });
  const root = fromBase64(text(fields, "root"));
  if (root.length !== HASH_BYTES) throw new RangeError("a root is 32 bytes");
  return {
    id,
    op: "sign",
    tree: {
      origin,
      size: whole(fields, "size"),
      root,
      fromSize: whole(fields, "fromSize"),
      proof: hashes,
    },
  };
}

export function formatAnswer(answer: SignerAnswer): string {
  return `${JSON.stringify(answer)}\n`;
}

/** Throws RangeError on anything else than an answer. */
export function parseAnswer(line: string): SignerAnswer {
  const fields = fieldsOf(line);
  const id = whole(fields, "id");
  if (fields["ok"] === true)
    return fields["note"] === undefined ? { id, ok: true } : { id, ok: true, note: text(fields, "note") };
  const code = text(fields, "code");
  if (code !== "evidence.signerOutOfStep" && code !== "evidence.signerRefused")
    throw new RangeError("code is unknown");
  return { id, ok: false, code, size: whole(fields, "size"), why: text(fields, "why") };
}

export function formatReady(ready: SignerReady): string {
  return `${JSON.stringify({ ...ready, publicKey: toBase64(ready.publicKey) })}\n`;
}

/** Throws RangeError on anything else. */
export function parseReady(line: string): SignerReady {
  const fields = fieldsOf(line);
  return {
    publicKey: fromBase64(text(fields, "publicKey")),
    keyCreated: fields["keyCreated"] === true,
    stateLost: fields["stateLost"] === true,
  };
}

/**
 * Cuts a byte stream into lines. Returns the function to feed; it throws RangeError when a line grows over the
 * bound, after which the stream has to be dropped.
 */
export function lineCutter(onLine: (line: string) => void): (chunk: Buffer) => void {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let end = held.indexOf(10); end >= 0; end = held.indexOf(10)) {
      if (end > MAX_LINE_BYTES) break;
      const line = held.toString("utf8", 0, end);
      held = held.subarray(end + 1);
      onLine(line);
    }
    if (held.length > MAX_LINE_BYTES) throw new RangeError("a line is over its bound");
  };
}
