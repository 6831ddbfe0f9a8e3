/**
 * What has happened to one application: the bodies of `intake` entries. State is a fold over these alone.
 * Invariant: every event says who, as what, with which certificate, where, when by both clocks, and under which
 * profile version (I10); none holds personal data.
 */
import type { DocumentKind } from "../document.ts";
import type { ApplicationId, CommandId, CounterId, DocumentId, UserId } from "../ids.ts";
import type { ServiceMethod } from "../service/service.ts";
import type { CivilDate, NtpState } from "../time.ts";
import type { ApprovalOpinion, ApprovalSignature, ApprovalStep, Delegation } from "./approval-steps.ts";
import type {
  HandedItem,
  LateEntry,
  NotAcceptedReason,
  NoticeOverride,
  OutcomeCommand,
  SignatureGiven,
  Verdict,
} from "./commands.ts";

/** Both clocks at the moment of the decision. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
  readonly boot: string;
  readonly ntp: NtpState;
}

export type ActorRole = "clerk" | "supervisor" | "leader" | "system";

/** Who acts. `certNo` is the enforcement certificate 行政执法证 where the person has a valid one. */
export interface EventActor {
  readonly userId: UserId;
  readonly role: ActorRole;
  readonly certNo?: string;
}

export interface EventMeta {
  readonly commandId: CommandId;
  readonly at: Moment;
  readonly actor: EventActor;
  /** The certified officer in whose name a paper is issued, where that isn't the actor. */
  readonly responsible?: EventActor;
  /** Counter, kiosk or `gateway`. */
  readonly device: string;
  readonly profile: { readonly id: string; readonly version: string };
  /** What was not refused but has to be seen by a supervisor, such as `officerNotCertified`. */
  readonly warnings?: readonly string[];
}

/** A catalogue entry as it was published when the application was registered (I4). */
export interface PinnedItem {
  readonly itemId: string;
  readonly itemVersion: number;
  readonly required: boolean;
}

/** A last day as it stood on a paper when that was issued; a calendar loaded later can't change what was told. */
export interface ToldDue {
  readonly kind: "noticeLocal" | "noticeStatutory" | "decisionLegal" | "decisionPromised";
  readonly due: CivilDate;
}

export type AcceptanceKind = "plain" | "afterCorrection" | "withVerification" | "deemed";

export type IntakeFact =
  | {
      readonly type: "started";
      readonly applicationId: ApplicationId;
      readonly counterId: CounterId;
      readonly cameraIds: readonly string[];
    }
  | { readonly type: "reopened"; readonly counterId: CounterId; readonly cameraIds: readonly string[] }
  | { readonly type: "noticeShown"; readonly noticeVersion: string; readonly language: "zh" | "en" }
  | {
      readonly type: "registered";
      readonly matterCode: string;
      readonly matterVersion: number;
      readonly items: readonly PinnedItem[];
      readonly applicantKind: "person" | "company";
      readonly applicantPersonId: string;
      readonly agentPersonId?: string;
      readonly oral?: { readonly signatoryPersonId: string; readonly signature: SignatureGiven };
      readonly previousApplicationId?: ApplicationId;
    }
  | {
      readonly type: "received";
      readonly items: readonly HandedItem[];
      /** Legal day of receipt: the next working day when handed over after office hours. */
      readonly receiptDay: CivilDate;
      /** The calendar of that day was not known: the day is reckoned again once it is. */
      readonly provisional?: true;
      readonly late?: LateEntry;
      readonly told?: readonly ToldDue[];
    }
  | {
      readonly type: "judged";
      readonly itemId: string;
      readonly verdict: Verdict;
      readonly comment?: string;
    }
  | { readonly type: "supplementedOnSpot"; readonly item: HandedItem }
  | {
      readonly type: "correctedOnSpot";
      readonly itemId: string;
      readonly place: string;
      readonly correctorPersonId: string;
      readonly signature?: SignatureGiven;
    }
  | {
      readonly type: "accepted";
      readonly kind: AcceptanceKind;
      /** Date of the document (today); for deemed acceptance later than `effectiveDay`. */
      readonly documentDay: CivilDate;
      readonly effectiveDay: CivilDate;
      readonly told?: readonly ToldDue[];
      readonly delegation?: Delegation;
    }
  | {
      readonly type: "correctionNotified";
      readonly itemIds: readonly string[];
      readonly supplyHow: string;
      readonly override?: NoticeOverride;
      readonly delegation?: Delegation;
    }
  | {
      readonly type: "notAccepted";
      readonly reason: NotAcceptedReason;
      readonly returned: readonly HandedItem[];
      readonly itemIds: readonly string[];
      readonly delegation?: Delegation;
    }
  | {
      readonly type: "supplementReceived";
      readonly items: readonly HandedItem[];
      readonly receiptDay: CivilDate;
      readonly late?: LateEntry;
    }
  /** An outcome waits for the steps of the profile's chain. */
  | { readonly type: "proposed"; readonly outcome: OutcomeCommand; readonly steps: readonly ApprovalStep[] }
  | {
      readonly type: "approvalGiven";
      readonly step: ApprovalStep;
      readonly decision: ApprovalOpinion;
      readonly opinion: string;
      readonly signature: ApprovalSignature;
    }
  | { readonly type: "proposalRecalled" }
  | {
      readonly type: "handedToColleague";
      readonly fromUserId: UserId;
      readonly toUserId: UserId;
      readonly reason: string;
    }
  | { readonly type: "paperVoided"; readonly documentId: DocumentId; readonly reason: string }
  | { readonly type: "signedPaperScanned"; readonly documentId: DocumentId; readonly scan: string }
  | { readonly type: "reminded"; readonly itemIds: readonly string[] }
  | {
      readonly type: "withdrawn";
      readonly signature: SignatureGiven;
      readonly returned: readonly HandedItem[];
    }
  | {
      readonly type: "handedOver";
      readonly documentId: DocumentId;
      readonly method: "direct";
      readonly recipientPersonId: string;
      readonly relation: string;
      readonly signature?: SignatureGiven;
    }
  /** An attempt at service that was made or came to its end, by any of the five ways (S0-20 to 24, S4-12). */
  | {
      readonly type: "serviceRecorded";
      readonly step: "attempted" | "completed";
      readonly documentId: DocumentId;
      readonly method: ServiceMethod;
      readonly personId: string;
      readonly foreign: boolean;
      /** When the paper counts as served; the event says when that was written down. */
      readonly servedMs?: number;
    }
  /** A fresh claim code, kept only as a keyed hash; `revokes` means the older ones are void. */
  | { readonly type: "claimCodeIssued"; readonly codeHash: string; readonly revokes: boolean }
  | { readonly type: "sessionClosed" };

/** A paper issued by the same append; its facts are in its own `document` entry. */
export interface IssuedPaper {
  readonly documentId: DocumentId;
  readonly kind: DocumentKind;
  readonly number: string;
  /** The gapless row the number stands in, and its place there from 1 (I7). */
  readonly series: string;
  readonly serial: number;
}

/** `version` counts the events of one application from 1 (I12). */
export type IntakeEvent = IntakeFact & {
  readonly version: number;
  readonly papers: readonly IssuedPaper[];
  readonly meta: EventMeta;
};
