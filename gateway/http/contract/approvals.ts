/** The chain of approvals before an outcome, and outcomes delegated to the window in advance. */
import { type Static, Type } from "typebox";
import { APPROVAL_OPINIONS, APPROVAL_STEPS, DELEGABLE } from "../../domain/intake/approval-steps.ts";
import { codesOf } from "./errors.ts";
import {
  ApplicationIdField,
  Bilingual,
  CommandIdField,
  DateField,
  Line,
  Nullable,
  TimeMs,
  UserIdField,
  closed,
  list,
} from "./fields.ts";
import { NotAcceptedReasonField } from "./intake-fields.ts";
import { ApplicationCommandBase, ClockView, CommandBase, IntakeView } from "./intake-view.ts";
import { ProposalView } from "./proposal-view.ts";
import { route } from "./route.ts";

const APPROVERS = ["supervisor", "leader"] as const;
const errors = codesOf("intake", "documents", "store");
const Step = Type.Enum([...APPROVAL_STEPS]);

export const PendingApprovalView = closed({
  applicationId: ApplicationIdField,
  version: Type.Integer({ minimum: 0 }),
  matterName: Nullable(Bilingual),
  applicantMasked: Nullable(Type.String()),
  sessionOpen: Type.Boolean(),
  proposal: ProposalView,
  /** Whether who asks may take the step that is due: by role, and as somebody who hasn't acted in it before. */
  yours: Type.Boolean(),
  /** What the paper will say, where it isn't a plain acceptance. */
  reason: Nullable(NotAcceptedReasonField),
  nextDue: Nullable(ClockView),
});
export type PendingApprovalView = Static<typeof PendingApprovalView>;

export const DelegationView = closed({
  delegationId: CommandIdField,
  outcome: Type.Enum([...DELEGABLE]),
  document: Type.String(),
  from: DateField,
  until: DateField,
  by: UserIdField,
  at: TimeMs,
  revoked: Nullable(closed({ by: UserIdField, at: TimeMs, reason: Type.String() })),
});
export type DelegationView = Static<typeof DelegationView>;

export const approvalRoutes = {
  pendingApprovals: route({
    method: "GET",
    url: "/api/approvals",
    tag: "approvals",
    summary: "Outcomes that wait for the chain, oldest first",
    audience: APPROVERS,
    answer: list(PendingApprovalView, 500),
    errors: codesOf("intake"),
  }),
  approve: route({
    method: "POST",
    url: "/api/intakes/:id/approve",
    tag: "approvals",
    summary: "One step's opinion; the last one that agrees issues the papers",
    audience: APPROVERS,
    params: closed({ id: ApplicationIdField }),
    body: closed({
      ...ApplicationCommandBase,
      step: Step,
      decision: Type.Enum([...APPROVAL_OPINIONS]),
      opinion: Line(500),
      /** Signing is typing one's own password again. Checked and not kept. */
      password: Type.String({ minLength: 1, maxLength: 256 }),
    }),
    answer: closed({ intake: IntakeView, warnings: list(Type.String(), 32) }),
    errors: [...errors, "people.wrongCredentials", "people.locked", "people.disabled"],
  }),
  listDelegations: route({
    method: "GET",
    url: "/api/delegations",
    tag: "approvals",
    summary: "Outcomes delegated to the window, the revoked ones too",
    audience: [...APPROVERS, "clerk", "custodian"],
    answer: list(DelegationView, 1000),
    errors: [],
  }),
  delegate: route({
    method: "POST",
    url: "/api/delegations",
    tag: "approvals",
    summary: "Delegate an outcome to the window in advance, with the document and its term",
    audience: ["leader"],
    body: closed({
      ...CommandBase,
      outcome: Type.Enum([...DELEGABLE]),
      document: Line(200),
      from: DateField,
      until: DateField,
    }),
    answer: DelegationView,
    status: 201,
    errors,
  }),
  revokeDelegation: route({
    method: "POST",
    url: "/api/delegations/:id/revoke",
    tag: "approvals",
    summary: "End a delegation; what was done under it stands",
    audience: ["leader"],
    params: closed({ id: CommandIdField }),
    body: closed({ ...CommandBase, reason: Line(200) }),
    answer: list(DelegationView, 1000),
    errors,
  }),
} as const;
