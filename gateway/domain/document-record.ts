/**
 * The body of a `document` entry: the legal act of issuing. The intake writes it, the documents complete it.
 * Invariant: facts, template and the hash of the PDF with an empty QR box are fixed together at issue (I9).
 */
import type { DocumentFacts } from "./document.ts";
import {
  type ApplicationId,
  type DocumentId,
  type Sha256Hex,
  applicationId,
  documentId,
  sha256Hex,
} from "./ids.ts";

/** What typesetting the facts gave, before they are issued. */
export type DocumentDraft = {
  /** Which template, engine and fonts made it; the same facts and version give the same bytes. */
  readonly templateVersion: string;
  /** SHA-256 of the PDF with an empty QR box. */
  readonly sha256: Sha256Hex;
  readonly sizeBytes: number;
};

export type DocumentRecord = {
  readonly v: 1;
  readonly documentId: DocumentId;
  readonly applicationId: ApplicationId;
  /** Same as in the facts; here so that a view needs no facts. */
  readonly number: string;
  readonly kind: DocumentFacts["kind"];
  readonly facts: DocumentFacts;
  readonly draft: DocumentDraft;
};

/** The JSON part of a `document` entry's record. */
export function documentRecord(issue: {
  readonly documentId: DocumentId;
  readonly applicationId: ApplicationId;
  readonly facts: DocumentFacts;
  readonly draft: DocumentDraft;
}): DocumentRecord {
  return { v: 1, ...issue, number: issue.facts.number, kind: issue.facts.kind };
}

/** Throws RangeError when the JSON is not a document record; the facts were typed when they were written. */
export function parseDocumentRecord(json: { readonly [key: string]: unknown }): DocumentRecord {
  const { facts, draft } = json;
  if (
    json["v"] !== 1 ||
    typeof facts !== "object" ||
    facts === null ||
    typeof draft !== "object" ||
    draft === null
  )
    throw new RangeError("not a document record");
  const { templateVersion, sha256, sizeBytes } = draft as Record<string, unknown>;
  if (typeof templateVersion !== "string" || typeof sizeBytes !== "number")
    throw new RangeError("a document record has no draft");
  return documentRecord({
    documentId: documentId(String(json["documentId"])),
    applicationId: applicationId(String(json["applicationId"])),
    facts: facts as DocumentFacts,
    draft: { templateVersion, sizeBytes, sha256: sha256Hex(String(sha256)) },
  });
}
