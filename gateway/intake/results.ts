/**
 * What the intake answers: results of commands and what screens read. Invariant: everything here is derived from
 * entries; whether a paper is printed or served never changes what it says.
 */
import type { DocumentKind, Wording } from "../domain/document.ts";
import type { NotAcceptedReason } from "../domain/intake/commands.ts";
import type { ApprovalStep, Delegation } from "../domain/intake/approval-steps.ts";
import type { ActorRole } from "../domain/intake/events.ts";
import type { Agent, Applicant } from "../domain/intake/party.ts";
import type { ApplicationState, ItemState, PaperState, Phase, Proposal } from "../domain/intake/state.ts";
import type { TimeAgreement } from "../domain/intake/agreement.ts";
import type { NextAction } from "../domain/intake/next-actions.ts";
import type { RunningClock } from "../domain/intake/clocks.ts";
import type { Requirement } from "../domain/catalogue.ts";
import type { ErrorCode } from "../domain/errors.ts";
import type { ApplicationId, DocumentId, EntryRef, UserId } from "../domain/ids.ts";
import type { FootageCoverage } from "./ports.ts";

/** A paper that a command issued. `finished` is false when rendering failed; it is tried again, the act stands. */
export interface PaperResult {
  readonly documentId: DocumentId;
  readonly kind: DocumentKind;
  readonly number: string;
  readonly ref: EntryRef;
  readonly finished: boolean;
}

export interface CommandResult {
  readonly applicationId: ApplicationId;
  readonly version: number;
  readonly phase: Phase;
  readonly papers: readonly PaperResult[];
  /** Not refused, but shown and in the oversight ledger, such as `officerNotCertified`. */
  readonly warnings: readonly string[];
  /** 8 digits, said once: with the first paper, or after `reissueClaimCode`. */
  readonly claimCode?: string;
}

export interface IntakeListRow {
  readonly applicationId: ApplicationId;
  readonly version: number;
  readonly phase: Phase;
  readonly startedMs: number;
  readonly matter?: Wording;
  readonly matterCode?: string;
  /** Surname and asterisks (REGULATIONS 2.6). */
  readonly applicantMasked?: string;
  readonly counterId?: string;
  readonly sessionOpen: boolean;
  /** The clock that ends first, where one runs. */
  readonly nextDue?: RunningClock;
}

export interface ItemView extends ItemState {
  readonly requirement: Requirement;
}

export interface PaperView extends PaperState {
  readonly ref: EntryRef;
  readonly title: Wording;
  /** The `rendition` entry is there, so it can be shown and printed. */
  readonly finished: boolean;
  readonly served: boolean;
}

/** One row of the ledger: what was done or tried, by whom, and why it was refused. */
export interface LedgerRow {
  readonly atMs: number;
  readonly userId: UserId;
  readonly role: ActorRole;
  readonly certNo?: string;
  readonly device: string;
  readonly what: string;
  readonly warnings: readonly string[];
  readonly refused?: ErrorCode;
  readonly article?: string;
  readonly ref?: EntryRef;
}

export interface IntakeView {
  readonly state: ApplicationState;
  readonly matter?: { readonly code: string; readonly version: number; readonly name: Wording };
  readonly applicant?: Applicant;
  readonly agent?: Agent;
  readonly items: readonly ItemView[];
  readonly clocks: readonly RunningClock[];
  readonly actions: readonly NextAction[];
  readonly papers: readonly PaperView[];
  readonly ledger: readonly LedgerRow[];
  readonly profile: { readonly id: string; readonly version: string; readonly name: Wording };
  /** What the outcome papers are called here. */
  readonly titles: {
    readonly acceptance: Wording;
    readonly correction: Wording;
    /** What is given in the same act as the correction notice: under S1-6(4) it ends the application. */
    readonly withCorrection: readonly Wording[];
    readonly nonAcceptance: Wording;
  };
  readonly notAccepted?: NotAcceptedReason;
  /** The chain that stands before an outcome here, unless it was delegated. */
  readonly approvalSteps: readonly ApprovalStep[];
}

/** A delegation as it stands in the record. */
export type RecordedDelegation = Delegation & {
  readonly delegationId: string;
  readonly by: UserId;
  readonly atMs: number;
  readonly revoked?: { readonly by: UserId; readonly atMs: number; readonly reason: string };
};

/** An outcome that waits for the chain. */
export interface PendingApproval {
  readonly applicationId: ApplicationId;
  readonly version: number;
  readonly matter?: Wording;
  readonly applicantMasked?: string;
  readonly proposal: Proposal;
  readonly nextStep?: ApprovalStep;
  /** Whoever can be no step of it any more. */
  readonly hasActed: readonly UserId[];
  readonly nextDue?: RunningClock;
  readonly sessionOpen: boolean;
}

/** What a claim code opens at the kiosk: papers of one application, nothing else. */
export interface ClaimResult {
  readonly applicationId: ApplicationId;
  readonly matter: Wording;
  readonly phase: Phase;
  readonly papers: readonly {
    readonly documentId: DocumentId;
    readonly kind: DocumentKind;
    readonly title: Wording;
    readonly number: string;
    readonly issuedMs: number;
    readonly served: boolean;
    readonly ref: EntryRef;
  }[];
}

export interface FootageOfApplication {
  readonly applicationId: ApplicationId;
  readonly sessions: readonly {
    readonly fromMs: number;
    readonly toMs: number;
    readonly open: boolean;
    readonly coverage: readonly FootageCoverage[];
  }[];
  /** Whether each paper's time lies in the footage (S3-A-9). */
  readonly agreement: readonly TimeAgreement[];
}

/** What deriving deemed acceptance did (I6). */
export interface DeemedRun {
  readonly derived: readonly ApplicationId[];
  /** Due by date, but the clock or the calendar can't be trusted: to be settled by a supervisor. */
  readonly withheld: readonly {
    readonly applicationId: ApplicationId;
    readonly because: "clock" | "calendar";
  }[];
  /** Due, but the paper could not be made now; tried again at the next run. */
  readonly failed: readonly {
    readonly applicationId: ApplicationId;
    readonly code: ErrorCode | "internal";
  }[];
}
