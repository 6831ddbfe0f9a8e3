/**
 * What can be done next with an application and why the rest can't: the same refusals that `decide` would give.
 */
import { CodedError, type ErrorCode, type ErrorDetails, errorTable } from "../errors.ts";
import type { IntakeCommandType } from "./commands.ts";
import type { DecideContext } from "./context.ts";
import { guard } from "./guards.ts";
import type { ApplicationState } from "./state.ts";

export type NextAction =
  | { readonly action: IntakeCommandType; readonly allowed: true }
  | {
      readonly action: IntakeCommandType;
      readonly allowed: false;
      readonly code: ErrorCode;
      /** Article behind the refusal in the application's own profile, where there is one. */
      readonly article?: string;
      readonly details: ErrorDetails;
    };

/** What people can ask for; `start` has no application yet and `deem` is the gateway's own. */
const ASKABLE = [
  "reopen",
  "showNotice",
  "register",
  "receive",
  "judge",
  "supplementOnSpot",
  "correctOnSpot",
  "accept",
  "notifyCorrection",
  "notAccept",
  "receiveSupplement",
  "remind",
  "withdraw",
  "handOver",
  "reissueClaimCode",
  "closeSession",
  "approve",
  "recallProposal",
  "handToColleague",
  "voidPaper",
  "closeOnScan",
] as const satisfies readonly IntakeCommandType[];

export function nextActions(state: ApplicationState, context: DecideContext): readonly NextAction[] {
  return ASKABLE.map((action): NextAction => {
    try {
      guard(action, state, context);
      return { action, allowed: true };
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      const row = errorTable[error.code];
      const article = error.details["article"] ?? ("article" in row ? row.article : undefined);
      return {
        action,
        allowed: false,
        code: error.code,
        details: error.details,
        ...(typeof article === "string" ? { article } : {}),
      };
    }
  });
}
