/**
 * The digital receipt of a document: the tlog-proof of its `document` entry, whose extra data leads on to the PDF.
 * Invariant: whoever holds the receipt, the PDF and the log's public key needs nobody to check them; the receipt
 * alone holds no personal data.
 *
 * Extra data, as JSON: `v`, `entry` (the exact bytes of the document's entry), and once the paper is made
 * `rendition`: its index, its exact entry, its inclusion proof in the same tree, and `record`, the record's bytes
 * before its attachment, which is the PDF.
 */
import { concatBytes, equalBytes, fromBase64, fromHex, toBase64 } from "./bytes.ts";
import { logIdOfOrigin } from "./checkpoint.ts";
import { type Entry, decodeEntry } from "./entry.ts";
import type { SignedNote } from "./note.ts";
import { decodeRecord } from "./record.ts";
import type { Sha256 } from "./suite.ts";
import { type TlogProof, checkProofOf, formatTlogProof, parseTlogProof } from "./tlog-proof.ts";

export interface ReceiptEntry {
  readonly index: number;
  /** Exact bytes of the entry. */
  readonly bytes: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

export interface ReceiptParts {
  readonly checkpoint: SignedNote;
  readonly document: ReceiptEntry;
  /** Left out where the paper is not made yet, lies in a later log, or was erased. */
  readonly rendition?: ReceiptEntry & { readonly record: Uint8Array };
}

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

export function formatReceipt({ checkpoint, document, rendition }: ReceiptParts): string {
  const extra = {
    v: 1,
    entry: decoder.decode(document.bytes),
    ...(rendition === undefined
      ? {}
      : {
          rendition: {
            index: rendition.index,
            entry: decoder.decode(rendition.bytes),
            proof: rendition.proof.map(toBase64),
            record: toBase64(rendition.record),
          },
        }),
  };
  return formatTlogProof({
    extra: encoder.encode(JSON.stringify(extra)),
    index: document.index,
    hashes: document.proof,
    checkpoint,
  });
}

/** Throws RangeError unless the text is exactly what `formatReceipt` writes. */
export function parseReceipt(text: string): ReceiptParts {
  const parts = readReceipt(text);
  if (formatReceipt(parts) !== text) throw new RangeError("a receipt is not in canonical form");
  return parts;
}

function readReceipt(text: string): ReceiptParts {
  const { extra, index, hashes, checkpoint } = parseTlogProof(text);
  if (extra === undefined) throw new RangeError("a receipt carries its entry");
  const json = objectOf(parsedJson(extra));
  if (json["v"] !== 1 || typeof json["entry"] !== "string") throw new RangeError("not a receipt");
  const document = { index, bytes: encoder.encode(json["entry"]), proof: hashes };
  if (json["rendition"] === undefined) return { checkpoint, document };
  const { index: at, entry, proof, record } = objectOf(json["rendition"]);
  if (typeof at !== "number" || typeof entry !== "string" || typeof record !== "string")
    throw new RangeError("not a receipt");
  if (!Array.isArray(proof) || !proof.every((hash) => typeof hash === "string"))
    throw new RangeError("not a receipt");
  const rendition = {
    index: at,
    bytes: encoder.encode(entry),
    proof: proof.map(fromBase64),
    record: fromBase64(record),
  };
  return { checkpoint, document, rendition };
}

function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new RangeError("a receipt's extra data is JSON", { cause });
  }
}

function objectOf(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new RangeError("a receipt's extra data is an object");
  return json as Readonly<Record<string, unknown>>;
}

/** What the log proves; that its key is one to believe is for the caller to check first. */
export type ReceiptState =
  | {
      readonly state: "proven";
      readonly document: Entry;
      /** `same`: the PDF is the one that was issued; `other`: it is not; `unknown`: none given, or no rendition. */
      readonly pdf: "same" | "other" | "unknown";
      /** Proven with the PDF alone: without it nobody can tell what the record says. */
      readonly number?: string;
    }
  /** The entries or their way to the root do not fit. */
  | { readonly state: "wrong" };

/** Follows the receipt from the signed root to the PDF. Throws RangeError when an entry is not one. */
export function checkReceipt(
  receipt: ReceiptParts,
  pdf: Uint8Array | undefined,
  sha256: Sha256,
): ReceiptState {
  const { checkpoint, document, rendition } = receipt;
  const provenEntry = ({ index, bytes, proof }: ReceiptEntry, type: Entry["type"]): Entry | undefined => {
    const path: Pick<TlogProof, "index" | "hashes" | "checkpoint"> = { index, hashes: proof, checkpoint };
    if (checkProofOf(path, bytes, sha256) === undefined) return undefined;
    const entry = decodeEntry(bytes);
    return entry.type === type && entry.seq === index ? entry : undefined;
  };
  const entry = provenEntry(document, "document");
  if (entry === undefined) return { state: "wrong" };
  if (rendition === undefined) return { state: "proven", document: entry, pdf: "unknown" };
  const paper = provenEntry(rendition, "rendition");
  if (paper === undefined) return { state: "wrong" };
  if (pdf === undefined) return { state: "proven", document: entry, pdf: "unknown" };
  const body = concatBytes([rendition.record, pdf]);
  if (body.length !== paper.len || !equalBytes(sha256(body), fromHex(paper.sha256)))
    return { state: "proven", document: entry, pdf: "other" };
  const { json } = decodeRecord(body);
  const { document: of, number } = json;
  const logId = logIdOfOrigin(checkpoint.text.slice(0, checkpoint.text.indexOf("\n")));
  const { logId: log, seq: at } = objectOf(of);
  if (log !== logId || at !== document.index || typeof number !== "string") return { state: "wrong" };
  return { state: "proven", document: entry, pdf: "same", number };
}
