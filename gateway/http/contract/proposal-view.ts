/** An outcome on its way through the chain of approvals, as screens show it. */
import { type Static, Type } from "typebox";
import { APPROVAL_OPINIONS, APPROVAL_STEPS, DELEGABLE } from "../../domain/intake/approval-steps.ts";
import { Nullable, TimeMs, UserIdField, closed, list } from "./fields.ts";

const Step = Type.Enum([...APPROVAL_STEPS]);

export const OpinionView = closed({
  step: Step,
  by: UserIdField,
  at: TimeMs,
  decision: Type.Enum([...APPROVAL_OPINIONS]),
  opinion: Type.String(),
});

export const ProposalView = closed({
  outcome: Type.Enum([...DELEGABLE]),
  by: UserIdField,
  at: TimeMs,
  steps: list(Step, 8),
  given: list(OpinionView, 8),
  /** The step that is waited for. */
  nextStep: Nullable(Step),
});
export type ProposalView = Static<typeof ProposalView>;
