/**
 * Facts to content: the one place where a document gets its words.
 * Invariant: a pure function, so the same facts read the same on paper, slip and screen for ever.
 */
import type { ContentBlock, ContentLang, DocumentContent } from "../../domain/document-content.ts";
import type { DocumentFacts } from "../../domain/document.ts";
import { head, replacement } from "./blocks.ts";
import { acceptanceNotice, correctionNotice, lateAcceptanceNotice, nonAcceptanceNotice } from "./notices.ts";
import { oralApplicationRecord } from "./oral-record.ts";
import { correctionRecord, materialReceipt, materialReturnList, supplementReceipt } from "./receipts.ts";
import { serviceReceipt } from "./service-receipt.ts";
import { type Voice, voice } from "./wording.ts";

function body(v: Voice, facts: DocumentFacts): readonly ContentBlock[] {
  switch (facts.kind) {
    case "materialReceipt":
      return materialReceipt(v, facts);
    case "supplementReceipt":
      return supplementReceipt(v, facts);
    case "acceptanceNotice":
      return acceptanceNotice(v, facts);
    case "lateAcceptanceNotice":
      return lateAcceptanceNotice(v, facts);
    case "correctionNotice":
      return correctionNotice(v, facts);
    case "nonAcceptanceNotice":
      return nonAcceptanceNotice(v, facts);
    case "correctionRecord":
      return correctionRecord(v, facts);
    case "materialReturnList":
      return materialReturnList(v, facts);
    case "oralApplicationRecord":
      return oralApplicationRecord(v, facts);
    case "serviceReceipt":
      break;
  }
  return serviceReceipt(v, facts);
}

/** The document as it reads; the Chinese one is the record, the English one helps to read it. */
export function documentContent(facts: DocumentFacts, lang: ContentLang): DocumentContent {
  const v = voice(lang);
  return {
    kind: facts.kind,
    lang,
    number: facts.number,
    blocks: [...head(v, facts), ...replacement(v, facts), ...body(v, facts)],
  };
}
