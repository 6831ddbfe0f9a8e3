/**
 * Why a body camera's file came late, as far as the dock path saw it. Invariant: a cause is read from entries alone, and
 * the officer is named as the cause only where the dock was there to take the camera in time.
 */
import type { Row } from "./facts.ts";

/**
 * `dockAway`: the dock was not there until after the limit. `broughtLate`: the camera was put into the dock after it.
 * `slowUpload`: it was there in time, its file was not. `unknown`: nobody saw it come.
 */
export const LATE_CAUSES = ["dockAway", "broughtLate", "slowUpload", "unknown"] as const;
export type LateCause = (typeof LATE_CAUSES)[number];

/** Rows of the view as they stand when the file is stored. */
export function lateCause(
  limitMs: number,
  seen: { readonly dock: Row | undefined; readonly custody: Row | undefined },
): LateCause {
  const { dock, custody } = seen;
  const isThere = dock?.textOrNull("state") === "online";
  if (!isThere || dock.number("sinceMs") > limitMs) return "dockAway";
  if (custody?.textOrNull("kind") !== "inserted") return "unknown";
  return custody.number("sinceMs") > limitMs ? "broughtLate" : "slowUpload";
}
