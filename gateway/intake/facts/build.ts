/** The facts of every kind of paper the intake issues. */
import type { DocumentFacts, DocumentKind } from "../../domain/document.ts";
import type { FactsInput } from "./input.ts";
import { acceptanceNotice, correctionNotice, lateAcceptanceNotice, nonAcceptanceNotice } from "./outcomes.ts";
import {
  correctionRecord,
  materialReceipt,
  materialReturnList,
  oralApplicationRecord,
  serviceReceipt,
  supplementReceipt,
} from "./receipts.ts";

const BUILDERS: Readonly<Record<DocumentKind, (input: FactsInput) => DocumentFacts>> = {
  materialReceipt,
  supplementReceipt,
  acceptanceNotice,
  lateAcceptanceNotice,
  correctionNotice,
  nonAcceptanceNotice,
  correctionRecord,
  materialReturnList,
  serviceReceipt,
  oralApplicationRecord,
};

export function buildFacts(kind: DocumentKind, input: FactsInput): DocumentFacts {
  return BUILDERS[kind](input);
}
