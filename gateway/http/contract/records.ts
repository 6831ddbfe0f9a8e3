/** Records beyond the counter: the catalogue of papers, matters, what was recorded and what is missing of it. */
import { type Static, Type } from "typebox";
import {
  AV_RULES,
  ACTIVITY_KINDS,
  HOLD_TRIGGERS,
  RECORD_FLAGS,
  STAGES,
} from "../../domain/records/document-kinds.ts";
import { AV_STATES } from "../../domain/records/av-duty.ts";
import { LACKS } from "../../domain/records/judge-record.ts";
import { AUTHORITY_BASES } from "../../domain/authority.ts";
import { SCAN_MEDIA, SIGNED_HOW } from "../../domain/records/record.ts";
import { codesOf } from "./errors.ts";
import {
  Bilingual,
  CommandIdField,
  EntryRefField,
  Line,
  Nullable,
  TimeMs,
  UserIdField,
  closed,
  list,
} from "./fields.ts";
import { route } from "./route.ts";

const WRITERS = ["clerk", "supervisor", "leader"] as const;
const READERS = ["clerk", "supervisor", "leader", "custodian"] as const;
const errors = codesOf("records", "evidence", "store");
const Name = Type.String({ pattern: "^[A-Za-z][A-Za-z0-9]{0,63}$" });
export const CaseIdField = Type.String({ pattern: "^[a-z0-9][a-z0-9.-]{0,63}$" });
const RecordIdField = Type.String({ pattern: "^rec-[0-9a-f]{20}$" });
const Words = Type.Record(Type.String(), Bilingual);
const Long = Type.String({ maxLength: 20_000 });

export const CatalogueView = closed({
  kinds: list(
    closed({
      kind: Name,
      name: Bilingual,
      activities: list(Type.Enum([...ACTIVITY_KINDS])),
      stage: Type.Enum([...STAGES]),
      articles: list(Type.String()),
      fields: list(Name),
      signers: list(closed({ roles: list(Name), count: Type.Integer(), mayRefuse: Type.Boolean() })),
      av: list(Name),
      hold: Nullable(Type.Enum([...HOLD_TRIGGERS])),
      approval: Type.Boolean(),
      fieldWork: Type.Boolean(),
    }),
  ),
  matters: list(
    closed({
      context: Name,
      name: Bilingual,
      /** What the regulation in force says; null where it is silent. */
      rule: Nullable(
        closed({ rule: Type.Enum([...AV_RULES]), article: Type.String(), photoFallback: Type.Boolean() }),
      ),
    }),
  ),
  words: closed({
    activities: Words,
    stages: Words,
    fields: Words,
    signers: Words,
    flags: Words,
    avReasons: Words,
  }),
  /** Activities that the regulation in force governs, and grounds on which footage may be left out. */
  activities: list(Type.Enum([...ACTIVITY_KINDS])),
  avReasons: list(Name),
});
export type CatalogueView = Static<typeof CatalogueView>;

const Officer = closed({ name: Line(120), certNo: Type.Optional(Line(120)), certShown: Type.Boolean() });
const Signed = closed({
  role: Name,
  name: Line(120),
  how: Type.Enum([...SIGNED_HOW]),
  reason: Type.Optional(Line(2000)),
});
const Footage = Type.Union([
  closed({ type: Type.Literal("camera"), cameraId: CaseIdField, fromMs: TimeMs, toMs: TimeMs }),
  closed({ type: Type.Literal("file"), fileId: Type.String({ maxLength: 128 }) }),
]);
const Scan = closed({ type: Type.Literal("scan"), ref: EntryRefField, media: Type.Enum([...SCAN_MEDIA]) });
const details = {
  fields: Type.Record(Name, Long),
  officers: list(Officer, 50),
  signatures: list(Signed, 100),
  footage: list(Footage, 200),
  scans: list(Scan, 200),
  avReason: Type.Optional(closed({ code: Name, text: Line(2000) })),
  interruptionReason: Type.Optional(Line(2000)),
};

export const RecordRow = closed({
  recordId: RecordIdField,
  caseId: CaseIdField,
  kind: Name,
  name: Bilingual,
  activity: Type.Enum([...ACTIVITY_KINDS]),
  stage: Type.Enum([...STAGES]),
  articles: list(Type.String()),
  startMs: TimeMs,
  endMs: TimeMs,
  recordedMs: TimeMs,
  by: UserIdField,
  av: Type.Enum([...AV_STATES]),
  deficient: Type.Boolean(),
  lacks: list(
    closed({ lack: Type.Enum([...LACKS]), what: Nullable(Type.String()), article: Nullable(Type.String()) }),
  ),
  interruptions: list(closed({ fromMs: TimeMs, toMs: TimeMs })),
  lateMs: Type.Integer({ minimum: 0 }),
  footage: Type.Integer({ minimum: 0 }),
  scans: Type.Integer({ minimum: 0 }),
  uninformed: Type.Boolean(),
  approvedBy: Nullable(UserIdField),
});
export type RecordRow = Static<typeof RecordRow>;

export const RecordDetail = closed({
  row: RecordRow,
  place: Nullable(Type.String()),
  fields: Type.Record(Type.String(), Type.String()),
  officers: list(Officer),
  signatures: list(Signed),
  avReason: Nullable(Type.String()),
  interruptionReason: Nullable(Type.String()),
  /** Words of it were destroyed by a list. */
  erased: Type.Boolean(),
});
export type RecordDetail = Static<typeof RecordDetail>;

export const recordRoutes = {
  recordCatalogue: route({
    method: "GET",
    url: "/api/records/catalogue",
    tag: "records",
    summary: "Every paper of the whole process, with what the regulation in force wants of it",
    audience: READERS,
    answer: CatalogueView,
    errors: [],
  }),
  avMattersPage: route({
    method: "GET",
    url: "/api/records/av-matters.pdf",
    tag: "records",
    summary: "List of AV matters 音像记录事项清单, A4",
    audience: READERS,
    answer: { mediaType: "application/pdf", description: "PDF/A" },
    errors: codesOf("documents"),
  }),
  listRecords: route({
    method: "GET",
    url: "/api/records",
    tag: "records",
    summary: "Records, newest first, with what is missing",
    audience: READERS,
    query: closed({
      caseId: Type.Optional(CaseIdField),
      activity: Type.Optional(Type.Enum([...ACTIVITY_KINDS])),
      kind: Type.Optional(Name),
      article: Type.Optional(Type.String({ pattern: "^S[0-4](-[A-C])?-[0-9]{1,2}[ab]?$" })),
      deficient: Type.Optional(Type.Boolean()),
      uninformed: Type.Optional(Type.Boolean()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
    }),
    answer: list(RecordRow, 500),
    errors: [],
  }),
  openCase: route({
    method: "POST",
    url: "/api/cases",
    tag: "records",
    summary: "Open a matter that did not begin at the counter",
    audience: WRITERS,
    body: closed({
      commandId: CommandIdField,
      activity: Type.Enum([...ACTIVITY_KINDS]),
      title: Line(300),
      party: Type.Optional(Line(120)),
      authorityBasis: Type.Enum([...AUTHORITY_BASES]),
      powerItem: Type.Optional(Line(300)),
    }),
    answer: closed({ caseId: CaseIdField }),
    status: 201,
    errors,
  }),
  makeRecord: route({
    method: "POST",
    url: "/api/cases/:caseId/records",
    tag: "records",
    summary: "Record a paper of a matter",
    audience: WRITERS,
    params: closed({ caseId: CaseIdField }),
    body: closed({
      commandId: CommandIdField,
      kind: Name,
      startMs: TimeMs,
      endMs: TimeMs,
      place: Type.Optional(Line(300)),
      flags: list(Type.Enum([...RECORD_FLAGS]), 5),
      answers: Type.Optional(RecordIdField),
      ...details,
    }),
    answer: RecordRow,
    status: 201,
    errors,
    bodyLimitBytes: 1024 * 1024,
  }),
  recordDetail: route({
    method: "GET",
    url: "/api/records/:recordId",
    tag: "records",
    summary: "What was written: a row of the access ledger first",
    audience: READERS,
    params: closed({ recordId: RecordIdField }),
    answer: RecordDetail,
    errors,
  }),
  supplementRecord: route({
    method: "POST",
    url: "/api/records/:recordId/supplement",
    tag: "records",
    summary: "Add to a record; nothing of it is replaced",
    audience: WRITERS,
    params: closed({ recordId: RecordIdField }),
    body: closed({ commandId: CommandIdField, ...details }),
    answer: RecordRow,
    errors,
    bodyLimitBytes: 1024 * 1024,
  }),
  approveRecord: route({
    method: "POST",
    url: "/api/records/:recordId/approve",
    tag: "records",
    summary: "Approve a form that is complete",
    audience: ["supervisor", "leader"],
    params: closed({ recordId: RecordIdField }),
    body: closed({ commandId: CommandIdField }),
    answer: RecordRow,
    errors,
  }),
} as const;
