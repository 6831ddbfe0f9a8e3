/**
 * Service 送达 of one paper as a pure state machine: attempts by five ways, what each carries, when it counts.
 * Invariant: a paper is "not served" until an attempt is complete; failed attempts stay for ever (S0-20 to 24,
 * S1-14, S2-18 to 22, S4-12).
 */
import type { ApplicationId, CommandId, DocumentId, UserId } from "../ids.ts";
import type { CivilDate } from "../time.ts";

/** Entrusted and forwarded are one way of the law with two forms (S0-23, S2-21, S4-12(4)). */
export const SERVICE_METHODS = [
  "direct",
  "postal",
  "leaving",
  "entrusted",
  "forwarded",
  "publicNotice",
] as const;
export type ServiceMethod = (typeof SERVICE_METHODS)[number];

/** What an attempt has to show beside its own words. */
export const EVIDENCE_KINDS = [
  "serverSignature",
  "recipientSignature",
  "witnessSignature",
  /** 送达回证 as signed in ink, scanned. */
  "signedReceipt",
  /** 邮寄登记. */
  "postalRegistration",
  /** 付邮凭证. */
  "postalVoucher",
  /** 回执. */
  "postalReturnReceipt",
  /** Envelope or note of mail that came back. */
  "returnedMail",
  /** 书面公告, kept as it was published. */
  "publishedNotice",
  "footage",
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** Footage of a camera by time, a body-camera file, a scan (photo, audio), a stroke, or an entry that shows it. */
export type EvidenceLink =
  | { readonly in: "camera"; readonly cameraId: string; readonly fromMs: number; readonly toMs: number }
  | { readonly in: "file"; readonly fileId: string }
  | { readonly in: "scan"; readonly scanId: string }
  | { readonly in: "signature"; readonly ref: string }
  /** Written by the gateway itself: the scan on which a paper of the counter closed. */
  | { readonly in: "entry"; readonly ref: string };

export type EvidencePiece = {
  readonly kind: EvidenceKind;
  /** How a signature was given; ink wants the scan of the signed paper as well. */
  readonly mode?: "ink" | "stroke";
  /** The date written beside a signature. */
  readonly date?: CivilDate;
  readonly link?: EvidenceLink;
  /** Why there is no footage where the profile allows a reason instead. */
  readonly exemption?: string;
};

/** An officer named on an attempt, with the certificate as it stood. */
export type Server = { readonly officerId: UserId; readonly certNo?: string };

/** Where a paper was left, or handed over. */
export type PlaceKind = "counter" | "domicile" | "unit" | "other";

type AttemptBase = {
  readonly attemptId: string;
  /** When it happened, as told; the entry keeps when it was written down. */
  readonly happenedMs: number;
  readonly servers: readonly Server[];
  readonly credentialsShown: boolean;
  readonly placeKind: PlaceKind;
  /** The `person` entry with the names and words that the 送达回证 prints. */
  readonly personId: string;
};

/** What was tried, without anybody's name. */
export type AttemptMade = AttemptBase &
  (
    | { readonly method: "direct"; readonly toRecipient: boolean }
    | { readonly method: "postal"; readonly mail: "registered" | "express" }
    | { readonly method: "leaving"; readonly refusedOn: CivilDate; readonly witnessed: boolean }
    | { readonly method: "entrusted" | "forwarded" }
    | {
        readonly method: "publicNotice";
        readonly publishedOn: CivilDate;
        readonly periodDays: number;
        readonly after: readonly string[];
      }
  );

export const FAILURES = ["absent", "refused", "moved", "unknownAddress", "returned", "other"] as const;
export type Failure = (typeof FAILURES)[number];

export type ServiceMeta = {
  readonly commandId: CommandId;
  readonly by: UserId;
  readonly atMs: number;
  readonly profile: { readonly id: string; readonly version: string };
  readonly warnings?: readonly string[];
};

export type ServiceFact =
  | { readonly type: "attempted"; readonly attempt: AttemptMade }
  | {
      readonly type: "supplied";
      readonly attemptId: string;
      readonly evidence: readonly EvidencePiece[];
    }
  | {
      readonly type: "failed";
      readonly attemptId: string;
      readonly why: Failure;
      readonly onDate: CivilDate;
      /** The `person` entry with the words of the account: for returned mail its details (S4-12(2)). */
      readonly accountPersonId: string;
    }
  | { readonly type: "completed"; readonly attemptId: string; readonly servedMs: number };

export type ServiceEvent = ServiceFact & { readonly version: number; readonly meta: ServiceMeta };

export type AttemptState = AttemptMade & {
  readonly recordedMs: number;
  readonly by: UserId;
  readonly evidence: readonly EvidencePiece[];
  readonly warnings: readonly string[];
  readonly status: "open" | "complete" | "failed";
  readonly failed?: {
    readonly why: Failure;
    readonly onDate: CivilDate;
    readonly accountPersonId: string;
    readonly recordedMs: number;
  };
};

/** A paper of the gateway, or one that came from the bureau's own system (grant, refusal: S4-11). */
export type ServedPaper = {
  readonly documentId: DocumentId;
  readonly applicationId: ApplicationId;
  readonly title: string;
  readonly number: string;
  readonly issuedMs: number;
  readonly foreign: boolean;
};

export type ServiceState = {
  readonly paper: ServedPaper;
  readonly version: number;
  readonly attempts: readonly AttemptState[];
  readonly served?: {
    readonly attemptId: string;
    readonly method: ServiceMethod;
    /** When it counts as served. */
    readonly servedMs: number;
    /** When that was written down. */
    readonly recordedMs: number;
  };
};

function onAttempt(
  state: ServiceState,
  attemptId: string,
  change: (attempt: AttemptState) => AttemptState,
): readonly AttemptState[] {
  return state.attempts.map((attempt) => (attempt.attemptId === attemptId ? change(attempt) : attempt));
}

/** Throws RangeError when the event can't follow. */
export function evolveService(state: ServiceState, event: ServiceEvent): ServiceState {
  if (event.version !== state.version + 1)
    throw new RangeError(`service event ${event.version} does not follow version ${state.version}`);
  const next = { ...state, version: event.version };
  const { atMs, by, warnings = [] } = event.meta;
  switch (event.type) {
    case "attempted":
      return {
        ...next,
        attempts: [
          ...state.attempts,
          { ...event.attempt, recordedMs: atMs, by, evidence: [], warnings, status: "open" },
        ],
      };
    case "supplied":
      return {
        ...next,
        attempts: onAttempt(state, event.attemptId, (attempt) => ({
          ...attempt,
          evidence: [...attempt.evidence, ...event.evidence],
        })),
      };
    case "failed": {
      const { why, onDate, accountPersonId } = event;
      return {
        ...next,
        attempts: onAttempt(state, event.attemptId, (attempt) => ({
          ...attempt,
          status: "failed",
          failed: { why, onDate, accountPersonId, recordedMs: atMs },
        })),
      };
    }
    case "completed": {
      const { attemptId, servedMs } = event;
      const method = state.attempts.find((attempt) => attempt.attemptId === attemptId)?.method;
      if (method === undefined) throw new RangeError("a service completed by an attempt that was not made");
      return {
        ...next,
        attempts: onAttempt(state, attemptId, (attempt) => ({ ...attempt, status: "complete" })),
        served: { attemptId, method, servedMs, recordedMs: atMs },
      };
    }
    default:
      throw new RangeError("a service event of no known kind");
  }
}
