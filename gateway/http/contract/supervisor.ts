/** The supervisor's ledgers: who looked at what, what is missing, what was overridden, which papers are out. */
import { type Static, Type } from "typebox";
import {
  ApplicationIdField,
  DocumentIdField,
  EntryRefField,
  Nullable,
  PageQuery,
  TimeMs,
  closed,
  pageOf,
} from "./fields.ts";
import { DOCUMENT_KINDS } from "../../domain/document.ts";
import { GapView } from "./playback.ts";
import { route } from "./route.ts";

const OVERSEERS = ["supervisor", "leader", "custodian"] as const;

export const AccessRow = closed({
  ref: EntryRefField,
  at: TimeMs,
  /** Account id, or `kiosk/<counter>` for an applicant at a kiosk. */
  by: Type.String(),
  /** view, copy, print, live, snapshot. */
  act: Type.String(),
  /** What was looked at, such as `document/…`, `camera/…`; never a name of a person. */
  subject: Type.String(),
  reason: Nullable(Type.String()),
  applicationId: Nullable(ApplicationIdField),
  fromMs: Nullable(TimeMs),
  toMs: Nullable(TimeMs),
  /** caseOfficer, handling, inspection, request; null for looks that need none, such as a kiosk's. */
  basis: Nullable(Type.String()),
  requestId: Nullable(Type.String()),
});
export type AccessRow = Static<typeof AccessRow>;

export const OverrideRow = closed({
  ref: EntryRefField,
  at: TimeMs,
  applicationId: ApplicationIdField,
  supervisor: Type.String(),
  reasonCode: Type.String(),
  legalBasis: Type.String(),
});
export type OverrideRow = Static<typeof OverrideRow>;

export const IssuedDocumentRow = closed({
  documentId: DocumentIdField,
  applicationId: ApplicationIdField,
  kind: Type.Enum([...DOCUMENT_KINDS]),
  number: Type.String(),
  issuedAt: TimeMs,
  printCount: Type.Integer({ minimum: 0 }),
  served: Type.Boolean(),
});
export type IssuedDocumentRow = Static<typeof IssuedDocumentRow>;

const query = closed(PageQuery);

export const supervisorRoutes = {
  accessLedger: route({
    method: "GET",
    url: "/api/ledgers/access",
    tag: "supervisor",
    summary: "Ledger of views and copies 调阅台账",
    audience: OVERSEERS,
    query,
    answer: pageOf(AccessRow),
    errors: [],
  }),
  gapLedger: route({
    method: "GET",
    url: "/api/ledgers/gaps",
    tag: "supervisor",
    summary: "Gaps in the recording, each with its cause",
    audience: [...OVERSEERS, "technician"],
    query,
    answer: pageOf(GapView),
    errors: [],
  }),
  overrideLedger: route({
    method: "GET",
    url: "/api/ledgers/overrides",
    tag: "supervisor",
    summary: "Second notices and other departures from a rule, each approved by a supervisor",
    audience: OVERSEERS,
    query,
    answer: pageOf(OverrideRow),
    errors: [],
  }),
  documentLedger: route({
    method: "GET",
    url: "/api/ledgers/documents",
    tag: "supervisor",
    summary: "All issued papers with number, prints and service",
    audience: [...OVERSEERS, "clerk"],
    query,
    answer: pageOf(IssuedDocumentRow),
    errors: [],
  }),
} as const;
