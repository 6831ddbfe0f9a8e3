/** Working days of 2026 as the State Council's notice gives them, and what happens where no notice is loaded. */
import { describe, expect, it } from "vitest";
import national from "../../../firmware-configs/calendars/2026.json" with { type: "json" };
import xinjiang from "../../../firmware-configs/calendars/2026.CN-XJ.json" with { type: "json" };
import {
  addDays,
  isCivilDate,
  parseCalendarYear,
  workingDayCalendar,
} from "../../../gateway/domain/calendar.ts";
import { type CivilDate, beijingDate } from "../../../gateway/domain/time.ts";
import { proves } from "../../law/proves.ts";

const years = [parseCalendarYear(national), parseCalendarYear(xinjiang)];
const china = workingDayCalendar(years, "CN");

/** REGULATIONS 2.4: received, then the 2nd, 5th and 20th working day. */
const VECTORS: readonly (readonly [CivilDate, CivilDate, CivilDate, CivilDate])[] = [
  ["2026-02-12", "2026-02-14", "2026-02-26", "2026-03-18"],
  ["2026-02-13", "2026-02-24", "2026-02-27", "2026-03-19"],
  ["2026-04-30", "2026-05-07", "2026-05-11", "2026-06-01"],
  ["2026-05-08", "2026-05-11", "2026-05-14", "2026-06-04"],
  ["2026-09-18", "2026-09-21", "2026-09-24", "2026-10-22"],
  ["2026-09-24", "2026-09-29", "2026-10-09", "2026-10-29"],
  ["2026-09-30", "2026-10-09", "2026-10-13", "2026-11-03"],
];

describe("working days", () => {
  for (const [received, two, five, twenty] of VECTORS)
    it(
      proves(["S1-6(4)"], `from ${received}: day 2 is ${two}, day 5 is ${five}, day 20 is ${twenty}`),
      () => {
        expect(china.addWorkingDays(received, 2)).toEqual({ date: two, provisional: false });
        expect(china.addWorkingDays(received, 5)).toEqual({ date: five, provisional: false });
        expect(china.addWorkingDays(received, 20)).toEqual({ date: twenty, provisional: false });
      },
    );

  it("counts 248 working days in 2026, with six make-up days", () => {
    let count = 0;
    for (let day: CivilDate = "2026-01-01"; day <= "2026-12-31"; day = addDays(day, 1))
      if (china.isWorkingDay(day)) count += 1;
    expect(count).toBe(248);
    for (const day of national.makeUpDays) expect(china.isWorkingDay(parse(day))).toBe(true);
  });

  it("marks a date that reaches into a year without a notice as provisional", () => {
    expect(china.addWorkingDays("2026-12-30", 1)).toEqual({ date: "2026-12-31", provisional: false });
    expect(china.addWorkingDays("2026-12-30", 2)).toEqual({ date: "2027-01-01", provisional: true });
    expect(china.knows(2027)).toBe(false);
  });

  it("adds Xinjiang's own days and keeps them provisional until the region's notice is loaded", () => {
    const region = workingDayCalendar(years, "CN-XJ");
    expect(china.isWorkingDay("2026-05-27")).toBe(true);
    expect(region.isWorkingDay("2026-05-27")).toBe(false);
    expect(region.addWorkingDays("2026-05-26", 1)).toEqual({ date: "2026-06-01", provisional: true });
    const settled = workingDayCalendar(
      [...years.slice(0, 1), { ...parseCalendarYear(xinjiang), provisional: false }],
      "CN-XJ",
    );
    expect(settled.addWorkingDays("2026-05-26", 2)).toEqual({ date: "2026-06-02", provisional: false });
  });

  it("takes what comes after office hours, or on a day off, as received on the next working day", () => {
    const at = (text: string): number => Date.parse(`${text}+08:00`);
    const cutoff = 17 * 60 + 30;
    const day = (text: string): string => china.receiptDay(at(text), cutoff).date;
    expect(day("2026-02-13T17:30:00")).toBe("2026-02-13");
    expect(day("2026-02-13T17:31:00")).toBe("2026-02-14");
    expect(day("2026-02-14T18:00:00")).toBe("2026-02-24");
    expect(day("2026-10-01T10:00:00")).toBe("2026-10-08");
  });

  it("reads civil dates in Beijing, whatever zone the machine is set to", () => {
    expect(beijingDate(Date.parse("2026-02-13T16:00:00Z"))).toBe("2026-02-14");
    expect(beijingDate(Date.parse("2026-02-13T15:59:59Z"))).toBe("2026-02-13");
  });

  it("refuses calendars with a date that does not exist or lies in another year", () => {
    const file = { ...national, offDays: ["2026-02-30"] };
    expect(() => parseCalendarYear(file)).toThrow(RangeError);
    expect(() => parseCalendarYear({ ...national, offDays: ["2027-01-01"] })).toThrow(/another year/);
    expect(isCivilDate("2026-13-01")).toBe(false);
    expect(() => workingDayCalendar([...years, ...years], "CN")).toThrow(/two calendars/);
  });
});

function parse(text: string): CivilDate {
  if (!isCivilDate(text)) throw new RangeError(text);
  return text;
}
