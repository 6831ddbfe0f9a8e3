/** Words of the chain of approvals: its steps, and the outcomes that go through it. */
import { msg } from "@lit/localize";
import type { ApprovalStep, DelegableOutcome } from "../../gateway/domain/intake/approval-steps.ts";

const STEPS: Readonly<Record<ApprovalStep, () => string>> = {
  clerk: () => msg("窗口人员", { id: "step.clerk" }),
  handlingOfficer: () => msg("承办人", { id: "step.handlingOfficer" }),
  sectionHead: () => msg("部门负责人", { id: "step.sectionHead" }),
  legalSection: () => msg("法制部门", { id: "step.legalSection" }),
  reviewer: () => msg("审核人", { id: "step.reviewer" }),
  approver: () => msg("批准人", { id: "step.approver" }),
  head: () => msg("机关负责人", { id: "step.head" }),
  leaderInChargeForDecisions: () => msg("分管领导", { id: "step.leaderInCharge" }),
};

export function stepWord(step: ApprovalStep): string {
  return STEPS[step]();
}

export const OUTCOMES: readonly (readonly [DelegableOutcome, () => string])[] = [
  ["accept", () => msg("受理", { id: "outcomeKind.accept" })],
  ["notifyCorrection", () => msg("一次性告知补正", { id: "outcomeKind.notifyCorrection" })],
  ["notAccept", () => msg("不予受理", { id: "outcomeKind.notAccept" })],
];

export function outcomeWord(outcome: DelegableOutcome): string {
  return OUTCOMES.find(([kind]) => kind === outcome)?.[1]() ?? outcome;
}
