/** Holds, warnings, destruction lists, media. */
import { type Static, Type } from "typebox";
import { HOLD_TRIGGERS } from "../../domain/records/document-kinds.ts";
import { codesOf } from "./errors.ts";
import {
  CameraIdField,
  CommandIdField,
  Line,
  Nullable,
  TimeMs,
  UserIdField,
  closed,
  list,
} from "./fields.ts";
import { CaseIdField } from "./records.ts";
import { route } from "./route.ts";

const OVERSEERS = ["supervisor", "leader", "custodian"] as const;
const errors = codesOf("retention", "records", "evidence", "store");
const HoldId = Type.String({ pattern: "^(hold|key)-[A-Za-z0-9.-]{1,140}$" });
const ListId = Type.String({ pattern: "^destroy-[0-9a-f]{12}$" });
const FileId = Type.String({ pattern: "^[A-Za-z0-9._-]{1,128}$" });
const Subject = Type.Union([
  closed({ kind: Type.Literal("case"), caseId: CaseIdField }),
  closed({ kind: Type.Literal("camera"), cameraId: CameraIdField, fromMs: TimeMs, toMs: TimeMs }),
  closed({ kind: Type.Literal("file"), fileId: FileId }),
]);
const Item = Type.Union([
  closed({ kind: Type.Literal("case"), caseId: CaseIdField }),
  closed({ kind: Type.Literal("file"), fileId: FileId }),
]);

export const HoldView = closed({
  holdId: HoldId,
  subject: Subject,
  reason: Type.Enum([...HOLD_TRIGGERS, "keyMarked"]),
  article: Nullable(Type.String()),
  /** Account, or `dock` for a mark made on the camera. */
  by: Type.String(),
  at: TimeMs,
  source: Nullable(Type.String()),
  lifted: Nullable(closed({ by: UserIdField, at: TimeMs, why: Type.String() })),
});
export type HoldView = Static<typeof HoldView>;

const Step = closed({ by: UserIdField, at: TimeMs });
export const DestructionView = closed({
  listId: ListId,
  items: list(Item, 500),
  /** Bodies that go. */
  bodies: Type.Integer({ minimum: 0 }),
  drawn: Step,
  appraisal: Nullable(closed({ by: UserIdField, at: TimeMs, opinion: Type.String() })),
  approvals: list(Step, 2),
  rejected: Nullable(closed({ by: UserIdField, at: TimeMs, why: Type.String() })),
  done: Nullable(Step),
});
export type DestructionView = Static<typeof DestructionView>;

export const MediumView = closed({
  mediumNo: Type.String(),
  kind: Type.Enum(["disc", "removable"]),
  caseId: Nullable(CaseIdField),
  holdId: Nullable(HoldId),
  exportName: Type.String(),
  manifestSha256: Type.String(),
  files: Type.Integer(),
  sizeBytes: Type.Integer(),
  keptAt: Type.String(),
  by: UserIdField,
  at: TimeMs,
});
export type MediumView = Static<typeof MediumView>;

export const WarningView = closed({
  at: TimeMs,
  horizonAt: TimeMs,
  items: list(
    closed({
      what: Type.Enum(["counterUnlinked", "inspectionAv", "caseFile"]),
      of: Type.String(),
      endsAt: TimeMs,
    }),
    2000,
  ),
});
export type WarningView = Static<typeof WarningView>;

const listParams = closed({ listId: ListId });
const pdf = { mediaType: "application/pdf", description: "PDF/A" } as const;

export const retentionRoutes = {
  listHolds: route({
    method: "GET",
    url: "/api/holds",
    tag: "retention",
    summary: "Long-term holds 长期保存, lifted ones too",
    audience: OVERSEERS,
    answer: list(HoldView, 5000),
    errors: [],
  }),
  setHold: route({
    method: "POST",
    url: "/api/holds",
    tag: "retention",
    summary: "Hold a matter, a range or a file for long",
    audience: OVERSEERS,
    body: closed({ commandId: CommandIdField, subject: Subject, reason: Type.Enum([...HOLD_TRIGGERS]) }),
    answer: HoldView,
    status: 201,
    errors,
  }),
  liftHold: route({
    method: "POST",
    url: "/api/holds/:holdId/lift",
    tag: "retention",
    summary: "Lift a hold that another person set",
    audience: ["leader"],
    params: closed({ holdId: HoldId }),
    body: closed({ commandId: CommandIdField, why: Line(2000) }),
    answer: HoldView,
    errors,
  }),
  listWarnings: route({
    method: "GET",
    url: "/api/retention/warnings",
    tag: "retention",
    summary: "What was announced to end",
    audience: OVERSEERS,
    answer: list(WarningView, 1000),
    errors: [],
  }),
  listDestructions: route({
    method: "GET",
    url: "/api/destruction-lists",
    tag: "retention",
    summary: "Destruction lists 销毁清册; they stay for ever",
    audience: OVERSEERS,
    answer: list(DestructionView, 1000),
    errors: [],
  }),
  drawUpDestruction: route({
    method: "POST",
    url: "/api/destruction-lists",
    tag: "retention",
    summary: "Draw up a destruction list of what is over",
    audience: ["supervisor", "custodian"],
    body: closed({ commandId: CommandIdField, items: Type.Array(Item, { minItems: 1, maxItems: 500 }) }),
    answer: DestructionView,
    status: 201,
    errors,
  }),
  appraiseDestruction: route({
    method: "POST",
    url: "/api/destruction-lists/:listId/appraise",
    tag: "retention",
    summary: "Appraise 鉴定: whether nothing of it is worth keeping",
    audience: OVERSEERS,
    params: listParams,
    body: closed({ commandId: CommandIdField, opinion: Line(2000) }),
    answer: DestructionView,
    errors,
  }),
  approveDestruction: route({
    method: "POST",
    url: "/api/destruction-lists/:listId/approve",
    tag: "retention",
    summary: "Approve; two different people have to",
    audience: ["supervisor", "leader"],
    params: listParams,
    body: closed({ commandId: CommandIdField }),
    answer: DestructionView,
    errors,
  }),
  rejectDestruction: route({
    method: "POST",
    url: "/api/destruction-lists/:listId/reject",
    tag: "retention",
    summary: "Refuse the list",
    audience: OVERSEERS,
    params: listParams,
    body: closed({ commandId: CommandIdField, why: Line(2000) }),
    answer: DestructionView,
    errors,
  }),
  carryOutDestruction: route({
    method: "POST",
    url: "/api/destruction-lists/:listId/carry-out",
    tag: "retention",
    summary: "Destroy what the approved list names, all or nothing",
    audience: ["custodian"],
    params: listParams,
    body: closed({ commandId: CommandIdField }),
    answer: DestructionView,
    errors,
  }),
  destructionPage: route({
    method: "GET",
    url: "/api/destruction-lists/:listId/list.pdf",
    tag: "retention",
    summary: "销毁清册 for signatures, A4",
    audience: OVERSEERS,
    params: listParams,
    answer: pdf,
    errors: [...errors, ...codesOf("documents")],
  }),
  listMedia: route({
    method: "GET",
    url: "/api/media",
    tag: "retention",
    summary: "Register of discs and drives 移动介质登记",
    audience: OVERSEERS,
    answer: list(MediumView, 1000),
    errors: [],
  }),
  registerMedium: route({
    method: "POST",
    url: "/api/media",
    tag: "retention",
    summary: "Register a medium with the copy that was written to it",
    audience: ["supervisor", "custodian"],
    body: closed({
      commandId: CommandIdField,
      mediumNo: Line(120),
      kind: Type.Enum(["disc", "removable"]),
      exportId: Type.String({ pattern: "^[0-9a-f]{32}$" }),
      caseId: Type.Optional(CaseIdField),
      holdId: Type.Optional(HoldId),
      keptAt: Line(120),
    }),
    answer: MediumView,
    status: 201,
    errors,
  }),
} as const;
