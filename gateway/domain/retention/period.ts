/**
 * When a retention period of years or days ends. Rule: the day it begins on isn't counted, and it ends with the last
 * moment of the same day of the last year in Beijing; where that year has no 29 February it ends with 28 February
 * (Civil Code 201 to 203). Invariant: nothing may go before that moment.
 */
import { addDays, isCivilDate, startOfBeijingDay } from "../calendar.ts";
import { type CivilDate, beijingDate } from "../time.ts";

/** Last day of a period of whole years that begins after `date`. */
export function yearsAfter(date: CivilDate, years: number): CivilDate {
  const [year = "", month = "", day = ""] = date.split("-");
  const same = `${String(Number(year) + years).padStart(4, "0")}-${month}-${day}`;
  return isCivilDate(same) ? same : (`${same.slice(0, 8)}28` as CivilDate);
}

/** First moment after the period, UTC ms. */
export function endOfYears(fromMs: number, years: number): number {
  return startOfBeijingDay(addDays(yearsAfter(beijingDate(fromMs), years), 1));
}

/** First moment after so many whole days, UTC ms. */
export function endOfDays(fromMs: number, days: number): number {
  return startOfBeijingDay(addDays(beijingDate(fromMs), days + 1));
}
