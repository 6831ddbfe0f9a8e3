/**
 * The intake's rules as one pure function: a state, a command and what is known of the world give facts or a refusal.
 * Invariant: it reads no clock and no store, so the same inputs always decide the same (I10).
 */
import { CodedError } from "../errors.ts";
import type { IntakeCommand } from "./commands.ts";
import { noticeClocks, receiptDayAt, toldOf } from "./clocks.ts";
import { checkHanded, checkSignature, checkedLate, checkedVerdict, itemOf } from "./content-checks.ts";
import { approved, handedToColleague, paperVoided, signedPaperScanned } from "./desk-steps.ts";
import { type DecideContext, refusal } from "./context.ts";
import type { IntakeFact } from "./events.ts";
import { firstNoticeItems, guard, itemsWith } from "./guards.ts";
import { accepted, handedItems, outcome } from "./outcomes.ts";
import { requiredText } from "./party-checks.ts";
import type { ApplicationState } from "./state.ts";

type Command<Type extends IntakeCommand["type"]> = Extract<IntakeCommand, { readonly type: Type }>;

function received(command: Command<"receive">, context: DecideContext): readonly IntakeFact[] {
  const { items } = command;
  const late = checkedLate(command.late, context);
  const { date: receiptDay, provisional } = receiptDayAt(late?.atMs ?? context.now.wallMs, context);
  const told = toldOf(noticeClocks(receiptDay, undefined, true, context));
  return [
    {
      type: "received",
      items,
      receiptDay,
      ...(provisional ? { provisional } : {}),
      ...(late === undefined ? {} : { late }),
      told,
    },
  ];
}

function registered(command: Command<"register">, context: DecideContext): readonly IntakeFact[] {
  const { matter, previous } = context;
  if (matter === undefined || matter.code !== command.matterCode)
    throw refusal("intake.noSuchMatter", context);
  if (command.oral !== undefined) {
    if (!context.profile.rule("intake.oralApplication").value)
      throw refusal("intake.oralNotAllowed", context, "intake.oralApplication");
    checkSignature(command.oral.signature, context);
  }
  if (command.previousApplicationId !== undefined) {
    const outcome = previous?.outcome;
    const returned = outcome?.kind === "notAccepted" && outcome.reason.kind === "incomplete";
    if (previous?.applicationId !== command.previousApplicationId || !returned)
      throw refusal("intake.badPrevious", context, "notice.incompleteEffect");
  }
  const items = matter.items.map(({ itemId, version, required }) => ({
    itemId,
    itemVersion: version,
    required,
  }));
  return [{ ...command, type: "registered", matterVersion: matter.version, items }];
}

function correctedOnSpot(
  command: Command<"correctOnSpot">,
  state: ApplicationState,
  context: DecideContext,
): readonly IntakeFact[] {
  const item = itemOf(state, command.itemId, context);
  if (item.handed === undefined)
    throw refusal("intake.itemNotHanded", context, undefined, { item: item.itemId });
  if (!command.entitled) throw refusal("intake.correctorNotEntitled", context, "correction.signAndDate");
  if (command.signature !== undefined) checkSignature(command.signature, context);
  const { itemId, correctorPersonId, signature } = command;
  return [
    {
      type: "correctedOnSpot",
      itemId,
      place: requiredText(command.place, "place"),
      correctorPersonId,
      ...(signature === undefined ? {} : { signature }),
    },
  ];
}

function supplementReceived(
  command: Command<"receiveSupplement">,
  state: ApplicationState,
  context: DecideContext,
): readonly IntakeFact[] {
  checkHanded(command.items, state, context);
  const asked = new Set(state.notices.flatMap((notice) => notice.itemIds));
  const stray = command.items.filter((item) => !asked.has(item.itemId)).map((item) => item.itemId);
  if (stray.length > 0)
    throw refusal("intake.notInNotice", context, "supplement.receiptRequired", { items: stray });
  const late = checkedLate(command.late, context);
  return [
    {
      type: "supplementReceived",
      items: command.items,
      receiptDay: receiptDayAt(late?.atMs ?? context.now.wallMs, context).date,
      ...(late === undefined ? {} : { late }),
    },
  ];
}

function handedOver(
  command: Command<"handOver">,
  state: ApplicationState,
  context: DecideContext,
): readonly IntakeFact[] {
  const paper = state.papers.find((candidate) => candidate.documentId === command.documentId);
  if (paper === undefined || paper.kind === "serviceReceipt") throw refusal("intake.noSuchDocument", context);
  if (paper.voided !== undefined)
    throw refusal("intake.paperVoided", context, undefined, { number: paper.number });
  if (paper.servedMs !== undefined) throw refusal("intake.alreadyServed", context);
  if (command.signature !== undefined) checkSignature(command.signature, context);
  return [
    {
      ...command,
      type: "handedOver",
      method: "direct",
      relation: requiredText(command.relation, "relation"),
    },
  ];
}

function serviceRecorded(
  command: Command<"recordService">,
  state: ApplicationState,
  context: DecideContext,
): readonly IntakeFact[] {
  const paper = state.papers.find((candidate) => candidate.documentId === command.documentId);
  const servable = paper !== undefined && paper.kind !== "serviceReceipt" && paper.voided === undefined;
  if (!command.foreign && !servable) throw refusal("intake.noSuchDocument", context);
  if (paper?.servedMs !== undefined) throw refusal("intake.alreadyServed", context);
  return [{ ...command, type: "serviceRecorded" }];
}

/** Facts that follow from the command, in order. Throws a `CodedError` when the command is refused. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which the compiler proves
export function decide(
  state: ApplicationState | undefined,
  command: IntakeCommand,
  context: DecideContext,
): readonly IntakeFact[] {
  if (command.type === "start") {
    if (state !== undefined) throw refusal("intake.conflict", context);
    if (context.actor.role === "system") throw refusal("intake.wrongRole", context);
    return [{ ...command, type: "started" }];
  }
  if (state === undefined) throw new CodedError("intake.noSuchApplication");
  guard(command.type, state, context);
  switch (command.type) {
    case "reopen":
      return [{ ...command, type: "reopened" }];
    case "showNotice":
      return [
        {
          ...command,
          type: "noticeShown",
          noticeVersion: requiredText(command.noticeVersion, "noticeVersion"),
        },
      ];
    case "register":
      return registered(command, context);
    case "receive":
      checkHanded(command.items, state, context);
      return received(command, context);
    case "judge": {
      const verdict = checkedVerdict(command.verdict, itemOf(state, command.itemId, context), context);
      return [{ ...command, type: "judged", verdict }];
    }
    case "supplementOnSpot":
      checkHanded([command.item], state, context);
      return [{ type: "supplementedOnSpot", item: command.item }];
    case "correctOnSpot":
      return correctedOnSpot(command, state, context);
    case "deem":
      return accepted(state, context);
    case "accept":
    case "notifyCorrection":
    case "notAccept":
      return outcome(command, state, context);
    case "approve":
      return approved(command, state, context);
    case "recallProposal":
      return [{ type: "proposalRecalled" }];
    case "handToColleague":
      return [handedToColleague(command, state, context)];
    case "voidPaper":
      return [paperVoided(command, state, context)];
    case "closeOnScan":
      return [signedPaperScanned(command, state, context)];
    case "receiveSupplement":
      return supplementReceived(command, state, context);
    case "remind": {
      const open = itemsWith(state, "deficient").map((item) => item.itemId);
      return [{ type: "reminded", itemIds: open.filter((id) => firstNoticeItems(state).includes(id)) }];
    }
    case "withdraw":
      checkSignature(command.signature, context);
      return [{ type: "withdrawn", signature: command.signature, returned: handedItems(state) }];
    case "handOver":
      return handedOver(command, state, context);
    case "recordService":
      return serviceRecorded(command, state, context);
    case "reissueClaimCode":
      return [{ type: "claimCodeIssued", codeHash: command.codeHash, revokes: true }];
    case "closeSession":
      return [{ type: "sessionClosed" }];
  }
}
