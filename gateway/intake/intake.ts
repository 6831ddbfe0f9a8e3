/**
 * The intake's face: one function per use case, and what screens read. Invariant: a resolved command is durable and
 * visible in every query; a rejected one (always a `CodedError`) changed nothing but the ledger of attempts.
 */
import type { Clock } from "../domain/time.ts";
import type { ApplicationId } from "../domain/ids.ts";
import type { LicenceMatter } from "../domain/catalogue.ts";
import type {
  Append,
  Calendars,
  Catalogue,
  Footage,
  LogReader,
  Office,
  Officers,
  Papers,
  Profiles,
  Random,
  Views,
} from "./ports.ts";
import type * as ask from "./requests.ts";
import type { Actor } from "./requests.ts";
import type {
  ClaimResult,
  CommandResult,
  DeemedRun,
  FootageOfApplication,
  IntakeListRow,
  IntakeView,
  PendingApproval,
  RecordedDelegation,
} from "./results.ts";

export interface IntakeOptions {
  readonly append: Append;
  readonly reader: LogReader;
  readonly views: Views;
  readonly clock: Clock;
  readonly random: Random;
  readonly papers: Papers;
  readonly officers: Officers;
  readonly footage: Footage;
  readonly profiles: Profiles;
  readonly calendars: Calendars;
  readonly catalogue: Catalogue;
  readonly office: Office;
  /** 32 secret bytes of this gateway (data/secrets): without them a claim code can't be guessed from its hash. */
  readonly claimKey: Uint8Array;
  /** Hears why a paper could not be finished; for a log line or alarm, without personal data. */
  readonly onPaperUnfinished: (failure: unknown) => void;
}

export interface Intake {
  start(request: ask.StartRequest): Promise<CommandResult>;
  reopen(request: ask.ReopenRequest): Promise<CommandResult>;
  showNotice(request: ask.ShowNoticeRequest): Promise<CommandResult>;
  register(request: ask.RegisterRequest): Promise<CommandResult>;
  receive(request: ask.ReceiveRequest): Promise<CommandResult>;
  judge(request: ask.JudgeRequest): Promise<CommandResult>;
  supplementOnSpot(request: ask.SupplementOnSpotRequest): Promise<CommandResult>;
  correctOnSpot(request: ask.CorrectOnSpotRequest): Promise<CommandResult>;
  accept(request: ask.IssueRequest): Promise<CommandResult>;
  notifyCorrection(request: ask.NotifyCorrectionRequest): Promise<CommandResult>;
  notAccept(request: ask.NotAcceptRequest): Promise<CommandResult>;
  receiveSupplement(request: ask.ReceiveSupplementRequest): Promise<CommandResult>;
  remind(request: ask.ApplicationRequest): Promise<CommandResult>;
  withdraw(request: ask.WithdrawRequest): Promise<CommandResult>;
  handOver(request: ask.HandOverRequest): Promise<CommandResult>;
  recordService(request: ask.RecordServiceRequest): Promise<CommandResult>;
  reissueClaimCode(request: ask.ApplicationRequest): Promise<CommandResult>;
  closeSession(request: ask.ApplicationRequest): Promise<CommandResult>;
  /** One step of the chain; the last one that agrees issues the outcome's papers. */
  approve(request: ask.ApproveRequest): Promise<CommandResult>;
  recallProposal(request: ask.ApplicationRequest): Promise<CommandResult>;
  handToColleague(request: ask.HandToColleagueRequest): Promise<CommandResult>;
  voidPaper(request: ask.VoidPaperRequest): Promise<CommandResult>;
  /** For whoever brings signed papers back in: the scan closes the paper that was signed in ink. */
  closeOnScan(request: ask.CloseOnScanRequest): Promise<CommandResult>;

  /** Delegates an outcome to the window in advance. Throws `intake.badDelegation`, `intake.wrongRole`. */
  delegate(request: ask.DelegateRequest): Promise<RecordedDelegation>;
  /** Throws `intake.noSuchDelegation`, `intake.wrongRole`. */
  revokeDelegation(request: ask.RevokeDelegationRequest): Promise<void>;
  delegations(): Promise<readonly RecordedDelegation[]>;
  /** What waits for approval, oldest first. */
  pendingApprovals(limit?: number): Promise<readonly PendingApproval[]>;
  /** Years whose calendar limits run into now and that isn't loaded: dates there are provisional. */
  missingCalendars(): readonly number[];

  /**
   * Opens the papers of one application at a kiosk. Logs every attempt; `intake.claimRefused` says nothing about
   * which of the two was wrong, `intake.claimBlocked` comes after too many from one kiosk or on one code.
   */
  claim(request: {
    readonly code: string;
    readonly last4: string;
    readonly kioskId: string;
  }): Promise<ClaimResult>;
  /** Derives every deemed acceptance that is due (I6); called at start and then each minute. */
  deriveDeemed(): Promise<DeemedRun>;
  /** Tries again to finish papers that were issued but have no rendition yet; how many are still open. */
  finishPapers(): Promise<number>;

  matters(): readonly LicenceMatter[];
  list(filter?: { readonly limit?: number; readonly openOnly?: boolean }): Promise<readonly IntakeListRow[]>;
  /** `viewer` decides what is allowed next (certificate, role). Throws `intake.noSuchApplication`. */
  get(applicationId: ApplicationId, viewer?: Actor): Promise<IntakeView>;
  footageOf(applicationId: ApplicationId): Promise<FootageOfApplication>;
}

export type CreateIntake = (options: IntakeOptions) => Intake;
