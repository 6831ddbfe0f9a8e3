/**
 * How intake events, personal data and refused attempts are written as entries, and read back. Invariant: a
 * transition's body names people by the id of their `person` entry only.
 */
import type { Delegation } from "../domain/intake/approval-steps.ts";
import type { IntakeEvent } from "../domain/intake/events.ts";
import type { PersonRecord } from "../domain/intake/party.ts";
import { type ApplicationId, applicationId, streamId } from "../domain/ids.ts";
import type { EntryDraft, JsonObject } from "./ports.ts";

const INTAKE_STREAM = streamId("intake");
const PERSON_STREAM = streamId("person");
const DOCUMENT_STREAM = streamId("document");
const ACCESS_STREAM = streamId("access");
const APPROVAL_STREAM = streamId("approval");
const OVERSIGHT_STREAM = streamId("oversight");

/** A deep copy as plain JSON: what is logged can't be changed afterwards by whoever made it. */
export function asJson(value: object): JsonObject {
  const json: unknown = JSON.parse(JSON.stringify(value));
  return json as JsonObject;
}

/** An opinion of the chain and a hand-over are entries of their own kind; all else is `intake`. */
function entryType(type: IntakeEvent["type"]): "approval" | "service" | "intake" {
  if (type === "handedOver" || type === "serviceRecorded") return "service";
  return type === "proposed" || type === "approvalGiven" || type === "proposalRecalled"
    ? "approval"
    : "intake";
}

export function eventDraft(id: ApplicationId, event: IntakeEvent): EntryDraft {
  return {
    type: entryType(event.type),
    stream: INTAKE_STREAM,
    t: event.meta.at.wallMs,
    record: { json: asJson({ v: 1, applicationId: id, event }) },
  };
}

/** The event in a body that `eventDraft` wrote; undefined for a body of another form. */
export function eventOf(
  json: JsonObject,
): { readonly applicationId: ApplicationId; readonly event: IntakeEvent } | undefined {
  const { v, applicationId: id, event } = json;
  if (v !== 1 || typeof id !== "string" || typeof event !== "object" || event === null) return undefined;
  // Written by eventDraft and covered by the entry's hash, so its form is the one given there.
  return { applicationId: applicationId(id), event: event as unknown as IntakeEvent };
}

export function personDraft(id: ApplicationId, personId: string, person: PersonRecord): EntryDraft {
  return {
    type: "person",
    stream: PERSON_STREAM,
    record: { json: asJson({ v: 1, applicationId: id, personId, person }) },
  };
}

export function personOf(
  json: JsonObject,
): { readonly personId: string; readonly person: PersonRecord } | undefined {
  const { v, personId, person } = json;
  if (v !== 1 || typeof personId !== "string" || typeof person !== "object" || person === null)
    return undefined;
  return { personId, person: person as unknown as PersonRecord };
}

export function documentDraft(record: object): EntryDraft {
  return { type: "document", stream: DOCUMENT_STREAM, record: { json: asJson(record) } };
}

/** 授权: an outcome delegated to the window, or the end of that. */
export type DelegationAct = {
  readonly v: 1;
  readonly delegationId: string;
  readonly by: string;
  readonly atMs: number;
} & (
  | ({ readonly what: "delegation" } & Delegation)
  | { readonly what: "delegationRevoked"; readonly reason: string }
);

export function delegationDraft(act: DelegationAct): EntryDraft {
  return { type: "approval", stream: APPROVAL_STREAM, t: act.atMs, record: { json: asJson(act) } };
}

/** A claim at a kiosk; never the code, never the characters typed. */
export type ClaimAttempt = {
  readonly v: 1;
  readonly what: "claim";
  readonly kioskId: string;
  readonly atMs: number;
  readonly outcome: "granted" | "refused" | "spent" | "blocked";
  readonly applicationId?: string;
  readonly codeHash?: string;
};

export function claimDraft(attempt: ClaimAttempt): EntryDraft {
  return { type: "access", stream: ACCESS_STREAM, t: attempt.atMs, record: { json: asJson(attempt) } };
}

/** A step that was refused by a rule of law: it belongs in the oversight ledger. */
export type RefusedAttempt = {
  readonly v: 1;
  readonly what: "refusedAttempt";
  readonly applicationId: string;
  readonly atMs: number;
  readonly userId: string;
  readonly role: string;
  readonly device: string;
  readonly command: string;
  readonly code: string;
  readonly article?: string;
};

export function refusedDraft(attempt: RefusedAttempt): EntryDraft {
  return { type: "oversight", stream: OVERSIGHT_STREAM, t: attempt.atMs, record: { json: asJson(attempt) } };
}
