/**
 * Working days 工作日 in China: national holidays and make-up working days by year, with regional days on top.
 * Invariant: civil dates are Beijing's, and a date that rests on a year or layer not loaded is marked provisional
 * (REGULATIONS 2.4).
 */
import { BEIJING_OFFSET_MS, type CivilDate, beijingDate } from "./time.ts";

/** One file of firmware-configs/calendars. */
export type CalendarYear = {
  readonly year: number;
  /** `CN` for the national notice, else the region whose days come on top, such as `CN-XJ`. */
  readonly region: string;
  readonly source: string;
  readonly offDays: readonly CivilDate[];
  readonly makeUpDays: readonly CivilDate[];
  /** The days were worked out before the yearly notice was published. */
  readonly provisional: boolean;
};

export type CalendarDay = { readonly date: CivilDate; readonly provisional: boolean };

export interface WorkingDayCalendar {
  isWorkingDay(date: CivilDate): boolean;
  /** The n-th working day after `date`; the day itself isn't counted. `days` from 1. */
  addWorkingDays(date: CivilDate, days: number): CalendarDay;
  /** Legal day of receipt: this day if it is a working day and before the cut-off, else the next working day. */
  receiptDay(wallMs: number, cutoffMinutes: number): CalendarDay;
  /** Whether this year's notice is loaded for the region. */
  knows(year: number): boolean;
}

/** Regions with public days of their own, fixed anew each year. */
const REGIONS_WITH_OWN_DAYS: readonly string[] = ["CN-XJ"];

const DAY_MS = 86_400_000;
const CIVIL = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Throws RangeError when the text is not a civil date that exists. */
export function civilDate(text: string): CivilDate {
  const date = text as CivilDate;
  if (!CIVIL.test(text) || !isCivilDate(date)) throw new RangeError(`not a civil date: ${text.slice(0, 20)}`);
  return date;
}

export function isCivilDate(text: string): text is CivilDate {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return CIVIL.test(text) && !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}

export function addDays(date: CivilDate, days: number): CivilDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10) as CivilDate;
}

/** First moment of this civil date in Beijing, UTC ms. */
export function startOfBeijingDay(date: CivilDate): number {
  return Date.parse(`${date}T00:00:00Z`) - BEIJING_OFFSET_MS;
}

function isWeekend(date: CivilDate): boolean {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return day === 0 || day === 6;
}

/** Throws RangeError when two files give the same year and region, or a day is both off and worked. */
export function workingDayCalendar(years: readonly CalendarYear[], region: string): WorkingDayCalendar {
  const off = new Set<CivilDate>();
  const makeUp = new Set<CivilDate>();
  const settled = new Map<string, boolean>();
  for (const file of years) {
    if (file.region !== "CN" && file.region !== region) continue;
    const key = `${file.region}/${file.year}`;
    if (settled.has(key)) throw new RangeError(`two calendars for ${key}`);
    settled.set(key, !file.provisional);
    for (const date of file.offDays) off.add(date);
    for (const date of file.makeUpDays) makeUp.add(date);
  }
  for (const date of makeUp)
    if (off.has(date) && region === "CN") throw new RangeError(`${date} is both off and worked`);
  const layers = REGIONS_WITH_OWN_DAYS.includes(region) ? ["CN", region] : ["CN"];
  const knows = (year: number): boolean => layers.every((layer) => settled.get(`${layer}/${year}`) === true);
  const isWorkingDay = (date: CivilDate): boolean => !off.has(date) && (makeUp.has(date) || !isWeekend(date));
  const knowsDay = (date: CivilDate): boolean => knows(Number(date.slice(0, 4)));

  return {
    isWorkingDay,
    knows,
    addWorkingDays(date, days) {
      if (!Number.isSafeInteger(days) || days < 1 || days > 1000)
        throw new RangeError("working days are a whole number from 1 to 1000");
      let day = date;
      let provisional = false;
      for (let counted = 0; counted < days;) {
        day = addDays(day, 1);
        if (!knowsDay(day)) provisional = true;
        if (isWorkingDay(day)) counted += 1;
      }
      return { date: day, provisional };
    },
    receiptDay(wallMs, cutoffMinutes) {
      const today = beijingDate(wallMs);
      const minutes = (wallMs - startOfBeijingDay(today)) / 60_000;
      let provisional = !knowsDay(today);
      if (isWorkingDay(today) && minutes <= cutoffMinutes) return { date: today, provisional };
      let day = addDays(today, 1);
      for (; !isWorkingDay(day); day = addDays(day, 1)) if (!knowsDay(day)) provisional = true;
      return { date: day, provisional: provisional || !knowsDay(day) };
    },
  };
}

/** Checks one calendar file. Throws RangeError with the reason. */
export function parseCalendarYear(json: unknown): CalendarYear {
  if (typeof json !== "object" || json === null) throw new RangeError("a calendar is an object");
  const { year, region, source, offDays, makeUpDays, provisional } = json as Record<string, unknown>;
  if (!Number.isSafeInteger(year)) throw new RangeError("a calendar names its year");
  if (typeof region !== "string" || !/^CN(-[A-Z]{2})?$/.test(region))
    throw new RangeError("a calendar names its region");
  if (typeof source !== "string" || source === "") throw new RangeError("a calendar names its source");
  const dates = (value: unknown, what: string): readonly CivilDate[] => {
    if (!Array.isArray(value)) throw new RangeError(`${what} is a list of dates`);
    return value.map((date) => {
      const parsed = civilDate(String(date));
      if (Number(parsed.slice(0, 4)) !== year) throw new RangeError(`${what}: ${parsed} is of another year`);
      return parsed;
    });
  };
  return {
    year: Number(year),
    region,
    source,
    offDays: dates(offDays, "offDays"),
    makeUpDays: dates(makeUpDays, "makeUpDays"),
    provisional: provisional === true,
  };
}
