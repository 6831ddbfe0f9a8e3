/** Retention periods: whole years in Beijing with the leap day, and the class of each piece of footage by profile. */
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beijingDate } from "../../../gateway/domain/time.ts";
import { fateOf } from "../../../gateway/domain/retention/classes.ts";
import { endOfDays, endOfYears, yearsAfter } from "../../../gateway/domain/retention/period.ts";
import { loadProfiles } from "../../../gateway/intake/load-rules.ts";

const PROFILES = join(import.meta.dirname, "../../../firmware-configs/profiles");
const beijing = (text: string): number => Date.parse(`${text.replace(" ", "T")}+08:00`);
const { all } = await loadProfiles(PROFILES, "zz-mr");
const profileOf = (id: string) => {
  const found = all.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};

describe("a period of years", () => {
  it.each([
    ["2026-03-02", 2, "2028-03-02"],
    ["2024-02-29", 2, "2026-02-28"],
    ["2024-02-29", 4, "2028-02-29"],
    ["2024-02-28", 1, "2025-02-28"],
    ["2025-02-28", 3, "2028-02-28"],
    ["2026-12-31", 10, "2036-12-31"],
  ] as const)("from %s, %i years: the last day is %s", (from, years, last) => {
    expect(yearsAfter(from, years)).toBe(last);
  });

  it("ends with the last moment of its last day in Beijing", () => {
    expect(endOfYears(beijing("2026-03-02 23:59:59.999"), 2)).toBe(beijing("2028-03-03 00:00:00.000"));
    expect(endOfYears(beijing("2024-02-29 12:00:00.000"), 2)).toBe(beijing("2026-03-01 00:00:00.000"));
    expect(endOfDays(beijing("2026-03-02 10:00:00.000"), 30)).toBe(beijing("2026-04-02 00:00:00.000"));
  });

  it("is never shorter than the years it names, whatever day it begins on", () => {
    const day = fc.integer({ min: beijing("2000-01-01 00:00:00"), max: beijing("2099-12-31 00:00:00") });
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 100 }), (fromMs, years) => {
        const endMs = endOfYears(fromMs, years);
        expect(endMs - fromMs).toBeGreaterThanOrEqual(
          (365 * years + Math.floor((years - 1) / 4) - 1) * 86_400_000,
        );
        expect(beijingDate(endMs - 1).slice(0, 4)).toBe(
          String(Number(beijingDate(fromMs).slice(0, 4)) + years),
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the class of footage", () => {
  const endMs = beijing("2026-03-02 10:00:00");
  it("is 180 days for the counter's of no matter, two years for a body camera's", () => {
    const counter = fateOf({ source: "counter", endMs, cases: [], profile: profileOf("zz-mr") });
    expect(counter).toEqual({ class: "counterUnlinked", keepUntilMs: endOfDays(endMs, 180) });
    const body = fateOf({ source: "bodyCamera", endMs, cases: [], profile: profileOf("qd-xha-commerce") });
    expect(body).toEqual({ class: "inspectionAv", keepUntilMs: endOfYears(endMs, 2), article: "S0-30" });
  });

  it("is that of the case file where it is part of one, and has no end while that has none", () => {
    const profile = profileOf("qd-xha-commerce");
    const filedMs = beijing("2026-04-01 10:00:00");
    const of = (cases: Parameters<typeof fateOf>[0]["cases"]) =>
      fateOf({ source: "bodyCamera", endMs, cases, profile }).keepUntilMs;
    expect(of([undefined])).toBe(Number.POSITIVE_INFINITY);
    expect(of([{ keep: "permanent", filedMs }])).toBe(Number.POSITIVE_INFINITY);
    expect(of([{ keep: 10, filedMs }])).toBe(endOfYears(filedMs, 10));
    // A short case file never takes from the floor.
    expect(of([{ keep: 1, filedMs }])).toBe(endOfYears(endMs, 2));
    expect(
      of([
        { keep: 10, filedMs },
        { keep: 30, filedMs },
      ]),
    ).toBe(endOfYears(filedMs, 30));
  });
});
