/** Approvals over HTTP: what waits, one step's opinion, delegations to the window. */
import { mayTake } from "../domain/intake/approvals.ts";
import type { ApprovalStep } from "../domain/intake/approval-steps.ts";
import { beijingDate } from "../domain/time.ts";
import type { Actor } from "../intake/requests.ts";
import type { PendingApproval, RecordedDelegation } from "../intake/results.ts";
import type { PersonCaller } from "./caller.ts";
import { type DelegationView, type PendingApprovalView, approvalRoutes } from "./contract/approvals.ts";
import type { HttpDeps } from "./deps.ts";
import { clockView, intakeView, proposalView } from "./intake-answer.ts";
import type { Mount } from "./mount.ts";
import { bilingual } from "./wording.ts";

const DESK = "desk";
const ROLES = ["leader", "supervisor"] as const;

/** As what a person acts who has several roles: the one the step asks for. */
function approver({ userId, roles }: PersonCaller, step: ApprovalStep): Actor {
  const fitting = ROLES.find((role) => roles.includes(role) && mayTake(step, role));
  return { userId, role: fitting ?? ROLES.find((role) => roles.includes(role)) ?? "supervisor" };
}

function pendingView(row: PendingApproval, caller: PersonCaller, nowMs: number): PendingApprovalView {
  const { applicationId, version, sessionOpen, proposal, matter, applicantMasked, nextStep, nextDue } = row;
  const { outcome } = proposal;
  return {
    applicationId,
    version,
    sessionOpen,
    matterName: matter === undefined ? null : bilingual(matter),
    applicantMasked: applicantMasked ?? null,
    proposal: proposalView(proposal),
    yours:
      nextStep !== undefined &&
      mayTake(nextStep, approver(caller, nextStep).role) &&
      !row.hasActed.includes(caller.userId),
    reason: outcome.type === "notAccept" ? outcome.reason : null,
    nextDue: nextDue === undefined ? null : clockView(nextDue, nowMs),
  };
}

function delegationView({ atMs, revoked, ...rest }: RecordedDelegation): DelegationView {
  const { delegationId, outcome, document, from, until, by } = rest;
  return {
    delegationId: delegationId as DelegationView["delegationId"],
    outcome,
    document,
    from,
    until,
    by,
    at: atMs,
    revoked: revoked === undefined ? null : { by: revoked.by, at: revoked.atMs, reason: revoked.reason },
  };
}

export function mountApprovals(mount: Mount, deps: HttpDeps): void {
  const { intake, clock } = deps;
  mount.route(approvalRoutes.pendingApprovals, async ({ caller }) =>
    (await intake.pendingApprovals()).map((row) => pendingView(row, caller, clock.wallMs())),
  );
  mount.route(approvalRoutes.approve, async ({ caller, params, body }) => {
    const { password, ...rest } = body;
    await deps.people.accounts.authenticate(caller.userId, password);
    const actor = approver(caller, body.step);
    const signature = { mode: "account", date: beijingDate(clock.wallMs()) } as const;
    const request = { ...rest, signature, applicationId: params.id, actor, device: DESK };
    const { warnings, applicationId } = await intake.approve(request);
    const view = await intake.get(applicationId, actor);
    return { intake: intakeView(view, clock.wallMs()), warnings: [...warnings] };
  });
  mount.route(approvalRoutes.listDelegations, async () => (await intake.delegations()).map(delegationView));
  mount.route(approvalRoutes.delegate, async ({ caller, body }) => {
    const actor = { userId: caller.userId, role: "leader" } as const;
    return delegationView(await intake.delegate({ ...body, actor, device: DESK }));
  });
  mount.route(approvalRoutes.revokeDelegation, async ({ caller, params, body }) => {
    const actor = { userId: caller.userId, role: "leader" } as const;
    await intake.revokeDelegation({ ...body, delegationId: params.id, actor, device: DESK });
    return (await intake.delegations()).map(delegationView);
  });
}
