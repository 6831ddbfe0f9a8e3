/** A clock that a test moves by hand, wall and monotonic time apart. */
import type { Clock } from "../../../gateway/domain/time.ts";

export interface SteeredClock extends Clock {
  /** Both clocks go on by this much. */
  pass(ms: number): void;
  /** Only the wall clock is set. */
  setWall(wallMs: number): void;
}

export function steeredClock(): SteeredClock {
  let wall = Date.UTC(2026, 10, 20, 1, 0, 0);
  let mono = 1000;
  return {
    boot: "test",
    ntp: () => "synced",
    wallMs: () => wall,
    monotonicMs: () => mono,
    pass(ms) {
      wall += ms;
      mono += ms;
    },
    setWall(wallMs) {
      wall = wallMs;
    },
  };
}
