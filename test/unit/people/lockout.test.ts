/** Five wrong passwords shut an account, longer each time; the right one opens the count again. */
import { describe, expect, it } from "vitest";
import { createLockout } from "../../../gateway/people/lockout.ts";
import { steeredClock } from "./steered-clock.ts";

const MINUTE_MS = 60_000;

function fail(lockout: ReturnType<typeof createLockout>, times: number): number | undefined {
  let until: number | undefined;
  for (let i = 0; i < times; i++) until = lockout.failed("clerk");
  return until;
}

describe("lockout", () => {
  it("shuts at the fifth failure for five minutes, then for ten", () => {
    const clock = steeredClock();
    const lockout = createLockout(clock);
    expect(fail(lockout, 4)).toBeUndefined();
    expect(lockout.lockedUntilMs("clerk")).toBe(0);
    expect(lockout.failed("clerk")).toBe(clock.wallMs() + 5 * MINUTE_MS);
    clock.pass(5 * MINUTE_MS + 1);
    expect(lockout.lockedUntilMs("clerk")).toBe(0);
    expect(fail(lockout, 5)).toBe(clock.wallMs() + 10 * MINUTE_MS);
  });

  it("does not open when the wall clock is set forward", () => {
    const clock = steeredClock();
    const lockout = createLockout(clock);
    fail(lockout, 5);
    clock.setWall(clock.wallMs() + 3_600_000);
    expect(lockout.lockedUntilMs("clerk")).toBeGreaterThan(clock.wallMs());
  });

  it("forgets failures after a success", () => {
    const lockout = createLockout(steeredClock());
    fail(lockout, 4);
    lockout.succeeded("clerk");
    expect(fail(lockout, 4)).toBeUndefined();
  });

  it("keeps a bounded number of names", () => {
    const lockout = createLockout(steeredClock());
    fail(lockout, 5);
    for (let i = 0; i < 10_000; i++) lockout.failed(`name-${i}`);
    expect(lockout.lockedUntilMs("clerk")).toBe(0);
  });
});
