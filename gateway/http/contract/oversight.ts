/** Oversight: random samples, comments on the timeline, findings, the inspection ledger, reports and printable books. */
import { type Static, Type } from "typebox";
import { MEANS_REMARKS, MEANS_RULES } from "../../domain/oversight/means.ts";
import { codesOf } from "./errors.ts";
import {
  CommandIdField,
  DateField,
  Done,
  EntryRefField,
  Line,
  Nullable,
  TimeMs,
  UserIdField,
  closed,
  list,
} from "./fields.ts";
import { route } from "./route.ts";

const INSPECTORS = ["supervisor", "leader"] as const;
const READERS = ["supervisor", "leader", "custodian"] as const;
const errors = codesOf("oversight", "evidence", "store");
const MonthField = Type.String({ pattern: "^20[0-9]{2}-(0[1-9]|1[0-2])$" });
const PeriodField = Type.String({ pattern: "^20[0-9]{2}(-(0[1-9]|1[0-2]))?$" });
const SubjectField = Type.String({ pattern: "^[a-z]{1,16}/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" });
/** The screen shows the oldest of them; page and CSV have them all. */
export const MOST_NOTED = 500;
const interval = closed({ fromMs: TimeMs, toMs: TimeMs });

export const SampleView = closed({
  period: Type.String(),
  askedBy: UserIdField,
  candidates: Type.Integer(),
  count: Type.Integer(),
  /** Null between the asking and the draw. */
  drawn: Nullable(
    closed({
      at: TimeMs,
      /** What the seed follows from: origin, size and root of the tree behind the asking. */
      origin: Type.String(),
      size: Type.Integer(),
      rootHex: Type.String(),
      seed: Type.String(),
      note: Type.String(),
      items: list(Type.String(), 500),
    }),
  ),
});
export type SampleView = Static<typeof SampleView>;

const Answered = Nullable(closed({ at: TimeMs, by: UserIdField, text: Type.String() }));
export const FindingView = closed({
  findingId: Type.String(),
  at: TimeMs,
  by: UserIdField,
  subject: Type.String(),
  text: Type.String(),
  order: Type.String(),
  responsible: UserIdField,
  dueOn: DateField,
  article: Nullable(Type.String()),
  rectified: Answered,
  closed: Answered,
  isOverdue: Type.Boolean(),
});
export type FindingView = Static<typeof FindingView>;

export const CheckRowView = closed({
  ref: EntryRefField,
  at: TimeMs,
  by: Type.String(),
  kind: Type.Enum(["playback", "view", "drawn", "comment", "finding", "rectified", "findingClosed"]),
  subject: Type.String(),
  text: Type.String(),
  momentMs: Nullable(TimeMs),
});
export type CheckRowView = Static<typeof CheckRowView>;

const FigureRows = list(
  closed({ of: Type.String(), figures: Type.Record(Type.String(), Type.Number()) }),
  5000,
);
export const ReportView = closed({
  period: Type.String(),
  officers: FigureRows,
  counters: FigureRows,
  cameras: FigureRows,
  bodyCameras: FigureRows,
  inspections: Type.Record(Type.String(), Type.Number()),
  listed: list(
    closed({
      kind: Type.String(),
      at: TimeMs,
      applicationId: Type.String(),
      by: Type.String(),
      detail: Nullable(Type.String()),
    }),
    20_000,
  ),
  uninformedComplaints: Type.Integer(),
  overdue: Type.Integer(),
});
export type ReportView = Static<typeof ReportView>;

const Words = closed({ zh: Type.String(), en: Type.String() });
const MeansCounts = closed({
  acts: Type.Integer(),
  video: Type.Integer(),
  sound: Type.Integer(),
  photos: Type.Integer(),
  met: Type.Integer(),
  grounded: Type.Integer(),
  short: Type.Integer(),
  chosen: Type.Integer(),
  left: Type.Integer(),
  beyond: Type.Integer(),
  broken: Type.Integer(),
  mismatch: Type.Integer(),
  formLacking: Type.Integer(),
});
export type MeansCounts = Static<typeof MeansCounts>;
const MeansOf = list(closed({ of: Type.String(), counts: MeansCounts }), 5000);
/** What each kind of act of a month called for, what was recorded, and what has to be looked at. */
export const MeansView = closed({
  period: Type.String(),
  kinds: list(
    closed({
      activity: Words,
      stage: Words,
      kind: Words,
      rule: Type.Enum([...MEANS_RULES]),
      article: Nullable(Type.String()),
      counts: MeansCounts,
    }),
    2000,
  ),
  sections: MeansOf,
  officers: MeansOf,
  choices: list(
    closed({
      kind: Words,
      of: Type.String(),
      acts: Type.Integer(),
      recorded: Type.Integer(),
    }),
    5000,
  ),
  noted: list(
    closed({
      id: Type.String(),
      matterId: Type.String(),
      kind: Words,
      by: Type.String(),
      at: TimeMs,
      remarks: list(
        closed({ remark: Type.Enum([...MEANS_REMARKS]), article: Nullable(Type.String()) }),
        MEANS_REMARKS.length,
      ),
    }),
    MOST_NOTED,
  ),
  /** How many have a remark; more than are listed where a month has that many. */
  notedCount: Type.Integer(),
  withoutPurpose: list(closed({ of: Type.String(), files: Type.Integer() }), 5000),
});
export type MeansView = Static<typeof MeansView>;

export const BOOKS = ["requests", "looks", "checks", "custody", "devices", "training"] as const;
const finding = closed({ findingId: Type.String({ pattern: "^of-[0-9a-f]{16}$" }) });

export const oversightRoutes = {
  drawSample: route({
    method: "POST",
    url: "/api/oversight/samples",
    tag: "oversight",
    summary:
      "Draw the random sample of a month that is over; the seed is the log's own root, so nobody can choose",
    audience: INSPECTORS,
    body: closed({
      commandId: CommandIdField,
      period: MonthField,
      count: Type.Integer({ minimum: 1, maximum: 500 }),
    }),
    answer: SampleView,
    status: 201,
    errors,
  }),
  listSamples: route({
    method: "GET",
    url: "/api/oversight/samples",
    tag: "oversight",
    summary: "Samples, newest month first",
    audience: READERS,
    answer: list(SampleView, 500),
    errors,
  }),
  commentCheck: route({
    method: "POST",
    url: "/api/oversight/comments",
    tag: "oversight",
    summary: "A comment on a moment of footage or on a file",
    audience: INSPECTORS,
    body: closed({
      commandId: CommandIdField,
      subject: SubjectField,
      text: Line(1000),
      momentMs: Type.Optional(TimeMs),
    }),
    answer: Done,
    errors,
  }),
  newFinding: route({
    method: "POST",
    url: "/api/oversight/findings",
    tag: "oversight",
    summary: "A finding with the order to rectify and its last day",
    audience: INSPECTORS,
    body: closed({
      commandId: CommandIdField,
      subject: SubjectField,
      text: Line(1000),
      order: Line(1000),
      responsible: UserIdField,
      dueOn: DateField,
      article: Type.Optional(Line(40)),
    }),
    answer: FindingView,
    status: 201,
    errors,
  }),
  listFindings: route({
    method: "GET",
    url: "/api/oversight/findings",
    tag: "oversight",
    summary: "Findings; overdue ones say so",
    audience: ["clerk", "technician", ...READERS],
    answer: list(FindingView, 1000),
    errors,
  }),
  rectifyFinding: route({
    method: "POST",
    url: "/api/oversight/findings/:findingId/rectified",
    tag: "oversight",
    summary: "What was done about a finding",
    audience: ["clerk", "technician", ...READERS],
    params: finding,
    body: closed({ commandId: CommandIdField, text: Line(1000) }),
    answer: FindingView,
    errors,
  }),
  closeFinding: route({
    method: "POST",
    url: "/api/oversight/findings/:findingId/closed",
    tag: "oversight",
    summary: "Close a finding that was rectified 销号",
    audience: INSPECTORS,
    params: finding,
    body: closed({ commandId: CommandIdField, text: Line(1000) }),
    answer: FindingView,
    errors,
  }),
  checkLedger: route({
    method: "GET",
    url: "/api/oversight/ledger",
    tag: "oversight",
    summary: "The inspection ledger 检查台账, newest first",
    audience: READERS,
    query: interval,
    answer: list(CheckRowView, 2000),
    errors,
  }),
  oversightReport: route({
    method: "GET",
    url: "/api/oversight/report",
    tag: "oversight",
    summary: "Figures of a month or a year",
    audience: READERS,
    query: closed({ period: PeriodField }),
    answer: ReportView,
    errors,
  }),
  oversightReportPdf: route({
    method: "GET",
    url: "/api/oversight/report.pdf",
    tag: "oversight",
    summary: "The report as an A4 page 月报, 年度考核数据",
    audience: READERS,
    query: closed({ period: PeriodField }),
    answer: { mediaType: "application/pdf", description: "PDF/A" },
    errors: [...errors, ...codesOf("documents")],
  }),
  oversightReportCsv: route({
    method: "GET",
    url: "/api/oversight/report.csv",
    tag: "oversight",
    summary: "The report for spreadsheets: UTF-8 with BOM, no field can be a formula",
    audience: READERS,
    query: closed({ period: PeriodField }),
    answer: { mediaType: "text/csv", description: "CSV (RFC 4180)" },
    errors,
  }),
  meansReport: route({
    method: "GET",
    url: "/api/oversight/means",
    tag: "oversight",
    summary: "Means of recording beside what each act of a month called for, by kind, section and officer",
    audience: READERS,
    query: closed({ period: MonthField }),
    answer: MeansView,
    errors,
  }),
  meansReportPdf: route({
    method: "GET",
    url: "/api/oversight/means.pdf",
    tag: "oversight",
    summary: "The report of means as an A4 page 执法记录方式与事项要求对照表",
    audience: READERS,
    query: closed({ period: MonthField }),
    answer: { mediaType: "application/pdf", description: "PDF/A" },
    errors: [...errors, ...codesOf("documents")],
  }),
  meansReportCsv: route({
    method: "GET",
    url: "/api/oversight/means.csv",
    tag: "oversight",
    summary: "The report of means for spreadsheets: UTF-8 with BOM, no field can be a formula",
    audience: READERS,
    query: closed({ period: MonthField }),
    answer: { mediaType: "text/csv", description: "CSV (RFC 4180)" },
    errors,
  }),
  bookPage: route({
    method: "GET",
    url: "/api/books/:book/page.pdf",
    tag: "oversight",
    summary: "A register as an A4 page: 查阅登记簿, 调阅台账, 检查台账, 交接登记, 设备台账, 培训名册",
    audience: READERS,
    params: closed({ book: Type.Enum([...BOOKS]) }),
    query: interval,
    answer: { mediaType: "application/pdf", description: "PDF/A" },
    errors: [...errors, ...codesOf("documents", "access")],
  }),
} as const;
