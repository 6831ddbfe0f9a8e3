/**
 * The state of one application: what folding its events gives. Invariant: plain JSON, so a view can hold it as it is.
 */
import type { DocumentKind } from "../document.ts";
import type { ApplicationId, CommandId, CounterId, DocumentId, UserId } from "../ids.ts";
import type { CivilDate } from "../time.ts";
import type { ApprovalOpinion, ApprovalStep } from "./approval-steps.ts";
import type { HandedItem, NotAcceptedReason, OutcomeCommand, SignatureGiven, Verdict } from "./commands.ts";
import type { AcceptanceKind, PinnedItem, ToldDue } from "./events.ts";

/** Where an application stands (REGULATIONS 6). */
export const PHASES = [
  "STARTED",
  "REGISTERED",
  "RECEIVED",
  "REVIEWING",
  "ON_SPOT_SUPPLEMENT",
  "ON_SPOT_CORRECTING",
  "PENDING_APPROVAL",
  "CORRECTION_NOTIFIED",
  "SUPPLEMENT_RECEIVED",
  "ACCEPTED",
  "NOT_ACCEPTED",
  "WITHDRAWN",
] as const;
export type Phase = (typeof PHASES)[number];

/** One counter session: the interval whose footage belongs to the application. */
export type CounterSession = {
  readonly counterId: CounterId;
  readonly cameraIds: readonly string[];
  readonly fromMs: number;
  readonly toMs?: number;
};

export type Correction = {
  readonly place: string;
  readonly correctorPersonId: string;
  readonly atMs: number;
  readonly signature?: SignatureGiven;
};

export type ItemState = PinnedItem & {
  /** Absent: not handed over. */
  readonly handed?: HandedItem;
  /** Absent: not judged, or to be judged again after a supplement or correction. */
  readonly verdict?: Verdict;
  readonly comment?: string;
  readonly corrections: readonly Correction[];
};

export type PaperState = {
  readonly documentId: DocumentId;
  readonly kind: DocumentKind;
  readonly number: string;
  readonly issuedMs: number;
  /** Issued as the consequence of this event version. */
  readonly version: number;
  /** Hand-overs tried; served when one of them is signed. */
  readonly attempts: readonly {
    readonly atMs: number;
    readonly recipientPersonId: string;
    readonly signed: boolean;
  }[];
  readonly servedMs?: number;
  /** Signed in ink: the paper is closed once the scan of it is in the record (REGULATIONS 8.1). */
  readonly ink?: { readonly sinceMs: number; readonly scan?: string; readonly closedMs?: number };
  /** 作废: kept with its reason; another paper stands in its place. */
  readonly voided?: { readonly atMs: number; readonly reason: string; readonly by: UserId };
};

/** 内部审批: an outcome on its way through the chain. */
export type Proposal = {
  readonly outcome: OutcomeCommand;
  readonly steps: readonly ApprovalStep[];
  readonly by: UserId;
  /** The certified officer named for the paper, where that isn't the proposer. */
  readonly responsible?: UserId;
  readonly atMs: number;
  readonly given: readonly {
    readonly step: ApprovalStep;
    readonly by: UserId;
    readonly atMs: number;
    readonly decision: ApprovalOpinion;
    readonly opinion: string;
  }[];
};

export type ApplicationState = {
  readonly applicationId: ApplicationId;
  readonly version: number;
  readonly phase: Phase;
  readonly profile: { readonly id: string; readonly version: string };
  readonly startedMs: number;
  readonly lastMs: number;
  /** The command behind the newest event: events of one command make one result. */
  readonly lastCommandId?: CommandId;
  readonly sessions: readonly CounterSession[];
  /** Who has it in hand, the present one last. */
  readonly handlers: readonly { readonly userId: UserId; readonly fromMs: number }[];
  readonly noticeShown?: {
    readonly version: string;
    readonly language: "zh" | "en";
    readonly atMs: number;
  };
  readonly registered?: {
    readonly atMs: number;
    readonly matterCode: string;
    readonly matterVersion: number;
    readonly applicantKind: "person" | "company";
    readonly applicantPersonId: string;
    readonly agentPersonId?: string;
    readonly oral: boolean;
    readonly previousApplicationId?: ApplicationId;
  };
  readonly items: readonly ItemState[];
  /** t0, the legal day of receipt, and the officer who answers for it. */
  readonly received?: {
    readonly t0Ms: number;
    readonly receiptDay: CivilDate;
    readonly provisional?: true;
    readonly ntp: string;
    readonly by: UserId;
    readonly told: readonly ToldDue[];
    /** When it was entered, where that was later than t0. */
    readonly enteredMs?: number;
  };
  /** Present while the phase is PENDING_APPROVAL. */
  readonly proposal?: Proposal;
  /** What the chain last sent back, for the clerk to read. */
  readonly sentBack?: Proposal["given"][number];
  readonly notices: readonly {
    readonly atMs: number;
    readonly itemIds: readonly string[];
    readonly overridden: boolean;
  }[];
  /** Who judged items: none of them may approve a second notice (I2). */
  readonly judges: readonly UserId[];
  readonly reminders: number;
  readonly supplemented?: { readonly atMs: number; readonly receiptDay: CivilDate };
  readonly outcome?:
    | {
        readonly kind: "accepted";
        readonly atMs: number;
        readonly how: AcceptanceKind;
        readonly effectiveDay: CivilDate;
        readonly documentDay: CivilDate;
        readonly told: readonly ToldDue[];
      }
    | { readonly kind: "notAccepted"; readonly atMs: number; readonly reason: NotAcceptedReason }
    | { readonly kind: "withdrawn"; readonly atMs: number };
  /** Materials went back to the applicant, so nothing is held any more (I6). */
  readonly materialsReturned: boolean;
  readonly papers: readonly PaperState[];
  readonly claimCodeHashes: readonly string[];
};
