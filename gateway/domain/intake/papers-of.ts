/**
 * Which documents a fact issues (REGULATIONS 6, third column). Invariant: the list follows from state and fact alone.
 */
import type { DocumentKind } from "../document.ts";
import type { IntakeFact } from "./events.ts";
import type { ApplicationState } from "./state.ts";

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which the compiler proves
export function papersOf(fact: IntakeFact, before: ApplicationState | undefined): readonly DocumentKind[] {
  switch (fact.type) {
    case "received":
    case "supplementedOnSpot":
      return ["materialReceipt"];
    case "supplementReceived":
      return ["supplementReceipt"];
    case "accepted": {
      const corrected = before?.items.some((item) => item.corrections.length > 0) ?? false;
      const notice = fact.kind === "deemed" ? "lateAcceptanceNotice" : "acceptanceNotice";
      return corrected && fact.kind !== "deemed" ? ["correctionRecord", notice] : [notice];
    }
    case "correctionNotified":
      return ["correctionNotice"];
    case "notAccepted":
      return fact.returned.length > 0
        ? ["nonAcceptanceNotice", "materialReturnList"]
        : ["nonAcceptanceNotice"];
    case "withdrawn":
      return fact.returned.length > 0 ? ["materialReturnList"] : [];
    case "registered":
      return fact.oral === undefined ? [] : ["oralApplicationRecord"];
    case "paperVoided": {
      const paper = before?.papers.find((candidate) => candidate.documentId === fact.documentId);
      return paper === undefined ? [] : [paper.kind];
    }
    case "handedOver": {
      const paper = before?.papers.find((candidate) => candidate.documentId === fact.documentId);
      return paper?.attempts.length === 0 ? ["serviceReceipt"] : [];
    }
    case "serviceRecorded": {
      // Where people sign the 送达回证 it has to be there before; the others state what only the end shows.
      const afterwards = fact.method === "postal" || fact.method === "publicNotice";
      return (fact.step === "completed") === afterwards ? ["serviceReceipt"] : [];
    }
    case "started":
    case "reopened":
    case "noticeShown":
    case "judged":
    case "correctedOnSpot":
    case "reminded":
    case "claimCodeIssued":
    case "sessionClosed":
    case "proposed":
    case "approvalGiven":
    case "proposalRecalled":
    case "handedToColleague":
    case "signedPaperScanned":
      return [];
  }
}
