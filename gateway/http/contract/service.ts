/** Service 送达 of papers: attempts by five ways, their evidence, failure and completion. */
import { type Static, Type } from "typebox";
import { EVIDENCE_KINDS, FAILURES, SERVICE_METHODS } from "../../domain/service/service.ts";
import {
  ApplicationIdField,
  CameraIdField,
  CommandIdField,
  DateField,
  DocumentIdField,
  Line,
  Nullable,
  TimeMs,
  UserIdField,
  closed,
  list,
} from "./fields.ts";
import { codesOf } from "./errors.ts";
import { type RouteContract, route } from "./route.ts";
import { ScanIdField } from "./scans.ts";

const SERVERS = ["clerk"] as const;
const READERS = ["clerk", "supervisor", "leader", "custodian"] as const;
const errors = codesOf("service", "officers", "intake", "documents", "store");
const params = closed({ documentId: DocumentIdField });
const AttemptId = Type.String({ pattern: "^[a-z0-9][a-z0-9.-]{0,79}$" });

const EntryPlace = Type.String({ pattern: "^[0-9.]{4,10}/[0-9]{1,15}$" });
const EvidenceLinkField = Type.Union([
  closed({ in: Type.Literal("camera"), cameraId: CameraIdField, fromMs: TimeMs, toMs: TimeMs }),
  closed({ in: Type.Literal("file"), fileId: Type.String({ pattern: "^f[0-9a-f]{40}$" }) }),
  closed({ in: Type.Literal("scan"), scanId: ScanIdField }),
  closed({ in: Type.Literal("signature"), ref: EntryPlace }),
  closed({ in: Type.Literal("entry"), ref: EntryPlace }),
]);
export const EvidencePieceField = closed({
  kind: Type.Enum([...EVIDENCE_KINDS]),
  mode: Type.Optional(Type.Enum(["ink", "stroke"])),
  date: Type.Optional(DateField),
  link: Type.Optional(EvidenceLinkField),
  exemption: Type.Optional(Line(300)),
});

const AttemptBase = {
  servers: Type.Array(UserIdField, { minItems: 1, maxItems: 8 }),
  happenedAt: TimeMs,
  placeKind: Type.Enum(["counter", "domicile", "unit", "other"]),
  place: Line(300),
  credentialsShown: Type.Boolean(),
};
const AttemptField = Type.Union([
  closed({
    ...AttemptBase,
    method: Type.Literal("direct"),
    signee: Line(100),
    relation: Type.Optional(Line(100)),
  }),
  closed({
    ...AttemptBase,
    method: Type.Literal("postal"),
    mail: Type.Enum(["registered", "express"]),
    postalNo: Line(40),
  }),
  closed({
    ...AttemptBase,
    method: Type.Literal("leaving"),
    refusal: Line(500),
    refusedOn: DateField,
    witness: Type.Optional(Line(100)),
  }),
  closed({
    ...AttemptBase,
    method: Type.Union([Type.Literal("entrusted"), Type.Literal("forwarded")]),
    through: Line(200),
    reason: Line(500),
  }),
  closed({
    ...AttemptBase,
    method: Type.Literal("publicNotice"),
    medium: Line(200),
    publishedOn: DateField,
    periodDays: Type.Integer({ minimum: 1, maximum: 1000 }),
    reason: Line(500),
  }),
]);
export type AttemptField = Static<typeof AttemptField>;

const AttemptView = closed({
  attemptId: Type.String(),
  method: Type.Enum([...SERVICE_METHODS]),
  status: Type.Enum(["open", "complete", "failed"]),
  /** When it happened, and when it was written down. */
  happenedAt: TimeMs,
  recordedAt: TimeMs,
  by: Type.String(),
  servers: list(closed({ officerId: Type.String(), certNo: Nullable(Type.String()) }), 8),
  credentialsShown: Type.Boolean(),
  placeKind: Type.String(),
  /** Null once the personal data was erased. */
  words: Nullable(
    closed({
      recipient: Type.String(),
      place: Type.String(),
      /** What the way has to state, such as refusal, witness, postal number. */
      stated: list(closed({ name: Type.String(), value: Type.String() }), 16),
    }),
  ),
  evidence: list(EvidencePieceField, 40),
  lacking: list(closed({ kind: Type.Enum([...EVIDENCE_KINDS]), article: Type.String() }), 16),
  failed: Nullable(
    closed({ why: Type.Enum([...FAILURES]), onDate: DateField, account: Nullable(Type.String()) }),
  ),
  warnings: list(Type.String(), 8),
});

export const ServiceView = closed({
  documentId: DocumentIdField,
  applicationId: ApplicationIdField,
  title: Type.String(),
  number: Type.String(),
  issuedAt: TimeMs,
  /** From the bureau's own system (S4-11). */
  foreign: Type.Boolean(),
  version: Type.Integer({ minimum: 0 }),
  attempts: list(AttemptView, 40),
  served: Nullable(closed({ method: Type.Enum([...SERVICE_METHODS]), servedAt: TimeMs, recordedAt: TimeMs })),
  notified: Nullable(closed({ due: DateField, firstAttemptAt: Nullable(TimeMs), inTime: Type.Boolean() })),
});
export type ServiceView = Static<typeof ServiceView>;

const Base = { commandId: CommandIdField, expectedVersion: Type.Integer({ minimum: 0 }) };

function command<const Url extends string, const B extends ReturnType<typeof closed>>(
  url: Url,
  summary: string,
  body: B,
) {
  return route({
    method: "POST",
    url,
    tag: "service",
    summary,
    audience: SERVERS,
    params,
    body,
    answer: ServiceView,
    errors,
  } satisfies RouteContract);
}

export const serviceRoutes = {
  readService: route({
    method: "GET",
    url: "/api/services/:documentId",
    tag: "service",
    summary: "A paper's service: every attempt with what it still lacks",
    audience: READERS,
    params,
    answer: ServiceView,
    errors,
  }),
  servicesOfIntake: route({
    method: "GET",
    url: "/api/intakes/:id/services",
    tag: "service",
    summary: "Service of every paper of an application, those of the bureau's own system included",
    audience: READERS,
    params: closed({ id: ApplicationIdField }),
    answer: list(ServiceView, 100),
    errors,
  }),
  attemptService: command(
    "/api/services/:documentId/attempts",
    "Record an attempt at service",
    closed({ ...Base, attempt: AttemptField }),
  ),
  supplyService: command(
    "/api/services/:documentId/evidence",
    "Add evidence to the open attempt",
    closed({
      ...Base,
      attemptId: AttemptId,
      evidence: Type.Array(EvidencePieceField, { minItems: 1, maxItems: 16 }),
    }),
  ),
  failService: command(
    "/api/services/:documentId/failure",
    "The attempt failed, or the mail came back: what happened, and when",
    closed({
      ...Base,
      attemptId: AttemptId,
      why: Type.Enum([...FAILURES]),
      onDate: DateField,
      account: Line(2000),
    }),
  ),
  completeService: command(
    "/api/services/:documentId/completion",
    "The attempt is complete: from now on the paper counts as served",
    closed({ ...Base, attemptId: AttemptId, deliveredOn: Type.Optional(DateField) }),
  ),
} as const;
