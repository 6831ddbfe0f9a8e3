/**
 * "查验文书": is this paper one of this gateway's, is it unchanged, does it still stand. Invariant: an answer tells no
 * more than the paper itself says; facts are told only to who shows the very QR, or the very receipt, of the paper,
 * because everything else of the log is public and could be put together by anybody. Of a sealed matter's paper
 * nothing is told at all, in the words that a paper which isn't ready yet gets.
 */
import { CodedError } from "../domain/errors.ts";
import type { DocumentKind, Wording } from "../domain/document.ts";
import { parseDocumentRecord } from "../domain/document-record.ts";
import { type ApplicationId, type EntryRef, seq } from "../domain/ids.ts";
import type { PaperStanding } from "../domain/intake/standing.ts";
import type { ReadRecord } from "../evidence/append.ts";
import { decodeBodyValue } from "../evidence/body-value.ts";
import { equalBytes } from "../evidence/bytes.ts";
import { logIdOfOrigin } from "../evidence/checkpoint.ts";
import {
  type PaperTrust,
  type PaperVerdict,
  scannedText,
  verdictOnPaper,
} from "../evidence/paper-verdict.ts";
import { parseReceipt } from "../evidence/receipt.ts";
import { headOfRecord } from "../evidence/record.ts";
import type { Issued, IssuedDocument, RenditionRecord } from "./issued.ts";
import type { LogReader, PaperLog } from "./ports.ts";

export interface PaperCheckParts {
  readonly log: PaperLog;
  readonly reader: LogReader;
  readonly issued: Issued;
  readonly trust: () => PaperTrust;
  readonly standing: (paper: IssuedDocument) => Promise<PaperStanding>;
  /** A paper proves another history of this log than the one on the disk. */
  readonly onDisagreement: (origin: string) => void;
}

export interface CheckedPaper {
  /** What was scanned, pasted or read from a file: the line of the QR, or the digital receipt. */
  readonly text: string;
  /** SHA-256 in hex of a PDF that is shown with it. */
  readonly pdfSha256?: string;
}

export type PaperCheck =
  | {
      readonly result: "genuine";
      readonly kind: DocumentKind;
      readonly title: Wording;
      readonly number: string;
      readonly issuedMs: number;
      readonly standing: PaperStanding;
      /** More than one slip of it was printed; from the second on they say 副本. */
      readonly duplicates: boolean;
      readonly pdf: "same" | "unknown";
    }
  /** The text was destroyed by law; that the paper was issued is still proven. */
  | { readonly result: "erased"; readonly issuedMs: number }
  /** `notThisPaper`: a good seal, but not the one of the document that it names. */
  | { readonly result: "altered"; readonly why: "signature" | "proof" | "pdf" | "notThisPaper" }
  | {
      readonly result: "cannotTell";
      /** `notFinished`: nothing can be said now, since the paper is being made or its matter is sealed. */
      readonly why: "notAPaper" | "noKey" | "notFinished" | "logDisagrees";
    };

/** Whether the matter is sealed for secret material. */
export type IsSealed = (matter: ApplicationId) => Promise<boolean>;

type Genuine = Extract<PaperVerdict, { result: "genuine" }>;

export async function checkPaper(
  parts: PaperCheckParts,
  shown: CheckedPaper,
  isSealed: IsSealed,
): Promise<PaperCheck> {
  const verdict = await verdictOnPaper(shown, parts.trust());
  return verdict.result === "genuine" ? againstLog(parts, shown, verdict, isSealed) : verdict;
}

async function againstLog(
  parts: PaperCheckParts,
  shown: CheckedPaper,
  verdict: Genuine,
  isSealed: IsSealed,
): Promise<PaperCheck> {
  const { log, reader, issued } = parts;
  const { checkpoint, index } = verdict;
  const logId = logIdOfOrigin(checkpoint.origin);
  const held = log.logs().find((one) => one.logId === logId && one.origin === checkpoint.origin);
  if (
    held === undefined ||
    held.size < checkpoint.size ||
    !equalBytes(await log.rootAt(logId, checkpoint.size), checkpoint.root)
  ) {
    parts.onDisagreement(checkpoint.origin);
    return { result: "cannotTell", why: "logDisagrees" };
  }
  const ref = { logId, seq: seq(index) };
  const entry = await reader.readEntry(ref);
  if (entry.type !== "document") return { result: "altered", why: "notThisPaper" };
  const document = await recordOrErased(reader, ref);
  if (document === "erased") return { result: "erased", issuedMs: entry.t };
  const row = await issued.byRef(ref);
  if (row?.rendition === undefined) return { result: "cannotTell", why: "notFinished" };
  const rendition = await recordOrErased(reader, row.rendition);
  if (rendition === "erased") return { result: "erased", issuedMs: entry.t };
  const isIt = await isThisPaper(log, shown.text, verdict.of, rendition);
  if (!isIt) return { result: "altered", why: "notThisPaper" };
  // Asked only now: who moves the index of a good seal about learns nothing of where sealed matters stand.
  if (await isSealed(row.applicationId)) return { result: "cannotTell", why: "notFinished" };
  const pdfIsOther = shown.pdfSha256 !== undefined && shown.pdfSha256 !== row.rendition.sha256;
  if (pdfIsOther) return { result: "altered", why: "pdf" };
  const { facts } = parseDocumentRecord(document.body.json);
  return {
    result: "genuine",
    kind: facts.kind,
    title: facts.title,
    number: facts.number,
    issuedMs: facts.issuedAtMs,
    standing: await parts.standing(row),
    duplicates: row.prints > 1,
    pdf: shown.pdfSha256 === undefined ? "unknown" : "same",
  };
}

async function recordOrErased(reader: LogReader, ref: EntryRef): Promise<ReadRecord | "erased"> {
  try {
    return await reader.readRecord(ref);
  } catch (error) {
    if (
      error instanceof CodedError &&
      error.code === "evidence.bodyMissing" &&
      error.details["why"] === "erased"
    )
      return "erased";
    throw error;
  }
}

/** The QR as it was printed, or a receipt with the record of the very rendition, whose random bytes nobody guesses. */
async function isThisPaper(
  log: PaperLog,
  text: string,
  of: Genuine["of"],
  rendition: ReadRecord,
): Promise<boolean> {
  if (of === "qr") return scannedText(text) === (rendition.body.json as RenditionRecord).qr;
  const { rendition: shown } = parseReceipt(scannedText(text));
  if (shown === undefined || shown.index !== rendition.seq) return false;
  return equalBytes(shown.record, headOfRecord(decodeBodyValue(await log.bodyValue(rendition)).body));
}
