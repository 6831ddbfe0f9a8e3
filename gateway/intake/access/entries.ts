/**
 * The bodies of a request's entries. Invariant: names, units and numbers of people outside stand in `person` bodies
 * alone; everything else names them by id.
 */
import { streamId } from "../../domain/ids.ts";
import { asJson } from "../entries.ts";
import type { EntryDraft } from "./ports.ts";
import type { RequestFacts, ShownCredential } from "./request.ts";

const ACCESS = streamId("access");
const APPROVAL = streamId("approval");
const PERSON = streamId("person");
const LABEL = streamId("label");
const SIGNATURE = streamId("signatures");

/** Who asks, as their papers say. */
export interface RequesterRecord {
  readonly name: string;
  readonly unit?: string;
  readonly number: string;
  readonly phone?: string;
}

type Stamp = { readonly commandId: string; readonly by: string };

/** `matterId`: what they ask about; their name goes with that matter. */
export function requesterDraft(
  personId: string,
  requester: RequesterRecord,
  matterId: string | undefined,
): EntryDraft {
  const of = matterId === undefined ? {} : { caseId: matterId };
  const json = asJson({ v: 1, ...of, personId, person: { role: "requester", requester } });
  return { type: "person", stream: PERSON, record: { json } };
}
export function requestDraft(facts: RequestFacts, commandId: string): EntryDraft {
  return {
    type: "access",
    stream: ACCESS,
    t: facts.atMs,
    record: { json: asJson({ v: 1, what: "request", commandId, request: facts }) },
  };
}
export function credentialsDraft(
  body: Stamp & { readonly requestId: string; readonly shown: readonly ShownCredential[] },
): EntryDraft {
  return {
    type: "access",
    stream: ACCESS,
    record: { json: asJson({ v: 1, what: "credentials", ...body }) },
  };
}
export function approvalDraft(
  body: Stamp & {
    readonly requestId: string;
    readonly office: string;
    readonly approved: boolean;
    readonly opinion: string;
    readonly article?: string;
  },
): EntryDraft {
  return {
    type: "approval",
    stream: APPROVAL,
    record: { json: asJson({ v: 1, what: "access", ...body }) },
  };
}
export function supplyDraft(
  body: Stamp & {
    readonly requestId: string;
    readonly subject: string;
    readonly reason: string;
    readonly applicationId?: string;
    readonly sha256: string;
    readonly sizeBytes: number;
  },
  retained: Uint8Array,
): EntryDraft {
  const json = asJson({ v: 1, act: "supply", basis: "request", ...body });
  return { type: "access", stream: ACCESS, record: { json, attachment: retained } };
}
export function receiptDraft(
  body: Stamp & { readonly requestId: string; readonly mode: "ink" | "stroke"; readonly given: object },
): EntryDraft {
  return {
    type: "signature",
    stream: SIGNATURE,
    record: { json: asJson({ v: 1, what: "accessReceipt", ...body }) },
  };
}
export function closedDraft(body: Stamp & { readonly requestId: string; readonly how: string }): EntryDraft {
  return { type: "access", stream: ACCESS, record: { json: asJson({ v: 1, what: "closed", ...body }) } };
}
export function labelDraft(body: Stamp & { readonly what: string; readonly target: string }): EntryDraft {
  return { type: "label", stream: LABEL, record: { json: asJson({ v: 1, ...body }) } };
}
