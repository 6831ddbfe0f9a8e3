/**
 * The outcomes of REGULATIONS 6 as facts: accepted, notified, not accepted, deemed. Guards have passed already.
 */
import type { Delegation } from "./approval-steps.ts";
import { delegationFor, stepsBefore } from "./approvals.ts";
import { decisionClocks, deemedStatus, receiptDayOf, toldOf } from "./clocks.ts";
import type { HandedItem, IntakeCommand, OutcomeCommand } from "./commands.ts";
import { checkedReason } from "./content-checks.ts";
import { type DecideContext, refusal, today } from "./context.ts";
import type { AcceptanceKind, IntakeFact } from "./events.ts";
import { guard, itemsWith, newDemands } from "./guards.ts";
import { requiredText } from "./party-checks.ts";
import type { ApplicationState } from "./state.ts";

type Command<Type extends IntakeCommand["type"]> = Extract<IntakeCommand, { readonly type: Type }>;

export function handedItems(state: ApplicationState): readonly HandedItem[] {
  return state.items.flatMap((item) => (item.handed === undefined ? [] : [item.handed]));
}

function acceptedAs(state: ApplicationState, context: DecideContext): AcceptanceKind {
  if (deemedStatus(state, context).status === "due") return "deemed";
  if (itemsWith(state, "verify").length > 0) return "withVerification";
  return state.items.some((item) => item.corrections.length > 0) ? "afterCorrection" : "plain";
}

/** Accepted from receipt; after a supplement from the day all of it was in (REGULATIONS 2.3). */
export function accepted(state: ApplicationState, context: DecideContext): readonly IntakeFact[] {
  const kind = acceptedAs(state, context);
  const received = state.received === undefined ? undefined : receiptDayOf(state.received, context);
  const effectiveDay =
    (kind === "deemed" ? undefined : state.supplemented?.receiptDay) ?? received ?? today(context);
  const due = context.matter === undefined ? [] : decisionClocks(effectiveDay, context.matter, context);
  return [{ type: "accepted", kind, documentDay: today(context), effectiveDay, told: toldOf(due) }];
}

/** Who may override, and whether the form is right; asked of whoever proposes, not of the chain after them. */
function checkOverride(
  command: Command<"notifyCorrection">,
  state: ApplicationState,
  context: DecideContext,
): void {
  if (state.notices.length === 0) {
    if (command.override !== undefined)
      throw refusal("intake.overrideRefused", context, "notice.oneTimeOnly");
    return;
  }
  const { override } = command;
  if (override === undefined) throw refusal("intake.secondNotice", context, "notice.oneTimeOnly");
  const { userId, role } = context.actor;
  const independent =
    role === "supervisor" && userId === override.supervisorId && !state.judges.includes(userId);
  if (!independent || override.legalBasis.trim() === "")
    throw refusal("intake.overrideRefused", context, "notice.oneTimeOnly");
}

/** How to supply what is missing where the clerk says nothing: an application that has ended takes no supplement. */
function usualSupply(context: DecideContext): string {
  return context.profile.rule("notice.incompleteEffect").value === "awaitSupplement"
    ? "到本窗口提交补正材料，或者按服务指南公布的方式提交"
    : "补正后可以重新提出申请";
}

/** The one-time notice; under S1-6(4) it returns the materials and ends in non-acceptance in the same act. */
function notified(
  command: Command<"notifyCorrection">,
  state: ApplicationState,
  context: DecideContext,
): readonly IntakeFact[] {
  const deficient = state.notices.length === 0 ? itemsWith(state, "deficient") : newDemands(state);
  if (deficient.length === 0) throw refusal("intake.nothingDeficient", context);
  const itemIds = deficient.map((item) => item.itemId);
  const notice: IntakeFact = {
    type: "correctionNotified",
    itemIds,
    supplyHow: requiredText(command.supplyHow ?? usualSupply(context), "supplyHow"),
    ...(command.override === undefined ? {} : { override: command.override }),
  };
  if (context.profile.rule("notice.incompleteEffect").value === "awaitSupplement") return [notice];
  const returned = context.profile.rule("notice.returnMaterials").value ? handedItems(state) : [];
  return [notice, { type: "notAccepted", reason: { kind: "incomplete" }, returned, itemIds }];
}

function notAccepted(
  command: Command<"notAccept">,
  state: ApplicationState,
  context: DecideContext,
): readonly IntakeFact[] {
  const reason = checkedReason(command.reason, context);
  if (reason.kind === "incomplete") return notified({ type: "notifyCorrection" }, state, context);
  return [{ type: "notAccepted", reason, returned: handedItems(state), itemIds: [] }];
}

/** The facts of an outcome that nothing stands before any more. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which the compiler proves
export function carriedOut(
  command: OutcomeCommand,
  state: ApplicationState,
  context: DecideContext,
): readonly IntakeFact[] {
  switch (command.type) {
    case "accept":
      return accepted(state, context);
    case "notifyCorrection":
      return notified(command, state, context);
    case "notAccept":
      return notAccepted(command, state, context);
  }
}

/**
 * An outcome as the clerk asks for it: carried out where the profile leaves it to them or has delegated it, else
 * proposed to the chain. What couldn't be carried out isn't proposed either.
 */
export function outcome(
  command: OutcomeCommand,
  state: ApplicationState,
  context: DecideContext,
): readonly IntakeFact[] {
  if (command.type === "notifyCorrection") checkOverride(command, state, context);
  if (command.type === "notAccept" && command.reason.kind === "incomplete") {
    checkedReason(command.reason, context);
    guard("notifyCorrection", state, context);
  }
  const facts = carriedOut(command, state, context);
  const steps = stepsBefore(context.profile);
  if (steps.length === 0) return facts;
  const delegation = delegationFor(command.type, today(context), context.profile, context.delegations);
  if (delegation === undefined) return [{ type: "proposed", outcome: command, steps }];
  return facts.map((fact) => withDelegation(fact, delegation));
}

function withDelegation(fact: IntakeFact, delegation: Delegation): IntakeFact {
  const { type } = fact;
  return type === "accepted" || type === "correctionNotified" || type === "notAccepted"
    ? { ...fact, delegation }
    : fact;
}
