/**
 * What a step says, checked against the published list, the profile and the calendar. Invariant: a demand on the
 * applicant names a published item, a defect, what is required and its basis, or it isn't recorded (I4).
 */
import { addDays, isCivilDate } from "../calendar.ts";
import type { HandedItem, LateEntry, NotAcceptedReason, SignatureGiven, Verdict } from "./commands.ts";
import { type DecideContext, refusal, today } from "./context.ts";
import { requiredText } from "./party-checks.ts";
import type { ApplicationState, ItemState } from "./state.ts";

const MOST_COPIES = 100;
const MOST_PAGES = 10_000;

export function itemOf(state: ApplicationState, itemId: string, context: DecideContext): ItemState {
  const item = state.items.find((candidate) => candidate.itemId === itemId);
  if (item === undefined)
    throw refusal("intake.noSuchItem", context, undefined, { item: itemId.slice(0, 80) });
  return item;
}

/** A list of papers handed over: published items, each once, sensible counts. */
export function checkHanded(
  items: readonly HandedItem[],
  state: ApplicationState,
  context: DecideContext,
): void {
  const seen = new Set(items.map((item) => item.itemId));
  if (items.length === 0 || seen.size !== items.length) throw refusal("intake.badItems", context);
  for (const { itemId, copies, pages } of items) {
    itemOf(state, itemId, context);
    if (!Number.isSafeInteger(copies) || copies < 1 || copies > MOST_COPIES)
      throw refusal("intake.badItems", context, undefined, { item: itemId });
    if (pages !== undefined && (!Number.isSafeInteger(pages) || pages < 1 || pages > MOST_PAGES))
      throw refusal("intake.badItems", context, undefined, { item: itemId });
  }
}

/** Signed and dated today: a signature dated otherwise wasn't given at this counter now. */
export function checkSignature(signature: Pick<SignatureGiven, "date">, context: DecideContext): void {
  if (!isCivilDate(signature.date) || signature.date !== today(context))
    throw refusal("intake.badDate", context, "correction.signAndDate", { field: "signature" });
}

/** 补录: not in the future, and not before this gateway kept a record. */
export function checkedLate(late: LateEntry | undefined, context: DecideContext): LateEntry | undefined {
  if (late === undefined) return undefined;
  const { atMs } = late;
  const began = context.sinceMs ?? 0;
  if (!Number.isSafeInteger(atMs) || atMs > context.now.wallMs || atMs < began)
    throw refusal("intake.lateTime", context, undefined, { field: "happenedAt" });
  return { atMs, reason: requiredText(late.reason, "reason") };
}

/** A limit nobody means: a date further off than this is a slip of the pen. */
const FARTHEST_DAYS = 366;

export function checkedVerdict(verdict: Verdict, item: ItemState, context: DecideContext): Verdict {
  const unsigned = item.corrections.some((one) => one.signature === undefined);
  if (unsigned && verdict.kind !== "deficient")
    throw refusal("intake.correctionUnsigned", context, "correction.signAndDate", { items: [item.itemId] });
  if (verdict.kind === "deficient")
    return {
      ...verdict,
      defect: requiredText(verdict.defect, "defect"),
      requirement: requiredText(verdict.requirement, "requirement"),
      basis: requiredText(verdict.basis, "basis"),
    };
  if (item.required && item.handed === undefined)
    throw refusal("intake.itemNotHanded", context, undefined, { item: item.itemId });
  if (verdict.kind === "ok") return verdict;
  if (context.profile.rule("accept.withVerification").value === "off")
    throw refusal("intake.verificationNotInProfile", context);
  const { matter, reason, byDate } = verdict;
  const latest = addDays(today(context), FARTHEST_DAYS);
  const isLimit = isCivilDate(byDate) && byDate >= today(context) && byDate <= latest;
  if (matter.trim() === "" || reason.trim() === "" || !isLimit)
    throw refusal("intake.verificationIncomplete", context, "accept.withVerification", { item: item.itemId });
  return verdict;
}

/** Non-acceptance says why, and where to go instead. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which the compiler proves
export function checkedReason(reason: NotAcceptedReason, context: DecideContext): NotAcceptedReason {
  switch (reason.kind) {
    case "notOurs": {
      const rightAuthority = reason.rightAuthority.trim();
      if (rightAuthority === "" || rightAuthority === context.authorityName)
        throw refusal("intake.rightAuthorityMissing", context, "nonAccept.pointToAuthority");
      return { kind: "notOurs", rightAuthority: requiredText(rightAuthority, "rightAuthority") };
    }
    case "noPermitNeeded": {
      const explanation = reason.explanation.trim();
      if (explanation === "") throw refusal("intake.reasonMissing", context, "nonAccept.noPermitNeeded");
      return { kind: "noPermitNeeded", explanation: requiredText(explanation, "explanation") };
    }
    case "incomplete":
      if (context.profile.rule("notice.incompleteEffect").value !== "returnAndNonAccept")
        throw refusal("intake.incompleteStaysOpen", context, "notice.incompleteEffect");
      return reason;
  }
}
