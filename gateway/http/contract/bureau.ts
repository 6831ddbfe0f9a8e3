/**
 * The bureau's own approval system: staff's side, and the small API that its program calls with a token of its own.
 * Outcomes are pulled by cursor; each has one id for ever, so whoever keeps the last id gets each exactly once.
 */
import { type Static, Type } from "typebox";
import { CASE_SOURCES } from "../../domain/bureau/case.ts";
import { DECISIONS, PAUSE_REASONS } from "../../domain/bureau/decision.ts";
import {
  ApplicationIdField,
  CommandIdField,
  DateField,
  DocumentIdField,
  Line,
  Nullable,
  TimeMs,
  closed,
  list,
} from "./fields.ts";
import { codesOf } from "./errors.ts";
import { ApplicantField } from "./intake-fields.ts";
import { route } from "./route.ts";
import { TABLE_LIMIT_BYTES, TableBody, TableReport } from "./tables.ts";

const STAFF = ["clerk", "supervisor"] as const;
const READERS = ["clerk", "supervisor", "leader"] as const;
const errors = codesOf("bureau", "intake", "service", "store");
/** Calls of the bureau's program, per address. */
const RATE = { max: 120, windowMs: 60_000 };
const CaseNoField = Type.String({ minLength: 1, maxLength: 64 });
const params = closed({ id: ApplicationIdField });

export const CaseBody = {
  caseNo: CaseNoField,
  matterCode: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,63}$" }),
  applicant: ApplicantField,
};
export const CaseView = closed({
  caseNo: Type.String(),
  matterCode: Type.String(),
  source: Type.Enum([...CASE_SOURCES]),
  cameAt: TimeMs,
  applicationId: Nullable(ApplicationIdField),
  /** Null once the personal data was erased. */
  applicant: Nullable(ApplicantField),
});
export type CaseView = Static<typeof CaseView>;

export const OutcomeView = closed({
  id: Type.String({ description: "stable for ever; the cursor" }),
  at: TimeMs,
  applicationId: ApplicationIdField,
  caseNo: Nullable(Type.String()),
  kind: Type.Enum([
    "registered",
    "received",
    "accepted",
    "correctionNotified",
    "notAccepted",
    "supplementReceived",
    "withdrawn",
    "served",
  ]),
  papers: list(closed({ kind: Type.String(), number: Type.String() }), 16),
  /** The paper that was served. */
  servedDocumentId: Nullable(DocumentIdField),
});
export type OutcomeView = Static<typeof OutcomeView>;

const PauseBody = {
  reason: Type.Enum([...PAUSE_REASONS]),
  from: DateField,
  documentNo: Line(80),
};
const DecisionBody = {
  decision: Type.Enum([...DECISIONS]),
  number: Line(80),
  decidedOn: DateField,
};
export const DueView = closed({
  applicationId: ApplicationIdField,
  caseNo: Nullable(Type.String()),
  status: Type.Enum(["running", "soon", "overdue", "paused", "toDeliver", "deliveryOverdue", "done"]),
  /** The day that counts now: of the decision, or of its delivery. */
  date: DateField,
  decisionDue: DateField,
  provisional: Type.Boolean(),
  effectiveDay: DateField,
  pauses: list(
    closed({
      reason: Type.Enum([...PAUSE_REASONS]),
      from: DateField,
      to: Nullable(DateField),
      documentNo: Type.String(),
    }),
    100,
  ),
  extensionDays: Nullable(Type.Integer()),
  decided: Nullable(closed(DecisionBody)),
  documentId: Nullable(DocumentIdField),
});
export type DueView = Static<typeof DueView>;

const command = { commandId: CommandIdField };

export const bureauRoutes = {
  listCases: route({
    method: "GET",
    url: "/api/bureau/cases",
    tag: "bureau",
    summary: "Cases that came in from the bureau's own system, newest first",
    audience: READERS,
    query: closed({ all: Type.Optional(Type.Boolean()) }),
    answer: list(CaseView, 500),
    errors: [],
  }),
  takeCaseQr: route({
    method: "POST",
    url: "/api/bureau/cases/qr",
    tag: "bureau",
    summary: "Take a case from the text of its QR code",
    audience: STAFF,
    body: closed({ ...command, text: Type.String({ minLength: 2, maxLength: 3000 }) }),
    answer: CaseView,
    errors,
  }),
  importCases: route({
    method: "POST",
    url: "/api/bureau/cases/import",
    tag: "bureau",
    summary: "Cases from a table (CSV), all or nothing; every bad row is told",
    audience: STAFF,
    body: TableBody,
    answer: TableReport,
    errors,
    bodyLimitBytes: TABLE_LIMIT_BYTES,
  }),
  linkCase: route({
    method: "POST",
    url: "/api/bureau/cases/link",
    tag: "bureau",
    summary: "The application was registered from this case",
    audience: STAFF,
    body: closed({ ...command, caseNo: CaseNoField, applicationId: ApplicationIdField }),
    answer: CaseView,
    errors,
  }),
  listDue: route({
    method: "GET",
    url: "/api/bureau/due",
    tag: "bureau",
    summary: "Decisions that are due and decisions to be delivered, the most urgent first",
    audience: READERS,
    answer: list(DueView, 5000),
    errors,
  }),
  pauseDecision: route({
    method: "POST",
    url: "/api/bureau/due/:id/pause",
    tag: "bureau",
    summary: "Time is not counted for a hearing, test or the like; the applicant was told in writing",
    audience: STAFF,
    params,
    body: closed({ ...command, ...PauseBody }),
    answer: DueView,
    errors,
  }),
  resumeDecision: route({
    method: "POST",
    url: "/api/bureau/due/:id/resume",
    tag: "bureau",
    summary: "Time is counted again after this day",
    audience: STAFF,
    params,
    body: closed({ ...command, to: DateField }),
    answer: DueView,
    errors,
  }),
  extendDecision: route({
    method: "POST",
    url: "/api/bureau/due/:id/extension",
    tag: "bureau",
    summary: "The head lengthened the limit by at most ten working days, and the reasons were told",
    audience: STAFF,
    params,
    body: closed({
      ...command,
      days: Type.Integer({ minimum: 1 }),
      documentNo: Line(80),
      approvedBy: Line(60),
    }),
    answer: DueView,
    errors,
  }),
  enterDecision: route({
    method: "POST",
    url: "/api/bureau/due/:id/decision",
    tag: "bureau",
    summary: "Enter the decision, whose paper is then handed over here",
    audience: STAFF,
    params,
    body: closed({ ...command, ...DecisionBody }),
    answer: DueView,
    errors,
  }),
  makeBureauToken: route({
    method: "POST",
    url: "/api/bureau/token",
    tag: "bureau",
    summary: "A fresh token for the bureau's program, said once; the one before ends",
    audience: ["supervisor", "technician"],
    body: closed(command),
    answer: closed({ token: Type.String() }),
    errors: codesOf("store"),
  }),
  bureauCase: route({
    method: "POST",
    url: "/bureau/v1/cases",
    tag: "bureau-api",
    summary: "The bureau's program gives a case; the same case again changes nothing",
    audience: "bureau",
    body: closed({ ...command, ...CaseBody }),
    answer: closed({ caseNo: Type.String(), applicationId: Nullable(ApplicationIdField) }),
    errors,
    rateLimit: RATE,
  }),
  bureauOutcomes: route({
    method: "GET",
    url: "/bureau/v1/outcomes",
    tag: "bureau-api",
    summary: "Outcomes after a cursor, oldest first; without `next` there is nothing more",
    audience: "bureau",
    query: closed({
      after: Type.Optional(Type.String({ pattern: "^[0-9.]{4,10}-[0-9]{12}$" })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    }),
    answer: closed({ rows: list(OutcomeView, 200), next: Nullable(Type.String()) }),
    errors,
    rateLimit: RATE,
  }),
  bureauDecision: route({
    method: "POST",
    url: "/bureau/v1/applications/:id/decision",
    tag: "bureau-api",
    summary: "The bureau's program gives the decision",
    audience: "bureau",
    params,
    body: closed({ ...command, ...DecisionBody }),
    answer: DueView,
    errors,
    rateLimit: RATE,
  }),
  bureauPause: route({
    method: "POST",
    url: "/bureau/v1/applications/:id/pause",
    tag: "bureau-api",
    summary: "The bureau's program stops the clock (law 45)",
    audience: "bureau",
    params,
    body: closed({ ...command, ...PauseBody }),
    answer: DueView,
    errors,
    rateLimit: RATE,
  }),
  bureauResume: route({
    method: "POST",
    url: "/bureau/v1/applications/:id/resume",
    tag: "bureau-api",
    summary: "The bureau's program lets the clock go on",
    audience: "bureau",
    params,
    body: closed({ ...command, to: DateField }),
    answer: DueView,
    errors,
    rateLimit: RATE,
  }),
} as const;
