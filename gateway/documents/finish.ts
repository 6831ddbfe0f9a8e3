/**
 * Completes an issued document: checkpoint, QR, final PDF, `rendition` entry (DESIGN 6).
 * Invariant: idempotent; whatever fails in here, the document itself is issued and stays so (I13).
 */
import { createHash } from "node:crypto";
import type { DocumentFacts } from "../domain/document.ts";
import { type DocumentDraft, parseDocumentRecord } from "../domain/document-record.ts";
import { CodedError } from "../domain/errors.ts";
import { type DocumentId, type EntryRef, type Sha256Hex, sha256Hex, streamId } from "../domain/ids.ts";
import { assertComplete } from "./content/complete.ts";
import { documentContent } from "./content/content.ts";
import { DOCUMENTS_STREAM, type Issued, type IssuedDocument, type RenditionRecord } from "./issued.ts";
import type { Append, Checkpoints, LogReader, QrText, Views } from "./ports.ts";
import { qrSvg } from "./qr.ts";
import type { RecentDrafts } from "./recent-drafts.ts";
import type { Rendered, Renderer } from "./renderer/renderer.ts";

export interface FinishParts {
  readonly append: Append;
  readonly reader: LogReader;
  readonly checkpoints: Checkpoints;
  readonly views: Pick<Views, "applied">;
  readonly renderer: Renderer;
  readonly qrText: QrText;
  readonly drafts: RecentDrafts;
}

export interface FinishedDocument {
  readonly documentId: DocumentId;
  readonly number: string;
  readonly sha256: Sha256Hex;
  readonly sizeBytes: number;
}

export function sha256Of(bytes: Uint8Array): Sha256Hex {
  return sha256Hex(createHash("sha256").update(bytes).digest("hex"));
}

/** The page that is the record: Chinese, dated by the facts. */
function typeset(renderer: Renderer, facts: DocumentFacts, qr?: string): Promise<Rendered> {
  const job = { content: documentContent(facts, "zh"), issuedAtMs: facts.issuedAtMs };
  return renderer.pdf(qr === undefined ? job : { ...job, qrSvg: qrSvg(qr) });
}

/** Typesets before issue. Throws `documents.incomplete` and what the renderer throws. */
export async function draftDocument(
  { renderer, drafts }: Pick<FinishParts, "renderer" | "drafts">,
  facts: DocumentFacts,
): Promise<DocumentDraft> {
  assertComplete(facts);
  const draft = await drafted(renderer, facts);
  drafts.remember(facts, draft);
  return draft;
}

async function drafted(renderer: Renderer, facts: DocumentFacts): Promise<DocumentDraft> {
  const { bytes, templateVersion } = await typeset(renderer, facts);
  return { templateVersion, sha256: sha256Of(bytes), sizeBytes: bytes.length };
}

function finished(row: IssuedDocument): FinishedDocument | undefined {
  if (row.rendition === undefined) return undefined;
  const { sha256, sizeBytes } = row.rendition;
  return { documentId: row.documentId, number: row.number, sha256, sizeBytes };
}

/** One rendition for one `document` entry; callers see to it that two never run for the same. */
export async function finishDocument(
  parts: FinishParts,
  issued: Issued,
  ref: EntryRef,
): Promise<FinishedDocument> {
  await parts.views.applied(ref);
  const row = await issued.byRef(ref);
  if (row === undefined) throw new CodedError("documents.noSuchDocument");
  const before = finished(row);
  if (before !== undefined) return before;

  const { body } = await parts.reader.readRecord(ref);
  const { facts, draft } = parseDocumentRecord(body.json);
  const checkpoint = await parts.checkpoints.covering(ref);
  const qr = await parts.qrText(checkpoint, ref);
  // After a restart, or where the record's facts aren't the ones that were typeset, the draft is made once more.
  const again = parts.drafts.take(facts) ?? (await drafted(parts.renderer, facts));
  const final = await typeset(parts.renderer, facts, qr);
  const record: RenditionRecord = {
    v: 1,
    documentId: row.documentId,
    number: row.number,
    document: { logId: ref.logId, seq: ref.seq },
    checkpointSize: checkpoint.size,
    qr,
    templateVersion: final.templateVersion,
    sha256: sha256Of(final.bytes),
    sizeBytes: final.bytes.length,
    draftReproduced: again.sha256 === draft.sha256,
  };
  const [appended] = await parts.append.append([
    {
      type: "rendition",
      stream: streamId(DOCUMENTS_STREAM),
      record: { json: record, attachment: final.bytes },
    },
  ]);
  if (appended === undefined) throw new RangeError("an append of one gave nothing back");
  await parts.views.applied(appended);
  return {
    documentId: row.documentId,
    number: row.number,
    sha256: record.sha256,
    sizeBytes: record.sizeBytes,
  };
}
