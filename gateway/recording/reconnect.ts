/**
 * How long to wait before a camera is dialled again: for ever, jittered, so that cameras never march in step.
 * Invariant: at most 2 s, but longer where the camera refused the password, since cameras lock accounts.
 */
import type { SourceEndCause } from "./ports.ts";

const FIRST_MS = 250;
const CAP_MS = 2000;
const UNAUTHORIZED_FIRST_MS = 5000;
const UNAUTHORIZED_CAP_MS = 60_000;

/** `failures`: attempts without a picture so far; `random` in [0, 1). The result is 50 to 100 % of the step. */
export function reconnectDelayMs(failures: number, cause: SourceEndCause, random: number): number {
  const [first, cap] =
    cause === "unauthorized" ? [UNAUTHORIZED_FIRST_MS, UNAUTHORIZED_CAP_MS] : [FIRST_MS, CAP_MS];
  const step = Math.min(cap, first * 2 ** Math.min(failures, 16));
  return Math.round(step * (0.5 + random / 2));
}
