/**
 * The documents of the counter: drafted before issue, finished after it, shown, handed out as stored bytes, printed.
 * Invariant: a document that is issued can always be finished later; nothing in here can take an issue back.
 */
import { CodedError, type ErrorCode } from "../domain/errors.ts";
import type { ContentLang, DocumentContent } from "../domain/document-content.ts";
import { type DocumentDraft, parseDocumentRecord } from "../domain/document-record.ts";
import type { DocumentFacts } from "../domain/document.ts";
import type { DocumentId, EntryRef } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { PaperTrust } from "../evidence/paper-verdict.ts";
import { type ClaimCodes, createClaimCodes } from "./claim-codes.ts";
import { documentContent } from "./content/content.ts";
import { type FinishedDocument, draftDocument, finishDocument, sha256Of } from "./finish.ts";
import { type IssuedDocument, issued, issuedProjection } from "./issued.ts";
import {
  type CheckedPaper,
  type IsSealed,
  type PaperCheck,
  type PaperCheckParts,
  checkPaper,
} from "./paper-check.ts";
import type { Append, Checkpoints, LogReader, PaperLog, QrText, Views } from "./ports.ts";
import { type ReceiptMaker, digitalReceipt } from "./receipts.ts";
import { type PrintOutcome, type PrintRequest, printDocument } from "./print.ts";
import { recentDrafts } from "./recent-drafts.ts";
import type { Renderer } from "./renderer/renderer.ts";

export interface DocumentsParts {
  readonly append: Append;
  readonly reader: LogReader;
  readonly checkpoints: Checkpoints;
  /** The projection is registered by `createDocuments`, so that has to come before the store catches up. */
  readonly views: Views;
  readonly renderer: Renderer;
  readonly clock: Clock;
  readonly qrText: QrText;
  readonly log: PaperLog;
  /** Whom a paper's seal is checked against. */
  readonly trust: () => PaperTrust;
  readonly standing: PaperCheckParts["standing"];
  readonly cosigned: ReceiptMaker["cosigned"];
  readonly onDisagreement: PaperCheckParts["onDisagreement"];
}

export interface StoredPdf {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly number: string;
}

export interface FinishReport {
  readonly finished: number;
  /** Left for the next start; the documents are issued all the same. */
  readonly failed: readonly { readonly documentId: DocumentId; readonly code: ErrorCode | "internal" }[];
}

export interface Documents {
  /** Typesets facts without issuing them. Throws `documents.incomplete`, `characterNotShown`, renderer codes. */
  draft(facts: DocumentFacts): Promise<DocumentDraft>;
  /** What the clerk and the applicant read before issue. */
  content(facts: DocumentFacts, lang: ContentLang): DocumentContent;
  /**
   * Makes the rendition of an issued `document` entry and resolves once it is durable. A claim code given here is
   * kept in memory alone, for the first slip that comes out (or 15 minutes).
   */
  finish(ref: EntryRef, secret?: { readonly claimCode: string }): Promise<FinishedDocument>;
  /** Finishes whatever a crash left between `document` and `rendition`; for the start, after the views caught up. */
  finishPending(): Promise<FinishReport>;
  find(id: DocumentId): Promise<IssuedDocument | undefined>;
  findByNumber(number: string): Promise<IssuedDocument | undefined>;
  /** Entries that still hold what this `document` entry says: its rendition, until that is erased. */
  copiesOf(ref: EntryRef): Promise<readonly EntryRef[]>;
  /** Issued but without a rendition, or with a last print that did not end well (I13). */
  waiting(why: "pending" | "unprinted"): Promise<readonly IssuedDocument[]>;
  /** The stored bytes, hash checked. Throws `documents.noSuchDocument`, `documents.notFinished`, `evidence.*`. */
  pdf(id: DocumentId): Promise<StoredPdf>;
  /** The digital receipt (C2SP tlog-proof). Throws `documents.noSuchDocument`, `store.signerAway`. */
  receipt(id: DocumentId): Promise<string>;
  /** Anybody's question whether a paper is genuine, unchanged and in force. Throws no code of its own. */
  check(shown: CheckedPaper, isSealed: IsSealed): Promise<PaperCheck>;
  preview(id: DocumentId, lang: ContentLang): Promise<DocumentContent>;
  /** Throws `documents.numberVoid`: nobody is handed a slip with a number that was made void. */
  assertPrintable(id: DocumentId): Promise<void>;
  /**
   * Throws `documents.numberVoid`, `documents.printBusy`, `documents.notFinished`, `documents.printFailed`; the
   * document stays issued.
   */
  print(id: DocumentId, request: PrintRequest): Promise<PrintOutcome>;
  /** Ends what is under way; the renderer belongs to whoever made it. */
  close(): Promise<void>;
}

export function createDocuments(parts: DocumentsParts): Documents {
  const view = issued(parts.views.register(issuedProjection));
  const claimCodes: ClaimCodes = createClaimCodes(parts.clock);
  const drafts = recentDrafts();
  const finishing = new Map<string, Promise<FinishedDocument>>();
  const printing = new Map<DocumentId, Promise<PrintOutcome>>();

  const needed = async (id: DocumentId): Promise<IssuedDocument> => {
    const row = await view.byId(id);
    if (row === undefined) throw new CodedError("documents.noSuchDocument");
    return row;
  };

  const finish = (ref: EntryRef): Promise<FinishedDocument> => {
    const key = `${ref.logId}/${ref.seq}`;
    const running = finishing.get(key);
    if (running !== undefined) return running;
    const fresh = finishDocument({ ...parts, drafts }, view, ref).finally(() => finishing.delete(key));
    finishing.set(key, fresh);
    return fresh;
  };

  const printable = async (id: DocumentId): Promise<IssuedDocument> => {
    const row = await needed(id);
    if ((await parts.standing(row)) === "voided")
      throw new CodedError("documents.numberVoid", { number: row.number });
    return row;
  };

  const print = async (id: DocumentId, request: PrintRequest): Promise<PrintOutcome> => {
    const row = await printable(id);
    const kept = request.claimCode ?? claimCodes.peek(id);
    const outcome = await printDocument(parts, row, {
      ...request,
      ...(kept === undefined ? {} : { claimCode: kept }),
    });
    claimCodes.forget(id);
    return outcome;
  };

  return {
    draft: (facts) => draftDocument({ renderer: parts.renderer, drafts }, facts),
    content: documentContent,
    finish: async (ref, secret) => {
      if (secret !== undefined) {
        // Kept first, so that a rendition that fails and is made later still finds the code for its slip.
        await parts.views.applied(ref);
        const row = await view.byRef(ref);
        if (row !== undefined) claimCodes.keep(row.documentId, secret.claimCode);
      }
      return finish(ref);
    },
    finishPending: async () => {
      const failed: { documentId: DocumentId; code: ErrorCode | "internal" }[] = [];
      let count = 0;
      for (const row of await view.waiting("pending")) {
        try {
          await finish(row.document);
          count += 1;
        } catch (error) {
          failed.push({
            documentId: row.documentId,
            code: error instanceof CodedError ? error.code : "internal",
          });
        }
      }
      return { finished: count, failed };
    },
    find: (id) => view.byId(id),
    findByNumber: (number) => view.byNumber(number),
    copiesOf: async (ref) => {
      const rendition = (await view.byRef(ref))?.rendition;
      if (rendition === undefined) return [];
      try {
        await parts.reader.readRecord(rendition);
        return [{ logId: rendition.logId, seq: rendition.seq }];
      } catch (error) {
        if (error instanceof CodedError && error.code === "evidence.bodyMissing") return [];
        throw error;
      }
    },
    waiting: (why) => view.waiting(why),
    pdf: async (id) => {
      const { rendition, number } = await needed(id);
      if (rendition === undefined) throw new CodedError("documents.notFinished");
      const { body } = await parts.reader.readRecord(rendition);
      const bytes = body.attachment ?? new Uint8Array();
      if (sha256Of(bytes) !== rendition.sha256) throw new CodedError("evidence.bodyCorrupt");
      return { bytes, sha256: rendition.sha256, number };
    },
    receipt: async (id) => digitalReceipt(parts, await needed(id)),
    check: (shown, isSealed) => checkPaper({ ...parts, issued: view }, shown, isSealed),
    preview: async (id, lang) => {
      const { document } = await needed(id);
      const { body } = await parts.reader.readRecord(document);
      return documentContent(parseDocumentRecord(body.json).facts, lang);
    },
    assertPrintable: async (id) => void (await printable(id)),
    print: (id, request) => {
      if (printing.has(id)) return Promise.reject(new CodedError("documents.printBusy"));
      const job = print(id, request).finally(() => printing.delete(id));
      printing.set(id, job);
      return job;
    },
    close: async () => {
      await Promise.allSettled([...finishing.values(), ...printing.values()]);
      claimCodes.clear();
    },
  };
}
