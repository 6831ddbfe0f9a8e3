/** The words of approval 内部审批: steps of a chain, opinions, what can be delegated in advance. */
import type { CivilDate } from "../time.ts";

/** Steps that profiles name; the first two are the proposer, the last one belongs to the decision, not to the intake. */
export const APPROVAL_STEPS = [
  "clerk",
  "handlingOfficer",
  "sectionHead",
  "legalSection",
  "reviewer",
  "approver",
  "head",
  "leaderInChargeForDecisions",
] as const;
export type ApprovalStep = (typeof APPROVAL_STEPS)[number];

export const APPROVAL_OPINIONS = ["agree", "return"] as const;
/** `return` sends it back to the review; nothing is issued. */
export type ApprovalOpinion = (typeof APPROVAL_OPINIONS)[number];

/** How an opinion was signed: by the approver's own account with the password typed again, or on paper. */
export interface ApprovalSignature {
  readonly mode: "account" | "ink";
  /** Beijing civil date. */
  readonly date: string;
  /** The `scan` entry that shows the signed form, `logId/seq`, where it was signed on paper. */
  readonly evidence?: string;
}

export const DELEGABLE = ["accept", "notifyCorrection", "notAccept"] as const;
export type DelegableOutcome = (typeof DELEGABLE)[number];

/** An outcome that the chain has delegated to the window in advance, with the document that says so and its term. */
export type Delegation = {
  readonly outcome: DelegableOutcome;
  /** Title and number of the delegating document. */
  readonly document: string;
  readonly from: CivilDate;
  readonly until: CivilDate;
};
