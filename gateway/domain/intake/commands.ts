/**
 * What can be asked of one application 申请, as pure data: `decide` answers with events or a refusal.
 * Invariant: no command of this file carries personal data, only the ids of `person` entries.
 */
import type { ApplicationId, CounterId, DocumentId, UserId } from "../ids.ts";
import type { ApprovalOpinion, ApprovalSignature, ApprovalStep } from "./approval-steps.ts";
import type { ServiceMethod } from "../service/service.ts";

/** How a signature was given (REGULATIONS 8.1): ink on the paper, or a stroke on the screen. */
export type SignMode = "ink" | "stroke";
export interface SignatureGiven {
  readonly mode: SignMode;
  /** The date the signer wrote beside it, Beijing civil date `YYYY-MM-DD`. */
  readonly date: string;
  /** The `signature` or `scan` entry that shows it, `logId/seq`, where one exists. */
  readonly evidence?: string;
}

/** One paper as it was handed over. */
export interface HandedItem {
  readonly itemId: string;
  readonly form: "original" | "copy";
  readonly copies: number;
  readonly pages?: number;
  readonly medium: "paper" | "electronic";
}

/** What the clerk finds about one item of the published list. */
export type Verdict =
  | { readonly kind: "ok" }
  | {
      readonly kind: "deficient";
      readonly defect: string;
      readonly requirement: string;
      readonly basis: string;
      /** The error can be put right at the counter (更正); a notice is refused while one of these is open. */
      readonly correctableOnSpot: boolean;
    }
  | {
      /** 需要核实: item, reason and time are told (S1-6(2)). */
      readonly kind: "verify";
      readonly matter: string;
      readonly reason: string;
      /** When it will be verified, Beijing civil date. */
      readonly byDate: string;
    };

/** Done before it was entered, such as while the box was off; both times are kept (S1-3). */
export interface LateEntry {
  /** When it really happened, UTC ms. */
  readonly atMs: number;
  readonly reason: string;
}

/** Leave to issue a second list with a new demand (I2). */
export interface NoticeOverride {
  readonly supervisorId: UserId;
  readonly reasonCode: "lawChanged" | "newFact" | "materialForged" | "errorOfOffice";
  readonly legalBasis: string;
}

export type NotAcceptedReason =
  | { readonly kind: "incomplete" }
  | { readonly kind: "notOurs"; readonly rightAuthority: string }
  | { readonly kind: "noPermitNeeded"; readonly explanation: string };

export type IntakeCommand =
  | {
      readonly type: "start";
      readonly applicationId: ApplicationId;
      readonly counterId: CounterId;
      readonly cameraIds: readonly string[];
    }
  /** A later visit on the same application opens another counter session. */
  | { readonly type: "reopen"; readonly counterId: CounterId; readonly cameraIds: readonly string[] }
  | { readonly type: "showNotice"; readonly noticeVersion: string; readonly language: "zh" | "en" }
  | {
      readonly type: "register";
      readonly matterCode: string;
      readonly applicantKind: "person" | "company";
      readonly applicantPersonId: string;
      readonly agentPersonId?: string;
      readonly oral?: { readonly signatoryPersonId: string; readonly signature: SignatureGiven };
      readonly previousApplicationId?: ApplicationId;
    }
  | { readonly type: "receive"; readonly items: readonly HandedItem[]; readonly late?: LateEntry }
  | { readonly type: "judge"; readonly itemId: string; readonly verdict: Verdict; readonly comment?: string }
  | { readonly type: "supplementOnSpot"; readonly item: HandedItem }
  | {
      readonly type: "correctOnSpot";
      readonly itemId: string;
      /** Where in the paper the correction stands, such as "第 2 页 经营场所". */
      readonly place: string;
      /** The `person` entry with the corrector's name and what stood there before and after. */
      readonly correctorPersonId: string;
      /** The clerk has seen that this person may correct (applicant, agent, legal representative). */
      readonly entitled: boolean;
      /** Left out: the correction is made but not signed yet; repeat the command with it. */
      readonly signature?: SignatureGiven;
    }
  | { readonly type: "accept" }
  | {
      readonly type: "notifyCorrection";
      readonly supplyHow?: string;
      readonly override?: NoticeOverride;
    }
  | { readonly type: "notAccept"; readonly reason: NotAcceptedReason }
  | { readonly type: "receiveSupplement"; readonly items: readonly HandedItem[]; readonly late?: LateEntry }
  /** One step of the chain gives its opinion on the proposed outcome; the last one that agrees makes it one. */
  | {
      readonly type: "approve";
      readonly step: ApprovalStep;
      readonly decision: ApprovalOpinion;
      readonly opinion: string;
      readonly signature: ApprovalSignature;
    }
  /** The clerk takes the proposal back to go on reviewing. */
  | { readonly type: "recallProposal" }
  /** 受办分离: another clerk goes on with it; the clocks keep running. */
  | { readonly type: "handToColleague"; readonly toUserId: UserId; readonly reason: string }
  /** 作废: the number is kept with its reason, the same paper is issued anew under the next number (I7). */
  | { readonly type: "voidPaper"; readonly documentId: DocumentId; readonly reason: string }
  /** The scan of the paper that was signed in ink is in the record: the paper is closed. */
  | { readonly type: "closeOnScan"; readonly documentId: DocumentId; readonly scan: string }
  /** A reminder of what is still open of the first notice; not a notice (I2). */
  | { readonly type: "remind" }
  | { readonly type: "withdraw"; readonly signature: SignatureGiven }
  | {
      readonly type: "handOver";
      readonly documentId: DocumentId;
      readonly recipientPersonId: string;
      readonly relation: string;
      /** Left out: handed over but unsigned, which stays "not served". */
      readonly signature?: SignatureGiven;
    }
  /** What became of a paper that is served by any of the five ways; the rules are those of domain/service. */
  | {
      readonly type: "recordService";
      readonly step: "attempted" | "completed";
      readonly documentId: DocumentId;
      readonly method: ServiceMethod;
      /** The `person` entry with the words of the 送达回证. */
      readonly personId: string;
      /** A paper of the bureau's own system, which the application does not know (S4-11). */
      readonly foreign: boolean;
      readonly servedMs?: number;
    }
  | { readonly type: "reissueClaimCode"; readonly codeHash: string }
  | { readonly type: "closeSession" }
  /** Given by the gateway itself once the statutory limit has passed (I6). */
  | { readonly type: "deem" };

export type IntakeCommandType = IntakeCommand["type"];
/** The commands that end a review; the chain of approvals stands before them. */
export type OutcomeCommand = Extract<
  IntakeCommand,
  { readonly type: "accept" | "notifyCorrection" | "notAccept" }
>;
