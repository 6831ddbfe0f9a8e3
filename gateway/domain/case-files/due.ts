/**
 * When a case file has to be made (S0-29, S1-19, S2-26, S4-31): so many days after the act ended, the day it ended not
 * counted. Invariant: the limit follows from the end of the act and the profile, or from a law that goes before it.
 */
import { type WorkingDayCalendar, addDays } from "../calendar.ts";
import { articleOf, type Profile } from "../profile.ts";
import { type CivilDate, beijingDate } from "../time.ts";

export type FileDue = {
  /** Last day; the file is overdue from the day after. */
  readonly lastDay: CivilDate;
  readonly days: number;
  readonly article?: string;
  /** Not from the regulation: it is silent and the limit is our default. */
  readonly inferred: boolean;
  readonly overdue: boolean;
  /** Counted on a calendar year that isn't loaded. */
  readonly provisional: boolean;
};

export interface FileDueFacts {
  readonly endedMs: number;
  readonly nowMs: number;
  readonly profile: Profile;
  readonly calendar: WorkingDayCalendar;
  readonly lawLimit?: { readonly days: number; readonly basis: string } | undefined;
}

export function fileDue({ endedMs, nowMs, profile, calendar, lawLimit }: FileDueFacts): FileDue {
  const rule = profile.rule("caseFile.dueDays");
  const unit = profile.rule("caseFile.dueUnit").value;
  const days = lawLimit?.days ?? rule.value;
  const ended = beijingDate(endedMs);
  const { date, provisional } =
    unit === "calendarDay"
      ? { date: addDays(ended, days), provisional: false }
      : calendar.addWorkingDays(ended, days);
  const article = lawLimit?.basis ?? articleOf(rule);
  return {
    lastDay: date,
    days,
    ...(article === undefined ? {} : { article }),
    inferred: lawLimit === undefined && rule.basis === "inferred",
    overdue: beijingDate(nowMs) > date,
    provisional,
  };
}
