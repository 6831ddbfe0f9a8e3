/** Case files: list with the timer, completeness, the check of the four properties, filing, hand-over. */
import { type Static, Type } from "typebox";
import { CHECKS, PROPERTIES } from "../../domain/case-files/four-properties.ts";
import { ACTIVITY_KINDS } from "../../domain/records/document-kinds.ts";
import { codesOf } from "./errors.ts";
import { CommandIdField, DateField, Line, Nullable, TimeMs, UserIdField, closed, list } from "./fields.ts";
import { CaseIdField, RecordRow } from "./records.ts";
import { route } from "./route.ts";
import { ScanIdField } from "./scans.ts";

const WRITERS = ["clerk", "supervisor", "leader", "custodian"] as const;
const errors = codesOf("filing", "records", "evidence", "store");
const params = closed({ caseId: CaseIdField });
const OUTCOMES = ["pass", "warn", "fail"] as const;
const Keep = Type.Union([Type.Literal("permanent"), Type.Integer({ minimum: 1, maximum: 100 })]);
const ListId = Type.String({ pattern: "^handover-[0-9a-f]{16}$" });

export const CaseRowView = closed({
  caseId: CaseIdField,
  /** Null where its words were destroyed, or for a matter of the counter. */
  title: Nullable(Type.String()),
  activity: Type.Enum([...ACTIVITY_KINDS]),
  atCounter: Type.Boolean(),
  openedAt: TimeMs,
  endedAt: Nullable(TimeMs),
  due: Nullable(
    closed({
      lastDay: DateField,
      days: Type.Integer(),
      article: Nullable(Type.String()),
      inferred: Type.Boolean(),
      overdue: Type.Boolean(),
    }),
  ),
  state: Type.Enum(["open", "ended", "overdue", "filed", "handedOver"]),
  archivalCode: Nullable(Type.String()),
  keep: Nullable(Keep),
});
export type CaseRowView = Static<typeof CaseRowView>;

export const FourProperties = closed({
  checkedAt: TimeMs,
  properties: list(closed({ property: Type.Enum([...PROPERTIES]), outcome: Type.Enum([...OUTCOMES]) })),
  results: list(
    closed({
      check: Type.Enum([...CHECKS]),
      property: Type.Enum([...PROPERTIES]),
      outcome: Type.Enum([...OUTCOMES]),
      counted: Type.Integer({ minimum: 0 }),
      wrong: list(Type.String()),
    }),
  ),
});
export type FourProperties = Static<typeof FourProperties>;

export const CaseDetail = closed({
  row: CaseRowView,
  members: list(
    closed({
      type: Type.String(),
      what: Type.String(),
      at: TimeMs,
      /** Of a scan that belongs to the matter. */
      scanId: Type.Optional(ScanIdField),
    }),
    5000,
  ),
  records: list(RecordRow, 500),
  missing: list(closed({ what: Type.String(), of: Type.String(), lacks: list(Type.String()) }), 5000),
  report: Nullable(FourProperties),
});
export type CaseDetail = Static<typeof CaseDetail>;

export const HandOverView = closed({
  listId: ListId,
  caseIds: list(CaseIdField, 500),
  from: UserIdField,
  fromSignedAt: TimeMs,
  to: Nullable(UserIdField),
  toSignedAt: Nullable(TimeMs),
});
export type HandOverView = Static<typeof HandOverView>;

const pdf = { mediaType: "application/pdf", description: "PDF/A" } as const;

export const caseFileRoutes = {
  listCaseFiles: route({
    method: "GET",
    url: "/api/cases",
    tag: "case files",
    summary: "Matters, newest first, with the timer of their case files",
    audience: WRITERS,
    query: closed({
      overdue: Type.Optional(Type.Boolean()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
    }),
    answer: list(CaseRowView, 500),
    errors: [],
  }),
  caseDetail: route({
    method: "GET",
    url: "/api/cases/:caseId",
    tag: "case files",
    summary: "Everything of one matter by kind, and what is missing",
    audience: WRITERS,
    params,
    answer: CaseDetail,
    errors,
  }),
  endAct: route({
    method: "POST",
    url: "/api/cases/:caseId/end",
    tag: "case files",
    summary: "The act has ended: the timer of the case file begins",
    audience: WRITERS,
    params,
    body: closed({
      commandId: CommandIdField,
      endedMs: TimeMs,
      lawLimit: Type.Optional(
        closed({ days: Type.Integer({ minimum: 1, maximum: 3650 }), basis: Line(120) }),
      ),
    }),
    answer: CaseRowView,
    errors,
  }),
  checkCase: route({
    method: "GET",
    url: "/api/cases/:caseId/check",
    tag: "case files",
    summary: "The four properties 四性检测 now, read from the bodies",
    audience: WRITERS,
    params,
    answer: FourProperties,
    errors,
    rateLimit: { max: 10, windowMs: 60_000 },
  }),
  fileCase: route({
    method: "POST",
    url: "/api/cases/:caseId/file",
    tag: "case files",
    summary: "File it under an archival code, after the check",
    audience: WRITERS,
    params,
    body: closed({
      commandId: CommandIdField,
      archivalCode: Line(120),
      keep: Keep,
      explained: Type.Optional(Line(2000)),
    }),
    answer: CaseDetail,
    errors,
  }),
  caseReportPage: route({
    method: "GET",
    url: "/api/cases/:caseId/report.pdf",
    tag: "case files",
    summary: "四性检测报告 as made at filing, A4",
    audience: WRITERS,
    params,
    answer: pdf,
    errors: [...errors, ...codesOf("documents"), "http.notFound"],
  }),
  caseMetadata: route({
    method: "GET",
    url: "/api/cases/:caseId/metadata",
    tag: "case files",
    summary: "Archival metadata of its footage, with what the gateway can't fill left open",
    audience: ["supervisor", "leader", "custodian"],
    params,
    answer: list(
      list(
        closed({
          name: Type.String(),
          zh: Type.String(),
          group: Type.String(),
          obligation: Type.Enum(["M", "C", "O"]),
          value: Nullable(Type.Union([Type.String(), Type.Number(), Type.Array(Type.String())])),
        }),
      ),
    ),
    errors,
  }),
  handOverCases: route({
    method: "POST",
    url: "/api/hand-overs",
    tag: "case files",
    summary: "Draw up a hand-over list 移交清单 and sign it for the giving side",
    audience: ["clerk", "supervisor", "leader"],
    body: closed({
      commandId: CommandIdField,
      caseIds: Type.Array(CaseIdField, { minItems: 1, maxItems: 500 }),
    }),
    answer: HandOverView,
    status: 201,
    errors,
  }),
  takeOverCases: route({
    method: "POST",
    url: "/api/hand-overs/:listId/take-over",
    tag: "case files",
    summary: "The custodian signs for the taking side",
    audience: ["custodian"],
    params: closed({ listId: ListId }),
    body: closed({ commandId: CommandIdField }),
    answer: HandOverView,
    errors,
  }),
  listHandOvers: route({
    method: "GET",
    url: "/api/hand-overs",
    tag: "case files",
    summary: "Hand-over lists",
    audience: WRITERS,
    answer: list(HandOverView, 1000),
    errors: [],
  }),
  handOverPage: route({
    method: "GET",
    url: "/api/hand-overs/:listId/list.pdf",
    tag: "case files",
    summary: "A hand-over list for both sides' signatures, A4",
    audience: WRITERS,
    params: closed({ listId: ListId }),
    answer: pdf,
    errors: [...errors, ...codesOf("documents")],
  }),
} as const;
