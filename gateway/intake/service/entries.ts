/**
 * Entries of service and their view: one state per paper, hand-overs at the counter included. Invariant: a
 * transition names people by the id of their `person` entry only, and the view follows from entries alone.
 */
import { civilDate } from "../../domain/calendar.ts";
import {
  type ApplicationId,
  type DocumentId,
  applicationId,
  documentId,
  streamId,
} from "../../domain/ids.ts";
import {
  type AttemptMade,
  type ServedPaper,
  type ServiceEvent,
  type ServiceFact,
  type ServiceState,
  evolveService,
} from "../../domain/service/service.ts";
import { parseDocumentRecord } from "../../domain/document-record.ts";
import { beijingDate } from "../../domain/time.ts";
import type { IntakeEvent } from "../../domain/intake/events.ts";
import { eventOf } from "../entries.ts";
import { asJson, markDone } from "../log-work.ts";
import type { EntryDraft, JsonObject, ProjectedEntry, Projection, ViewTransaction } from "../ports.ts";

const STREAM = streamId("service");
const PAPERS = streamId("foreign-papers");

export const serviceKey = {
  state: (id: string) => `state/${id}`,
  /** Papers of one application. */
  of: (application: string, id: string) => `of/${application}/${id}`,
  /** A step the application has not been told of yet. */
  owed: (id: string) => `owed/${id}`,
  person: (id: string) => `person/${id}`,
} as const;

/** A step the application has not been told of. */
export type OwedRow = {
  readonly documentId: DocumentId;
  readonly applicationId: ApplicationId;
  readonly step: "attempted" | "completed";
  readonly attemptId: string;
  readonly version: number;
};

export function serviceDraft(id: DocumentId, event: ServiceEvent): EntryDraft {
  return {
    type: "service",
    stream: STREAM,
    record: { json: asJson({ v: 1, documentId: id, service: event }) },
  };
}

/** A paper of the bureau's own system that is handed over here (S4-11); its content is a scan. */
export function foreignPaperDraft(
  paper: ServedPaper & { readonly commandId: string; readonly by: string },
): EntryDraft {
  return { type: "service", stream: PAPERS, record: { json: asJson({ v: 1, foreignPaper: paper }) } };
}

async function stateIn(table: ViewTransaction, id: string): Promise<ServiceState | undefined> {
  return (await table.get(serviceKey.state(id))) as unknown as ServiceState | undefined;
}

function putState(table: ViewTransaction, state: ServiceState): void {
  const { documentId: id, applicationId: application } = state.paper;
  table.put(serviceKey.state(id), asJson(state));
  table.put(serviceKey.of(application, id), {});
}

async function applyOwn(event: ServiceEvent, id: string, table: ViewTransaction): Promise<void> {
  const before = await stateIn(table, id);
  if (before === undefined) return;
  const after = evolveService(before, event);
  putState(table, after);
  markDone(table, event.meta.commandId, { documentId: id });
  if (event.type !== "attempted" && event.type !== "completed") return;
  const attemptId = event.type === "attempted" ? event.attempt.attemptId : event.attemptId;
  const attempt = after.attempts.find((one) => one.attemptId === attemptId);
  if (attempt !== undefined)
    table.put(
      serviceKey.owed(`${id}/${event.version}`),
      asJson({
        documentId: after.paper.documentId,
        applicationId: after.paper.applicationId,
        step: event.type,
        attemptId,
        version: event.version,
      } satisfies OwedRow),
    );
}

/** A hand-over at the counter is direct service: the clerk's command carries recipient and signature (AS-13). */
async function applyHandOver(
  event: IntakeEvent & { readonly type: "handedOver" },
  table: ViewTransaction,
): Promise<void> {
  const before = await stateIn(table, event.documentId);
  if (before === undefined || before.served !== undefined) return;
  const { commandId, at, actor, profile, warnings } = event.meta;
  const meta = {
    commandId,
    by: actor.userId,
    atMs: at.wallMs,
    profile,
    ...(warnings === undefined ? {} : { warnings }),
  };
  const attempt: AttemptMade = {
    attemptId: `${event.documentId}.v${event.version}`,
    happenedMs: at.wallMs,
    servers: [{ officerId: actor.userId, ...(actor.certNo === undefined ? {} : { certNo: actor.certNo }) }],
    credentialsShown: false,
    placeKind: "counter",
    personId: event.recipientPersonId,
    method: "direct",
    toRecipient: event.relation === "self",
  };
  let state = before;
  const put = (fact: ServiceFact): void => {
    state = evolveService(state, { ...fact, version: state.version + 1, meta });
  };
  put({ type: "attempted", attempt });
  const { signature } = event;
  if (signature !== undefined) {
    const { mode, date } = signature;
    put({
      type: "supplied",
      attemptId: attempt.attemptId,
      evidence: [
        // The clerk's own command is the server's part; the ink of both is on the one paper.
        { kind: "serverSignature", mode, date: beijingDate(at.wallMs) },
        { kind: "recipientSignature", mode, date: civilDate(date), ...linkOf(signature.evidence) },
      ],
    });
    put({ type: "completed", attemptId: attempt.attemptId, servedMs: at.wallMs });
  }
  putState(table, state);
}

const linkOf = (ref: string | undefined) =>
  ref === undefined ? {} : { link: { in: "signature" as const, ref } };

async function applyService(
  projected: ProjectedEntry,
  json: JsonObject,
  table: ViewTransaction,
): Promise<void> {
  const { service, documentId: id, foreignPaper } = json;
  if (projected.entry.stream === STREAM && typeof id === "string" && typeof service === "object")
    return applyOwn(service as unknown as ServiceEvent, id, table);
  if (projected.entry.stream === PAPERS && typeof foreignPaper === "object") {
    const {
      commandId,
      by: _by,
      ...paper
    } = foreignPaper as unknown as ServedPaper & {
      readonly commandId: string;
      readonly by: string;
    };
    putState(table, { paper, version: 0, attempts: [] });
    return markDone(table, commandId, { documentId: paper.documentId });
  }
  const read = eventOf(json);
  if (read?.event.type === "handedOver") return applyHandOver(read.event, table);
  if (read?.event.type === "serviceRecorded") {
    const { commandId } = read.event.meta;
    // The command id names the step: `service-<documentId>-<version>`.
    const version = /-(\d+)$/.exec(commandId)?.[1];
    if (version !== undefined) table.del(serviceKey.owed(`${read.event.documentId}/${version}`));
  }
  return undefined;
}

/** The signed paper came back in: what was handed over in ink is whole now. */
async function applySignedScan(json: JsonObject, table: ViewTransaction): Promise<void> {
  const event = eventOf(json)?.event;
  if (event?.type !== "signedPaperScanned") return;
  const state = await stateIn(table, event.documentId);
  const attemptId = state?.served?.attemptId;
  if (state === undefined || attemptId === undefined) return;
  const piece = { kind: "signedReceipt", link: { in: "entry", ref: event.scan } } as const;
  const attempts = state.attempts.map((attempt) =>
    attempt.attemptId === attemptId ? { ...attempt, evidence: [...attempt.evidence, piece] } : attempt,
  );
  putState(table, { ...state, attempts });
}

export const serviceProjection: Projection = {
  name: "service",
  version: 1,
  types: ["document", "service", "person", "intake"],
  async apply(projected, table) {
    const json = projected.record?.json;
    if (json === undefined) return;
    const { type } = projected.entry;
    if (type === "service") await applyService(projected, json, table);
    else if (type === "intake") await applySignedScan(json, table);
    else if (type === "document") {
      const record = parseDocumentRecord(json);
      if (record.kind === "serviceReceipt") return;
      putState(table, {
        paper: {
          documentId: documentId(record.documentId),
          applicationId: applicationId(record.applicationId),
          title: record.facts.title.zh,
          number: record.number,
          issuedMs: record.facts.issuedAtMs,
          foreign: false,
        },
        version: 0,
        attempts: [],
      });
    } else if (typeof json["personId"] === "string") {
      const { logId, seq } = projected;
      table.put(serviceKey.person(json["personId"]), { ref: { logId, seq } });
    }
  },
};
