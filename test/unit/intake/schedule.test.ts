/** The schedule of what the law lets happen by itself: runs at once, goes on after a failure, ends when closed. */
import { describe, expect, it } from "vitest";
import { scheduleIntake } from "../../../gateway/intake/schedule.ts";

describe("the schedule", () => {
  it("runs at once and again, tells failures, and runs no more after close", async () => {
    let runs = 0;
    const failures: unknown[] = [];
    const { promise: thirdRun, resolve } = Promise.withResolvers<void>();
    const schedule = scheduleIntake({
      everyMs: 1,
      intake: {
        async deriveDeemed() {
          runs += 1;
          if (runs === 2) throw new Error("disk");
          return { derived: [], withheld: [], failed: [] };
        },
        finishPapers: async () => 0,
      },
      onRun: ({ unfinished }) => {
        expect(unfinished).toBe(0);
        if (runs === 3) resolve();
      },
      onFailed: (failure) => failures.push(failure),
    });
    await thirdRun;
    await schedule.close();
    const atClose = runs;
    await new Promise((done) => setImmediate(done));
    expect(runs).toBe(atClose);
    expect(failures).toHaveLength(1);
  });
});
