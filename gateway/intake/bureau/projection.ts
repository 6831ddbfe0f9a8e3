/**
 * The view of the bureau's link: cases that came in, the decision stage of accepted applications, and the outbox of
 * outcomes. Invariant: it follows from entries alone and holds no personal data; an outcome's id is its entry's place.
 */
import type { Decision, DecisionStage, Extension, Pause } from "../../domain/bureau/decision.ts";
import type { CaseSource } from "../../domain/bureau/case.ts";
import type { IntakeEvent } from "../../domain/intake/events.ts";
import { type ApplicationId, type CommandId, streamId } from "../../domain/ids.ts";
import type { CivilDate } from "../../domain/time.ts";
import { eventOf } from "../entries.ts";
import { asJson, markDone } from "../log-work.ts";
import type { EntryDraft, JsonObject, ProjectedEntry, Projection, ViewTransaction } from "../ports.ts";

const STREAM = streamId("bureau");

export type BureauFact =
  | {
      readonly type: "caseCame";
      readonly caseNo: string;
      readonly matterCode: string;
      readonly personId: string;
      readonly source: CaseSource;
    }
  | { readonly type: "caseLinked"; readonly caseNo: string; readonly applicationId: ApplicationId }
  | { readonly type: "paused"; readonly applicationId: ApplicationId; readonly pause: Pause }
  | { readonly type: "resumed"; readonly applicationId: ApplicationId; readonly to: CivilDate }
  | { readonly type: "extended"; readonly applicationId: ApplicationId; readonly extension: Extension }
  | {
      readonly type: "decided";
      readonly applicationId: ApplicationId;
      readonly made: Decision;
      readonly documentId: string;
    };

export type CaseRow = {
  readonly caseNo: string;
  readonly matterCode: string;
  readonly personId: string;
  readonly source: CaseSource;
  readonly cameMs: number;
  readonly applicationId?: ApplicationId;
};
export type StageRow = {
  readonly applicationId: ApplicationId;
  readonly stage: DecisionStage;
  /** The decision's paper, to be handed over through service. */
  readonly documentId?: string;
};
export type OutcomeRow = {
  readonly id: string;
  readonly atMs: number;
  readonly applicationId: ApplicationId;
  readonly kind: string;
  readonly papers: readonly { readonly kind: string; readonly number: string }[];
  readonly servedDocumentId?: string;
};

const SEQ_DIGITS = 12;
export const bureauKey = {
  case: (caseNo: string) => `case/${encodeURIComponent(caseNo)}`,
  caseOrder: (atMs: number, caseNo: string) =>
    `case-order/${String(atMs).padStart(15, "0")}/${encodeURIComponent(caseNo)}`,
  caseOf: (application: string) => `case-of/${application}`,
  stage: (application: string) => `stage/${application}`,
  outcome: (id: string) => `outcome/${id}`,
  person: (id: string) => `person/${id}`,
} as const;

export function bureauDraft(
  fact: BureauFact,
  meta: { readonly by: string; readonly commandId: CommandId },
): EntryDraft {
  return { type: "intake", stream: STREAM, record: { json: asJson({ v: 1, bureau: fact, ...meta }) } };
}

/** Personal data of a case has a body of its own, as an applicant's has. */
export function casePersonDraft(personId: string, person: object): EntryDraft {
  return { type: "person", stream: streamId("person"), record: { json: asJson({ v: 1, personId, person }) } };
}

const TOLD: ReadonlySet<IntakeEvent["type"]> = new Set([
  "registered",
  "received",
  "accepted",
  "correctionNotified",
  "notAccepted",
  "supplementReceived",
  "withdrawn",
]);

function applyEvent(
  { logId, seq, entry }: ProjectedEntry,
  application: ApplicationId,
  event: IntakeEvent,
  table: ViewTransaction,
): void {
  if (event.type === "accepted")
    table.put(
      bureauKey.stage(application),
      asJson({
        applicationId: application,
        stage: { effectiveDay: event.effectiveDay, pauses: [] },
      } satisfies StageRow),
    );
  const served =
    (event.type === "handedOver" && event.signature !== undefined) ||
    (event.type === "serviceRecorded" && event.step === "completed");
  if (!TOLD.has(event.type) && !served) return;
  const id = `${logId}-${String(seq).padStart(SEQ_DIGITS, "0")}`;
  table.put(
    bureauKey.outcome(id),
    asJson({
      id,
      atMs: entry.t,
      applicationId: application,
      kind: served ? "served" : event.type,
      papers: event.papers.map(({ kind, number }) => ({ kind, number })),
      ...(event.type === "handedOver" || event.type === "serviceRecorded"
        ? { servedDocumentId: event.documentId }
        : {}),
    } satisfies OutcomeRow),
  );
}

async function editStage(
  table: ViewTransaction,
  application: string,
  change: (row: StageRow) => StageRow,
): Promise<void> {
  const row = (await table.get(bureauKey.stage(application))) as unknown as StageRow | undefined;
  if (row !== undefined) table.put(bureauKey.stage(application), asJson(change(row)));
}

async function applyFact(fact: BureauFact, { entry }: ProjectedEntry, table: ViewTransaction): Promise<void> {
  switch (fact.type) {
    case "caseCame": {
      const { type: _type, ...row } = fact;
      const before = await table.get(bureauKey.case(fact.caseNo));
      if (before !== undefined) table.del(bureauKey.caseOrder(Number(before["cameMs"]), fact.caseNo));
      table.put(bureauKey.case(fact.caseNo), { ...row, cameMs: entry.t });
      table.put(bureauKey.caseOrder(entry.t, fact.caseNo), { caseNo: fact.caseNo });
      return;
    }
    case "caseLinked": {
      const row = await table.get(bureauKey.case(fact.caseNo));
      if (row !== undefined)
        table.put(bureauKey.case(fact.caseNo), { ...row, applicationId: fact.applicationId });
      table.put(bureauKey.caseOf(fact.applicationId), { caseNo: fact.caseNo });
      return;
    }
    case "paused":
      return editStage(table, fact.applicationId, (row) => ({
        ...row,
        stage: { ...row.stage, pauses: [...row.stage.pauses, fact.pause] },
      }));
    case "resumed":
      return editStage(table, fact.applicationId, (row) => ({
        ...row,
        stage: {
          ...row.stage,
          pauses: row.stage.pauses.map((one) => (one.to === undefined ? { ...one, to: fact.to } : one)),
        },
      }));
    case "extended":
      return editStage(table, fact.applicationId, (row) => ({
        ...row,
        stage: { ...row.stage, extension: fact.extension },
      }));
    case "decided":
      return editStage(table, fact.applicationId, (row) => ({
        ...row,
        stage: { ...row.stage, decided: fact.made },
        documentId: fact.documentId,
      }));
    default:
  }
}

export const bureauProjection: Projection = {
  name: "bureau",
  version: 1,
  types: ["intake", "service", "person"],
  async apply(projected, table) {
    const json: JsonObject | undefined = projected.record?.json;
    if (json === undefined) return;
    if (projected.entry.type === "person") {
      const { logId, seq } = projected;
      if (typeof json["personId"] === "string")
        table.put(bureauKey.person(json["personId"]), { ref: { logId, seq } });
      return;
    }
    if (projected.entry.stream === STREAM) {
      // Written by `bureauDraft` and covered by the entry's hash.
      await applyFact(json["bureau"] as unknown as BureauFact, projected, table);
      markDone(table, json["commandId"], { done: true });
      return;
    }
    const read = eventOf(json);
    if (read !== undefined) applyEvent(projected, read.applicationId, read.event, table);
  },
};
