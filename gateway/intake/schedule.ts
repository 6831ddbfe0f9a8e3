/**
 * Runs what the law lets happen by itself: at start, then at a steady pace. Invariant: one run at a time, a failed run
 * is told and followed by the next, and after `close` resolves nothing runs any more.
 */
import type { Intake } from "./intake.ts";
import type { DeemedRun } from "./results.ts";

export interface Schedule {
  /** Resolves once the run under way, if any, has ended. */
  close(): Promise<void>;
}

export interface ScheduleOptions {
  readonly intake: Pick<Intake, "deriveDeemed" | "finishPapers">;
  /** What else follows from the passing of time, after each run. */
  readonly alsoRun?: () => Promise<void>;
  readonly everyMs: number;
  /** Hears of every run: what was derived, what a supervisor has to settle, how many papers are unfinished. */
  readonly onRun: (run: DeemedRun & { readonly unfinished: number }) => void;
  readonly onFailed: (failure: unknown) => void;
}

/** The first run begins at once; the view has to have caught up before. */
export function scheduleIntake({ intake, alsoRun, everyMs, onRun, onFailed }: ScheduleOptions): Schedule {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const run = async (): Promise<void> => {
    try {
      const derived = await intake.deriveDeemed();
      onRun({ ...derived, unfinished: await intake.finishPapers() });
      await alsoRun?.();
    } catch (error) {
      onFailed(error);
    }
    if (!closed) timer = setTimeout(next, everyMs);
  };
  let running: Promise<void> = Promise.resolve();
  const next = (): void => {
    running = run();
  };
  next();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
