/**
 * The clocks that run on an application: local and statutory limit of the one-time notice, decision dates.
 * Invariant: they derive from t0 in the events, never from printing or from the screen (I11).
 */
import type { CivilDate } from "../time.ts";

export type ClockKind = "noticeLocal" | "noticeStatutory" | "decisionLegal" | "decisionPromised";

export type RunningClock = {
  readonly kind: ClockKind;
  /** Last day of the limit; it ends at 24:00 Beijing time. */
  readonly due: CivilDate;
  readonly fromDay: CivilDate;
  /** Calendar year missing or system clock not trusted: shown as provisional. */
  readonly provisional: boolean;
  /** `met` once the act it asks for was done in time, `late` when done after it, `breached` when still open. */
  readonly status: "running" | "met" | "late" | "breached";
  /** Article it comes from, such as `S1-6(4)` or `行政许可法 32(4)`. */
  readonly article: string;
};
