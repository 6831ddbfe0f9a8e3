/** A request for viewing or copying as its entries make it, from registering to the signed receipt. */
import type { AccessDecision } from "../../domain/access/decide-access.ts";
import type {
  CredentialKind,
  Material,
  Office,
  RequestedAct,
  RequesterKind,
} from "../../domain/access/parties.ts";
import type { EntryRef, UserId } from "../../domain/ids.ts";

export type FootageRange = { readonly cameraId: string; readonly fromMs: number; readonly toMs: number };

export type ShownCredential = { readonly kind: CredentialKind; readonly scan: EntryRef };

export type Approval = {
  readonly office: Office;
  readonly by: UserId;
  readonly atMs: number;
  readonly approved: boolean;
  readonly opinion: string;
  readonly article?: string;
};

export type Supply = {
  readonly ref: EntryRef;
  readonly atMs: number;
  readonly by: UserId;
  /** Of the retained copy, which is the attachment of the entry `ref`. */
  readonly sha256: string;
  readonly what: string;
};

/** What is asked for, fixed when it is registered. */
export type RequestFacts = {
  readonly requestId: string;
  readonly registeredBy: UserId;
  readonly atMs: number;
  readonly requester: {
    readonly kind: RequesterKind;
    /** Of the `person` entry with name, unit and number; absent for own staff. */
    readonly personId?: string;
    readonly userId?: UserId;
  };
  readonly act: RequestedAct;
  readonly material: Material;
  readonly inProceeding: boolean;
  readonly matterId?: string;
  readonly footage?: FootageRange;
  readonly purpose: string;
  readonly decision: Extract<AccessDecision, { readonly verdict: "allowed" }>;
  readonly profile: { readonly id: string; readonly version: string };
};

export type RequestState = RequestFacts & {
  readonly shown: readonly ShownCredential[];
  readonly checkedBy?: UserId;
  readonly approvals: readonly Approval[];
  readonly supplies: readonly Supply[];
  /** How often something was opened by it. */
  readonly looks: number;
  readonly receipt?: { readonly ref: EntryRef; readonly atMs: number; readonly mode: "ink" | "stroke" };
  readonly closedMs?: number;
  readonly grantedMs?: number;
};

export type RequestStatus = "credentials" | "approval" | "granted" | "refused" | "closed";

export function statusOf(request: RequestState): RequestStatus {
  if (request.closedMs !== undefined) return "closed";
  if (request.approvals.some(({ approved }) => !approved)) return "refused";
  if (request.decision.credentials.length > 0 && request.checkedBy === undefined) return "credentials";
  return request.approvals.length < request.decision.steps.length ? "approval" : "granted";
}
