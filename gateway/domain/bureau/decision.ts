/**
 * The decision stage, which the bureau's own system runs: its limit is watched here, with what stops and lengthens it.
 * Invariant: days of a pause are not counted only where the applicant was told of it in writing (law 45), and an
 * extension is at most ten working days, once, with its reasons told (law 42).
 */
import { type WorkingDayCalendar, addDays, isCivilDate } from "../calendar.ts";
import { CodedError } from "../errors.ts";
import { LICENSING_LAW } from "../profile-parameters.ts";
import type { CivilDate } from "../time.ts";

/** Why time is not counted (law 45). */
export const PAUSE_REASONS = [
  "hearing",
  "tender",
  "auction",
  "inspection",
  "testing",
  "quarantine",
  "appraisal",
  "expertReview",
  "exam",
] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

export type Pause = {
  readonly reason: PauseReason;
  readonly from: CivilDate;
  /** Last day that is not counted; absent while it lasts. */
  readonly to?: CivilDate;
  /** Number of the paper that told the applicant. */
  readonly documentNo: string;
};

export type Extension = {
  readonly days: number;
  readonly documentNo: string;
  readonly approvedBy: string;
};

export const DECISIONS = ["granted", "refused"] as const;
export type Decision = {
  readonly decision: (typeof DECISIONS)[number];
  readonly number: string;
  readonly decidedOn: CivilDate;
};

export type DecisionStage = {
  readonly effectiveDay: CivilDate;
  readonly pauses: readonly Pause[];
  readonly extension?: Extension;
  readonly decided?: Decision;
};

const MOST_EXTENSION_DAYS = 10;
/** Working days for delivering the decision (law 44). */
export const DELIVERY_DAYS = 10;
const SOON_DAYS = 3;
const MOST_DAYS = 4000;
const LONGEST_NUMBER = 80;

const law = (article: string) => ({ article: `${LICENSING_LAW} ${article}` });

function told(documentNo: string, article: string): string {
  const plain = documentNo.trim();
  if (plain === "" || plain.length > LONGEST_NUMBER) throw new CodedError("bureau.notTold", law(article));
  return plain;
}

/** Throws `bureau.decided`, `bureau.paused`, `bureau.badDate`, `bureau.notTold`. */
export function paused(
  stage: DecisionStage,
  pause: Omit<Pause, "from"> & { readonly from: string },
  today: CivilDate,
): Pause {
  if (stage.decided !== undefined) throw new CodedError("bureau.decided");
  if (stage.pauses.some(({ to }) => to === undefined)) throw new CodedError("bureau.paused", law("45"));
  const { from, reason } = pause;
  const last = stage.pauses.at(-1)?.to;
  if (!isCivilDate(from) || from < stage.effectiveDay || from > today || (last !== undefined && from <= last))
    throw new CodedError("bureau.badDate", { field: "from", ...law("45") });
  return { reason, from, documentNo: told(pause.documentNo, "45") };
}

/** Throws `bureau.notPaused`, `bureau.badDate`. */
export function resumed(stage: DecisionStage, to: string, today: CivilDate): CivilDate {
  const open = stage.pauses.find((pause) => pause.to === undefined);
  if (open === undefined) throw new CodedError("bureau.notPaused", law("45"));
  if (!isCivilDate(to) || to < open.from || to > today)
    throw new CodedError("bureau.badDate", { field: "to", ...law("45") });
  return to;
}

/** Throws `bureau.decided`, `bureau.extendedBefore`, `bureau.extensionTooLong`, `bureau.notTold`. */
export function extended(stage: DecisionStage, extension: Extension): Extension {
  if (stage.decided !== undefined) throw new CodedError("bureau.decided");
  if (stage.extension !== undefined) throw new CodedError("bureau.extendedBefore", law("42"));
  const { days, documentNo, approvedBy } = extension;
  if (!Number.isSafeInteger(days) || days < 1 || days > MOST_EXTENSION_DAYS)
    throw new CodedError("bureau.extensionTooLong", { most: MOST_EXTENSION_DAYS, ...law("42") });
  return { days, documentNo: told(documentNo, "42"), approvedBy: told(approvedBy, "42") };
}

/** Throws `bureau.decided`, `bureau.badDate`, `bureau.badCase`. */
export function decided(
  stage: DecisionStage,
  made: Omit<Decision, "decidedOn"> & { readonly decidedOn: string },
  today: CivilDate,
): Decision {
  if (stage.decided !== undefined) throw new CodedError("bureau.decided");
  const { decidedOn } = made;
  if (!isCivilDate(decidedOn) || decidedOn < stage.effectiveDay || decidedOn > today)
    throw new CodedError("bureau.badDate", { field: "decidedOn" });
  const number = made.number.trim();
  if (number === "" || number.length > LONGEST_NUMBER)
    throw new CodedError("bureau.badCase", { field: "number" });
  return { decision: made.decision, number, decidedOn };
}

export type Due = { readonly date: CivilDate; readonly provisional: boolean };

/** Last day for the decision: working days after the effective day, those of pauses left out. */
export function decisionDue(
  stage: DecisionStage,
  legalDays: number,
  calendar: WorkingDayCalendar,
  today: CivilDate,
): Due {
  const days = legalDays + (stage.extension?.days ?? 0);
  const isPaused = (day: CivilDate): boolean =>
    stage.pauses.some(({ from, to }) => from <= day && day <= (to ?? today));
  let day = stage.effectiveDay;
  let provisional = false;
  let counted = 0;
  for (let walked = 0; counted < days && walked < MOST_DAYS; walked += 1) {
    day = addDays(day, 1);
    if (!calendar.knows(Number(day.slice(0, 4)))) provisional = true;
    if (calendar.isWorkingDay(day) && !isPaused(day)) counted += 1;
  }
  return { date: day, provisional };
}

export type DueStatus = "running" | "soon" | "overdue" | "paused" | "toDeliver" | "deliveryOverdue" | "done";

/** Where the stage stands today; `servedOn` is the day the decision was served. */
export function dueStatus(
  stage: DecisionStage,
  due: Due,
  known: {
    readonly today: CivilDate;
    readonly calendar: WorkingDayCalendar;
    readonly servedOn?: CivilDate;
  },
): { readonly status: DueStatus; readonly date: CivilDate } {
  const { today, calendar, servedOn } = known;
  if (stage.decided !== undefined) {
    const { date } = calendar.addWorkingDays(stage.decided.decidedOn, DELIVERY_DAYS);
    if (servedOn !== undefined) return { status: "done", date };
    return { status: today > date ? "deliveryOverdue" : "toDeliver", date };
  }
  const { date } = due;
  if (stage.pauses.some(({ to }) => to === undefined)) return { status: "paused", date };
  if (today > date) return { status: "overdue", date };
  return { status: calendar.addWorkingDays(today, SOON_DAYS).date >= date ? "soon" : "running", date };
}
