/**
 * What isn't refused but has to be seen: late by the local limit, uncertified officer, clock at fault. Invariant: a
 * warning is part of the event, so the oversight ledger can't lose it.
 */
import { clocksOf } from "../domain/intake/clocks.ts";
import type { DecideContext } from "../domain/intake/context.ts";
import type { IntakeFact } from "../domain/intake/events.ts";
import { hasOpenSession } from "../domain/intake/guards.ts";
import type { ApplicationState } from "../domain/intake/state.ts";

export function warningsOf(
  fact: IntakeFact,
  before: ApplicationState | undefined,
  issues: boolean,
  context: DecideContext,
): readonly string[] {
  const warnings: string[] = [];
  const named = context.responsible ?? context.actor;
  if (issues && named.role !== "system" && named.certNo === undefined) warnings.push("officerNotCertified");
  if (context.now.ntp === "unsynced") warnings.push("clockNotSynced");
  if (before !== undefined && context.now.wallMs < before.lastMs) warnings.push("clockSteppedBack");
  if (fact.type === "correctionNotified" && before !== undefined) {
    const local = clocksOf(before, context).find((clock) => clock.kind === "noticeLocal");
    if (local?.status === "breached") warnings.push("noticeAfterLocalLimit");
    if (before.notices.length > 0) warnings.push("secondNoticeByOverride");
  }
  if ((fact.type === "received" || fact.type === "supplementReceived") && fact.late !== undefined)
    warnings.push("enteredLate");
  if (fact.type === "paperVoided") warnings.push("numberVoided");
  if (fact.type === "approvalGiven" && before !== undefined) {
    const open = clocksOf(before, context).filter((clock) => clock.status === "breached");
    if (open.length > 0) warnings.push("approvalAfterLimit");
  }
  const atOnce = fact.type === "notAccepted" && fact.reason.kind !== "incomplete";
  if (atOnce && before !== undefined && (before.sessions.length > 1 || !hasOpenSession(before)))
    warnings.push("notAcceptedNotAtOnce");
  return warnings;
}
