/** When a recording ended by a true clock, and how late it came in (S1-19, S2-26, S3-B-6, S4-30). Pure. */
import { BEIJING_OFFSET_MS } from "../domain/time.ts";
import type { Lateness } from "./docks.ts";
import type { IngestRules } from "./ports.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What a camera claims of one file, in its own clock. */
export interface FileTimes {
  readonly startMs: number | null;
  readonly endMs: number | null;
  /** Camera clock minus true time. */
  readonly clockOffsetMs: number | null;
  /** As probed; stands in where the camera told no end. */
  readonly durationMs: number | null;
}

/** Device time less the offset measured at insert; null where either is unknown. */
export function correctedTimes(times: FileTimes): {
  readonly startMs: number | null;
  readonly endMs: number | null;
} {
  const { startMs, clockOffsetMs, durationMs } = times;
  const endMs = times.endMs ?? (startMs === null || durationMs === null ? null : startMs + durationMs);
  const correct = (deviceMs: number | null): number | null =>
    deviceMs === null || clockOffsetMs === null ? null : Math.round(deviceMs - clockOffsetMs);
  return { startMs: correct(startMs), endMs: correct(endMs) };
}

/**
 * Null when in time, when the profile is silent, or when the true end is not known. The limit that the regulation puts
 * a number to goes before the span that stands for its "promptly" (S3-A-15).
 */
export function lateness(rules: IngestRules, endMs: number | null, storedMs: number): Lateness | null {
  if (endMs === null) return null;
  const { limit, prompt } = rules;
  const over = (limitMs: number, article: string | null): Lateness | null =>
    storedMs <= limitMs ? null : { byMs: storedMs - limitMs, article };
  const limitMs =
    limit === null ? undefined : limit === "sameDay" ? endOfDayMs(endMs) : endMs + limit.hours * HOUR_MS;
  return (
    (limitMs === undefined ? null : over(limitMs, rules.limitArticle)) ??
    (prompt === undefined ? null : over(endMs + prompt.hours * HOUR_MS, prompt.article))
  );
}

/** Midnight in Beijing after this moment. */
function endOfDayMs(atMs: number): number {
  return (Math.floor((atMs + BEIJING_OFFSET_MS) / DAY_MS) + 1) * DAY_MS - BEIJING_OFFSET_MS;
}
