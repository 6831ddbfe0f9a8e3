/**
 * What the counter asks of the intake: one request type per use case. Personal data arrives here, is checked,
 * and goes into bodies of its own. Invariant: every request that changes an application names the version it saw (I12).
 */
import type {
  HandedItem,
  LateEntry,
  NoticeOverride,
  NotAcceptedReason,
  SignatureGiven,
  Verdict,
} from "../domain/intake/commands.ts";
import type {
  ApprovalOpinion,
  ApprovalSignature,
  ApprovalStep,
  DelegableOutcome,
} from "../domain/intake/approval-steps.ts";
import type { ActorRole } from "../domain/intake/events.ts";
import type { Agent, Applicant, PersonRecord, Signatory } from "../domain/intake/party.ts";
import type { ApplicationId, CommandId, CounterId, DocumentId, UserId } from "../domain/ids.ts";
import type { ServiceMethod } from "../domain/service/service.ts";

export interface Actor {
  readonly userId: UserId;
  readonly role: ActorRole;
}

export interface Request {
  /** A repeat with the same id returns the first result, also after a restart (the claim code only before one). */
  readonly commandId: CommandId;
  readonly actor: Actor;
  /** Where it was done: counter, kiosk or `gateway`. */
  readonly device: string;
}

/** For every request on an application that exists already. */
export interface ApplicationRequest extends Request {
  readonly applicationId: ApplicationId;
  /** `version` of the application as the screen showed it; another one is refused with `intake.conflict`. */
  readonly expectedVersion: number;
}

/** For requests that issue a paper in somebody's name. */
export interface IssueRequest extends ApplicationRequest {
  /** The certified officer responsible, where the actor isn't one (S0-4, S4-6). */
  readonly responsibleOfficerId?: UserId;
}

export interface StartRequest extends Request {
  readonly counterId: CounterId;
}
export interface ReopenRequest extends ApplicationRequest {
  readonly counterId: CounterId;
}
export interface ShowNoticeRequest extends ApplicationRequest {
  readonly noticeVersion: string;
  readonly language: "zh" | "en";
}
export interface RegisterRequest extends ApplicationRequest {
  readonly matterCode: string;
  readonly applicant: Applicant;
  readonly agent?: Agent;
  /** 口头申请: the clerk wrote the record, the applicant signed it. */
  readonly oral?: {
    readonly signatory: Signatory;
    /** What is applied for, in the words that are read back and signed. */
    readonly statement: string;
    readonly signature: SignatureGiven;
  };
  /** The application that was returned before (I5). */
  readonly previousApplicationId?: ApplicationId;
}
export interface ReceiveRequest extends IssueRequest {
  readonly items: readonly HandedItem[];
  readonly late?: LateEntry;
}
export interface JudgeRequest extends ApplicationRequest {
  readonly itemId: string;
  readonly verdict: Verdict;
  /** Free text for colleagues; never a requirement (I4). */
  readonly comment?: string;
}
export interface SupplementOnSpotRequest extends IssueRequest {
  readonly item: HandedItem;
}
export interface CorrectOnSpotRequest extends ApplicationRequest {
  readonly itemId: string;
  readonly place: string;
  /** What stood there and what stands there now; goes with the corrector's name into a body of its own. */
  readonly before: string;
  readonly after: string;
  readonly corrector: Signatory;
  readonly entitled: boolean;
  readonly signature?: SignatureGiven;
}
export interface NotifyCorrectionRequest extends IssueRequest {
  /** Where, how and by when the rest can be supplied, in the clerk's words; a default comes from the profile. */
  readonly supplyHow?: string;
  readonly override?: NoticeOverride;
}
export interface NotAcceptRequest extends IssueRequest {
  readonly reason: NotAcceptedReason;
}
export interface ReceiveSupplementRequest extends IssueRequest {
  readonly items: readonly HandedItem[];
  readonly late?: LateEntry;
}
export interface WithdrawRequest extends ApplicationRequest {
  readonly signature: SignatureGiven;
}
export interface HandOverRequest extends ApplicationRequest {
  readonly documentId: DocumentId;
  readonly recipient: Signatory;
  readonly signature?: SignatureGiven;
}
export interface ApproveRequest extends ApplicationRequest {
  readonly step: ApprovalStep;
  readonly decision: ApprovalOpinion;
  readonly opinion: string;
  readonly signature: ApprovalSignature;
}
export interface HandToColleagueRequest extends ApplicationRequest {
  readonly toUserId: UserId;
  readonly reason: string;
}
export interface VoidPaperRequest extends ApplicationRequest {
  readonly documentId: DocumentId;
  readonly reason: string;
}
export interface CloseOnScanRequest extends ApplicationRequest {
  readonly documentId: DocumentId;
  /** The `scan` entry that shows the signed paper, `logId/seq`. */
  readonly scan: string;
}
export interface DelegateRequest extends Request {
  readonly outcome: DelegableOutcome;
  readonly document: string;
  readonly from: string;
  readonly until: string;
}
export interface RevokeDelegationRequest extends Request {
  readonly delegationId: string;
  readonly reason: string;
}
/** From the register of service, which has checked the way, its evidence and its article. */
export interface RecordServiceRequest extends ApplicationRequest {
  readonly step: "attempted" | "completed";
  readonly documentId: DocumentId;
  readonly method: ServiceMethod;
  /** Written with this step where it is new. */
  readonly person?: Extract<PersonRecord, { readonly role: "service" }>;
  readonly personId: string;
  readonly foreign: boolean;
  readonly servedMs?: number;
}
