/** A year whose calendar is missing: provisional dates, an alarm, and papers that keep what they said. */
import { afterEach, describe, expect, it } from "vitest";
import type { CalendarYear } from "../../../gateway/domain/calendar.ts";
import { workingDayCalendar } from "../../../gateway/domain/calendar.ts";
import { type Counter, type CounterOptions, openCounter } from "./counter.ts";

const counters: Counter[] = [];
afterEach(async () => {
  for (const counter of counters.splice(0).reverse()) await counter.remove();
});
const open = async (options: CounterOptions): Promise<Counter> => {
  const counter = await openCounter(options);
  counters.push(counter);
  return counter;
};

/** New Year's days off of a year that nobody has published yet, as a test has them. */
const NEXT_YEAR: CalendarYear = {
  year: 2027,
  region: "CN",
  source: "test",
  provisional: false,
  offDays: ["2027-01-01", "2027-01-04"],
  makeUpDays: ["2027-01-03"],
};

describe("a calendar that is missing", () => {
  it("makes dates provisional on screen and paper, and is named for the alarm before it is needed", async () => {
    const { intake, ...c } = await open({ profile: "hrss-unnamed", now: "2026-11-20 10:00" });
    expect(intake.missingCalendars()).toEqual([]);
    c.setNow("2026-12-30 10:00");
    expect(intake.missingCalendars()).toEqual([2027]);
    const id = await c.received();
    const { clocks } = await intake.get(id);
    // Weekdays only: 12-31, 01-01, 01-04, 01-05, 01-06.
    expect(clocks).toMatchObject([{ kind: "noticeStatutory", due: "2027-01-06", provisional: true }]);
    expect(c.drafted.at(-1)).toMatchObject({
      kind: "materialReceipt",
      noticeDue: [{ date: "2027-01-06", provisional: true }],
    });
  });

  it("is reckoned with once it is loaded; what the paper said stays beside the new day", async () => {
    const before = await open({ profile: "hrss-unnamed", now: "2026-12-30 10:00" });
    const id = await before.received();
    await before.close();
    const after = await open({
      profile: "hrss-unnamed",
      now: "2026-12-30 11:00",
      folder: before.folder,
      calendar: NEXT_YEAR,
    });
    const [clock] = (await after.intake.get(id)).clocks;
    // 12-31, 01-03 (make-up Sunday), 01-05, 01-06, 01-07.
    expect(clock).toMatchObject({ due: "2027-01-07", toldDue: "2027-01-06", provisional: false });
    expect(after.intake.missingCalendars()).toEqual([]);
    expect(after.drafted).toEqual([]);
  });

  it("moves a day of receipt that fell into it, too", async () => {
    const before = await open({ profile: "hrss-unnamed", now: "2026-12-31 18:30" });
    const id = await before.received();
    // After hours, so the next working day, by weekdays alone: a Friday that turns out to be a holiday.
    expect((await before.intake.get(id)).state.received).toMatchObject({
      receiptDay: "2027-01-01",
      provisional: true,
    });
    await before.close();
    const after = await open({
      profile: "hrss-unnamed",
      now: "2027-01-05 09:00",
      folder: before.folder,
      calendar: NEXT_YEAR,
    });
    const [clock] = (await after.intake.get(id)).clocks;
    expect(clock).toMatchObject({ fromDay: "2027-01-03", due: "2027-01-11", provisional: false });
    after.setNow("2027-01-12 09:00");
    expect((await after.intake.deriveDeemed()).derived).toEqual([id]);
    expect((await after.intake.get(id)).state.outcome).toMatchObject({ effectiveDay: "2027-01-03" });
  });

  it("asks for the region's layer as well, under a regulation of Xinjiang", async () => {
    const { intake } = await open({ profile: "bjt-drc", now: "2026-09-16 10:00" });
    // The region's days of 2026 were worked out before its own notice, so they stay provisional.
    expect(intake.missingCalendars()).toEqual([2026]);
    expect(workingDayCalendar([NEXT_YEAR], "CN-XJ").knows(2027)).toBe(false);
  });
});
