/**
 * Viewing and copying 查阅、复制: requests with credentials, approvals, supply and receipt; secrecy labels and seals.
 * Invariant: names and numbers of people outside go in and out in bodies alone, never in an address.
 */
import { type Static, Type } from "typebox";
import {
  ACCESS_ACTS,
  CREDENTIAL_KINDS,
  MATERIALS,
  OFFICES,
  REQUESTER_KINDS,
  SENSITIVITIES,
} from "../../domain/access/parties.ts";
import { codesOf } from "./errors.ts";
import {
  CameraIdField,
  CommandIdField,
  Done,
  EntryRefField,
  Line,
  Nullable,
  Sha256Field,
  TimeMs,
  UserIdField,
  closed,
  list,
} from "./fields.ts";
import { RequestIdField } from "./playback.ts";
import { route } from "./route.ts";

const DESKS = ["clerk", "supervisor", "leader", "custodian"] as const;
const errors = codesOf("access", "evidence", "store");
const MatterIdField = Type.String({ pattern: "^[a-z0-9][a-z0-9.-]{0,63}$", maxLength: 64 });
const FootageRangeField = closed({ cameraId: CameraIdField, fromMs: TimeMs, toMs: TimeMs });
const params = closed({ requestId: RequestIdField });

const PersonField = closed({
  name: Line(100),
  unit: Type.Optional(Line(100)),
  number: Line(40),
  phone: Type.Optional(Line(40)),
});
const SensitivityField = Type.Enum([...SENSITIVITIES]);
const CredentialField = Type.Enum([...CREDENTIAL_KINDS]);

export const AccessRequestView = closed({
  requestId: RequestIdField,
  status: Type.Enum(["credentials", "approval", "granted", "refused", "closed"]),
  at: TimeMs,
  registeredBy: UserIdField,
  requester: Type.Enum([...REQUESTER_KINDS]),
  person: Nullable(PersonField),
  act: Type.Enum([...ACCESS_ACTS]),
  material: Type.Enum([...MATERIALS]),
  inProceeding: Type.Boolean(),
  matterId: Nullable(Type.String()),
  footage: Nullable(FootageRangeField),
  purpose: Type.String(),
  /** Article that the way of this request follows; null where the regulation is silent. */
  article: Nullable(Type.String()),
  /** The regulation does not govern it; the head decides (S3-C-11). */
  outsideThisRule: Type.Boolean(),
  /** One of each group has to be shown. */
  credentials: list(list(CredentialField, 8), 8),
  shown: list(closed({ kind: CredentialField, scan: EntryRefField }), 8),
  steps: list(closed({ office: Type.Enum([...OFFICES]), article: Nullable(Type.String()) }), 8),
  approvals: list(
    closed({
      office: Type.Enum([...OFFICES]),
      by: UserIdField,
      at: TimeMs,
      approved: Type.Boolean(),
      opinion: Type.String(),
    }),
    8,
  ),
  looks: Type.Integer({ minimum: 0 }),
  supplies: list(
    closed({ ref: EntryRefField, at: TimeMs, by: UserIdField, sha256: Sha256Field, what: Type.String() }),
    500,
  ),
  receiptAt: Nullable(TimeMs),
});
export type AccessRequestView = Static<typeof AccessRequestView>;

export const SealView = closed({
  matterId: Type.String(),
  state: Type.Enum(["pending", "kept"]),
  sealedBy: Type.String(),
  sealedAt: TimeMs,
});

export const accessRoutes = {
  newAccessRequest: route({
    method: "POST",
    url: "/api/access-requests",
    tag: "access",
    summary:
      "Register a request for viewing, copying or borrowing; the answer says who has to approve, by which article",
    audience: DESKS,
    body: closed({
      commandId: CommandIdField,
      requester: Type.Enum([...REQUESTER_KINDS]),
      person: Type.Optional(PersonField),
      act: Type.Enum([...ACCESS_ACTS]),
      material: Type.Enum([...MATERIALS]),
      inProceeding: Type.Boolean(),
      matterId: Type.Optional(MatterIdField),
      footage: Type.Optional(FootageRangeField),
      purpose: Line(500),
    }),
    answer: AccessRequestView,
    status: 201,
    errors,
  }),
  listAccessRequests: route({
    method: "GET",
    url: "/api/access-requests",
    tag: "access",
    summary:
      "Requests registered in an interval, newest first 查阅登记簿; a clerk sees their own and those of matters they are on",
    audience: DESKS,
    query: closed({ fromMs: TimeMs, toMs: TimeMs }),
    answer: list(AccessRequestView, 500),
    errors,
  }),
  readAccessRequest: route({
    method: "GET",
    url: "/api/access-requests/:requestId",
    tag: "access",
    summary: "One request",
    audience: DESKS,
    params,
    answer: AccessRequestView,
    errors,
  }),
  checkAccessCredentials: route({
    method: "POST",
    url: "/api/access-requests/:requestId/credentials",
    tag: "access",
    summary: "Which credentials were shown, each with its scan in the record",
    audience: DESKS,
    params,
    body: closed({
      commandId: CommandIdField,
      shown: list(closed({ kind: CredentialField, scan: EntryRefField }), 8),
    }),
    answer: AccessRequestView,
    errors,
  }),
  decideAccessRequest: route({
    method: "POST",
    url: "/api/access-requests/:requestId/decision",
    tag: "access",
    summary: "One approval step, signed by the office whose turn it is",
    audience: DESKS,
    params,
    body: closed({ commandId: CommandIdField, approved: Type.Boolean(), opinion: Line(500) }),
    answer: AccessRequestView,
    errors,
  }),
  signAccessReceipt: route({
    method: "POST",
    url: "/api/access-requests/:requestId/receipt",
    tag: "access",
    summary: "The requester signs for what was supplied",
    audience: DESKS,
    params,
    body: closed({
      commandId: CommandIdField,
      signature: Type.Union([
        closed({ mode: Type.Literal("ink"), scan: EntryRefField }),
        closed({
          mode: Type.Literal("stroke"),
          strokes: list(list(Type.Array(Type.Number(), { minItems: 3, maxItems: 4 }), 5000), 200),
        }),
      ]),
    }),
    answer: AccessRequestView,
    bodyLimitBytes: 262_144,
    errors,
  }),
  closeAccessRequest: route({
    method: "POST",
    url: "/api/access-requests/:requestId/close",
    tag: "access",
    summary: "End a request: done, withdrawn, or what was borrowed came back",
    audience: DESKS,
    params,
    body: closed({ commandId: CommandIdField, how: Type.Enum(["done", "withdrawn", "returned"]) }),
    answer: AccessRequestView,
    errors,
  }),
  retainedCopy: route({
    method: "GET",
    url: "/api/access-requests/:requestId/retained/:index",
    tag: "access",
    summary: "What was kept of a supply: the manifest that names every byte given out",
    audience: ["supervisor", "leader", "custodian"],
    params: closed({ requestId: RequestIdField, index: Type.String({ pattern: "^[0-9]{1,3}$" }) }),
    answer: { mediaType: "application/json", description: "manifest of the supply" },
    errors: [...errors, "http.notFound"],
  }),
  labelMatter: route({
    method: "PUT",
    url: "/api/matters/:matterId/sensitivity",
    tag: "access",
    summary: "Secrecy labels of a matter 国家秘密、商业秘密、个人隐私; an empty list takes them off",
    audience: DESKS,
    params: closed({ matterId: MatterIdField }),
    body: closed({ commandId: CommandIdField, labels: list(SensitivityField, 3), reason: Line(500) }),
    answer: closed({ labels: list(SensitivityField, 3) }),
    errors,
  }),
  labelFile: route({
    method: "PUT",
    url: "/api/dock-files/:fileId/sensitivity",
    tag: "access",
    summary: "Secrecy labels of a body-camera file",
    audience: DESKS,
    params: closed({ fileId: MatterIdField }),
    body: closed({ commandId: CommandIdField, labels: list(SensitivityField, 3), reason: Line(500) }),
    answer: closed({ labels: list(SensitivityField, 3) }),
    errors,
  }),
  sealMatter: route({
    method: "POST",
    url: "/api/matters/:matterId/seal",
    tag: "access",
    summary:
      "Secret material was found: nobody sees the matter and its packs stay here until an officer decides",
    audience: DESKS,
    params: closed({ matterId: MatterIdField }),
    body: closed({ commandId: CommandIdField, reason: Line(500) }),
    answer: Done,
    errors,
  }),
  decideSeal: route({
    method: "POST",
    url: "/api/matters/:matterId/seal-decision",
    tag: "access",
    summary: "An officer releases the matter or keeps it sealed",
    audience: ["leader"],
    params: closed({ matterId: MatterIdField }),
    body: closed({ commandId: CommandIdField, decision: Type.Enum(["release", "keep"]), opinion: Line(500) }),
    answer: Done,
    errors,
  }),
  listSeals: route({
    method: "GET",
    url: "/api/seals",
    tag: "access",
    summary: "Sealed matters",
    audience: DESKS,
    answer: list(SealView, 1000),
    errors: [],
  }),
} as const;
