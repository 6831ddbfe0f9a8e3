/** Whether an issued paper still stands, as anybody who holds it may ask. Invariant: follows from the state alone. */
import type { DocumentId } from "../ids.ts";
import type { ApplicationState } from "./state.ts";

/** `superseded`: a later notice of the same kind was issued in the matter; `voided`: its number was made void. */
export const PAPER_STANDINGS = ["current", "superseded", "voided"] as const;
export type PaperStanding = (typeof PAPER_STANDINGS)[number];

export function standingOf(state: ApplicationState, documentId: DocumentId): PaperStanding {
  const at = state.papers.findIndex((paper) => paper.documentId === documentId);
  const paper = state.papers[at];
  if (paper === undefined) return "current";
  if (paper.voided !== undefined) return "voided";
  // Receipts of any number stand side by side; of notices on what is missing the last one counts.
  const later = state.papers.slice(at + 1);
  return paper.kind === "correctionNotice" &&
    later.some(({ kind, voided }) => kind === paper.kind && voided === undefined)
    ? "superseded"
    : "current";
}
