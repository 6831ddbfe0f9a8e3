/**
 * The clocks that run on an application: local and statutory limit of the one-time notice, decision dates, and
 * whether acceptance is deemed. Invariant: all derive from t0 in the events, never from printing or the screen (I11),
 * and a clock or calendar that can't be trusted neither shortens nor ends a limit by itself.
 */
import type { WorkingDayCalendar } from "../calendar.ts";
import type { LicenceMatter } from "../catalogue.ts";
import { type Profile, type Rule, articleOf } from "../profile.ts";
import { LICENSING_LAW } from "../profile-parameters.ts";
import { type CivilDate, beijingDate } from "../time.ts";
import type { ApplicationState } from "./state.ts";

export type ClockKind = "noticeLocal" | "noticeStatutory" | "decisionLegal" | "decisionPromised";

export type RunningClock = {
  readonly kind: ClockKind;
  /** Last day of the limit; it ends at 24:00 Beijing time. */
  readonly due: CivilDate;
  readonly fromDay: CivilDate;
  /** Calendar year missing or system clock not trusted: shown as provisional. */
  readonly provisional: boolean;
  /** `met` once the act it asks for was done in time, `late` when done after it, `breached` when still open. */
  readonly status: "running" | "met" | "late" | "breached";
  /** Article it comes from, such as `S1-6(4)` or `行政许可法 32(4)`. */
  readonly article: string;
  readonly basis: Rule<unknown>["basis"];
};

export interface ClockContext {
  readonly now: { readonly wallMs: number; readonly ntp: string };
  readonly profile: Profile;
  readonly calendar: WorkingDayCalendar;
  readonly matter?: LicenceMatter;
}

type Limit = Pick<RunningClock, "kind" | "article" | "basis"> & { readonly days: number };

function clock(
  limit: Limit,
  fromDay: CivilDate,
  stoppedOn: CivilDate | undefined,
  trusted: boolean,
  context: ClockContext,
): RunningClock {
  const { date: due, provisional } = context.calendar.addWorkingDays(fromDay, limit.days);
  const until = stoppedOn ?? beijingDate(context.now.wallMs);
  const inTime = until <= due;
  const status = stoppedOn === undefined ? (inTime ? "running" : "breached") : inTime ? "met" : "late";
  const { kind, article, basis } = limit;
  return { kind, due, fromDay, provisional: provisional || !trusted, status, article, basis };
}

/** The civil day on which the notice's clocks stopped: by a notice, or by an outcome. */
function noticeStop(state: ApplicationState): CivilDate | undefined {
  const notice = state.notices[0];
  if (notice !== undefined) return beijingDate(notice.atMs);
  return state.outcome === undefined ? undefined : beijingDate(state.outcome.atMs);
}

function noticeLimits(profile: Profile): readonly Limit[] {
  const local = profile.rule("notice.localLimit");
  const statutory = profile.rule("notice.statutoryLimit");
  const limits: Limit[] = [];
  if (local.value !== "none")
    limits.push({
      kind: "noticeLocal",
      days: local.value,
      article: articleOf(local) ?? profile.regulation,
      basis: local.basis,
    });
  limits.push({
    kind: "noticeStatutory",
    days: statutory.value,
    article: articleOf(statutory) ?? LICENSING_LAW,
    basis: statutory.basis,
  });
  return limits;
}

/** Decision dates of a matter, counted from the effective day of acceptance. */
export function decisionClocks(
  effectiveDay: CivilDate,
  matter: LicenceMatter,
  context: ClockContext,
  trusted = true,
): readonly RunningClock[] {
  const { legalDays, promisedDays } = matter.decision;
  const limits: Limit[] = [
    { kind: "decisionLegal", days: legalDays, article: `${LICENSING_LAW} 42`, basis: "national" },
  ];
  if (promisedDays !== undefined)
    limits.push({
      kind: "decisionPromised",
      days: promisedDays,
      article: `${LICENSING_LAW} 42`,
      basis: "national",
    });
  return limits.map((limit) => clock(limit, effectiveDay, undefined, trusted, context));
}

export function clocksOf(state: ApplicationState, context: ClockContext): readonly RunningClock[] {
  const { received, outcome } = state;
  if (received === undefined) return [];
  const trusted = received.ntp !== "unsynced" && context.now.ntp !== "unsynced";
  const stop = noticeStop(state);
  const clocks = noticeLimits(context.profile).map((limit) =>
    clock(limit, received.receiptDay, stop, trusted, context),
  );
  if (outcome?.kind === "accepted" && context.matter !== undefined)
    clocks.push(...decisionClocks(outcome.effectiveDay, context.matter, context, trusted));
  return clocks;
}

/**
 * I6: materials held, no notice, no outcome, statutory limit over. `clock` and `calendar` mean that it would be due,
 * but the date can't be trusted, so nobody is bound by it yet.
 */
export function deemedStatus(
  state: ApplicationState,
  context: ClockContext,
): { readonly status: "no" | "due" | "clock" | "calendar"; readonly limit?: CivilDate } {
  const { received } = state;
  if (received === undefined || state.outcome !== undefined || state.notices.length > 0)
    return { status: "no" };
  if (state.materialsReturned || !context.profile.rule("notice.deemedAcceptance").value)
    return { status: "no" };
  const days = context.profile.rule("notice.statutoryLimit").value;
  const { date: limit, provisional } = context.calendar.addWorkingDays(received.receiptDay, days);
  if (beijingDate(context.now.wallMs) <= limit) return { status: "no", limit };
  if (context.now.ntp === "unsynced" || received.ntp === "unsynced") return { status: "clock", limit };
  return { status: provisional ? "calendar" : "due", limit };
}
