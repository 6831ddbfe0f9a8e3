/**
 * Approval chains 内部审批 of a profile and what was delegated to the window in advance (S0-38, S2-32, S3-A-11).
 * Invariant: the handling officer proposes and never approves; every step is somebody else's, with opinion, signature
 * and time.
 */
import type { Profile } from "../profile.ts";
import type { CivilDate } from "../time.ts";
import type { ApprovalStep, Delegation } from "./approval-steps.ts";
import type { UserId } from "../ids.ts";
import type { OutcomeCommand } from "./commands.ts";
import type { ActorRole } from "./events.ts";
import type { ApplicationState } from "./state.ts";

const NOT_AT_INTAKE: readonly ApprovalStep[] = ["clerk", "handlingOfficer", "leaderInChargeForDecisions"];

/** The steps before an outcome, in order; none where the profile leaves it to the clerk. */
export function stepsBefore(profile: Profile): readonly ApprovalStep[] {
  return profile.rule("approvals.chain").value.filter((step) => !NOT_AT_INTAKE.includes(step));
}

/** What allows the window to act on its own on this day, if anything does. */
export function delegationFor(
  outcome: OutcomeCommand["type"],
  day: CivilDate,
  profile: Profile,
  recorded: readonly Delegation[],
): Delegation | undefined {
  return [...profile.rule("approvals.delegated").value, ...recorded].find(
    (one) => one.outcome === outcome && one.from <= day && day <= one.until,
  );
}

/** Who may take a step: the legal section is the supervisor's 法制, heads are leaders, a reviewer may be either. */
const STEP_ROLES: Readonly<Record<ApprovalStep, readonly ActorRole[]>> = {
  clerk: ["clerk"],
  handlingOfficer: ["clerk"],
  sectionHead: ["leader"],
  legalSection: ["supervisor"],
  reviewer: ["supervisor", "leader"],
  approver: ["leader"],
  head: ["leader"],
  leaderInChargeForDecisions: ["leader"],
};

/** Who can be no step of the chain any more: whoever judged or proposed, and whoever was a step of it. */
export function hasActed({
  judges,
  proposal,
}: Pick<ApplicationState, "judges" | "proposal">): readonly UserId[] {
  return proposal === undefined ? judges : [proposal.by, ...proposal.given.map((one) => one.by), ...judges];
}

export function mayTake(step: ApprovalStep, role: ActorRole): boolean {
  return STEP_ROLES[step].includes(role);
}
