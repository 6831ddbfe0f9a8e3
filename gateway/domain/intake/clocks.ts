/**
 * The clocks that run on an application: local and statutory limit of the one-time notice, decision dates, and
 * whether acceptance is deemed. Invariant: all derive from t0 in the events, never from printing or the screen (I11),
 * and a clock or calendar that can't be trusted neither shortens nor ends a limit by itself.
 */
import type { CalendarDay, WorkingDayCalendar } from "../calendar.ts";
import type { LicenceMatter } from "../catalogue.ts";
import { type Profile, type Rule, articleOf } from "../profile.ts";
import { LICENSING_LAW } from "../profile-parameters.ts";
import { type CivilDate, beijingDate } from "../time.ts";
import type { ToldDue } from "./events.ts";
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
  /** The day that stands on the paper, where a calendar loaded later moved this one; the paper is never changed. */
  readonly toldDue?: CivilDate;
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

const MINUTES_AN_HOUR = 60;

/** Legal day of receipt of what was handed over at this moment; cut off at the end of office hours. */
export function receiptDayAt(
  wallMs: number,
  context: Pick<ClockContext, "profile" | "calendar">,
): CalendarDay {
  const [hours, minutes] = context.profile.rule("receiptCutoff").value.split(":").map(Number);
  return context.calendar.receiptDay(wallMs, (hours ?? 0) * MINUTES_AN_HOUR + (minutes ?? 0));
}

/** Reckoned again from t0 where the calendar was not known at receipt. */
export function receiptDayOf(
  received: NonNullable<ApplicationState["received"]>,
  context: Pick<ClockContext, "profile" | "calendar">,
): CivilDate {
  return received.provisional === undefined ? received.receiptDay : receiptDayAt(received.t0Ms, context).date;
}

function withTold(clocks: readonly RunningClock[], told: readonly ToldDue[]): readonly RunningClock[] {
  return clocks.map((one) => {
    const toldDue = told.find(({ kind }) => kind === one.kind)?.due;
    return toldDue === undefined || toldDue === one.due ? one : { ...one, toldDue };
  });
}

/** The last days that a paper states, kept with the act. */
export function toldOf(clocks: readonly RunningClock[]): readonly ToldDue[] {
  return clocks.map(({ kind, due }) => ({ kind, due }));
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

/** The notice's limits as they run from this day of receipt. */
export function noticeClocks(
  receiptDay: CivilDate,
  stoppedOn: CivilDate | undefined,
  trusted: boolean,
  context: ClockContext,
): readonly RunningClock[] {
  return noticeLimits(context.profile).map((limit) => clock(limit, receiptDay, stoppedOn, trusted, context));
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
  const notice = noticeClocks(receiptDayOf(received, context), stop, trusted, context);
  const decision =
    outcome?.kind === "accepted" && context.matter !== undefined
      ? decisionClocks(outcome.effectiveDay, context.matter, context, trusted)
      : [];
  const told = [...received.told, ...(outcome?.kind === "accepted" ? outcome.told : [])];
  return withTold([...notice, ...decision], told);
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
  const receiptDay = receiptDayOf(received, context);
  const { date: limit, provisional } = context.calendar.addWorkingDays(receiptDay, days);
  if (beijingDate(context.now.wallMs) <= limit) return { status: "no", limit };
  if (context.now.ntp === "unsynced" || received.ntp === "unsynced") return { status: "clock", limit };
  return { status: provisional ? "calendar" : "due", limit };
}
