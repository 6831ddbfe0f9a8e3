/**
 * The outcomes of REGULATIONS 6 as facts: accepted, notified, not accepted, deemed. Guards have passed already.
 */
import { deemedStatus } from "./clocks.ts";
import type { HandedItem, IntakeCommand } from "./commands.ts";
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
  const effectiveDay =
    (kind === "deemed" ? undefined : state.supplemented?.receiptDay) ?? state.received?.receiptDay;
  return [
    {
      type: "accepted",
      kind,
      documentDay: today(context),
      effectiveDay: effectiveDay ?? today(context),
    },
  ];
}

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
export function notified(
  command: Command<"notifyCorrection">,
  state: ApplicationState,
  context: DecideContext,
): readonly IntakeFact[] {
  checkOverride(command, state, context);
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

export function notAccepted(
  command: Command<"notAccept">,
  state: ApplicationState,
  context: DecideContext,
): readonly IntakeFact[] {
  const reason = checkedReason(command.reason, context);
  if (reason.kind === "incomplete") {
    guard("notifyCorrection", state, context);
    return notified({ type: "notifyCorrection" }, state, context);
  }
  return [{ type: "notAccepted", reason, returned: handedItems(state), itemIds: [] }];
}
