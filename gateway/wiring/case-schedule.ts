/**
 * What happens by itself to footage and case files: releasing what the archive keeps, alarms for overdue files, the
 * warning list, the running out of counter footage. Invariant: one round at a time; a round that fails is told of and
 * followed by the next.
 */
import type { AlarmLine } from "./alarm-line.ts";
import type { CaseWork } from "./case-work.ts";

const EVERY_MS = 10 * 60_000;
/** Warnings and running out are matters of days. */
const DAILY_ROUNDS = 144;

export interface CaseSchedule {
  /** Resolves once the round under way has ended. */
  close(): Promise<void>;
}

export interface CaseScheduleOptions {
  readonly work: Pick<CaseWork, "caseFiles" | "retention" | "releaser">;
  readonly alarm: Pick<AlarmLine, "raise" | "clear">;
  readonly onFailed: (failure: unknown) => void;
  readonly everyMs?: number;
}

async function round({ work, alarm }: CaseScheduleOptions, daily: boolean): Promise<void> {
  const state = (code: string, subject: string, bad: boolean): void =>
    bad ? alarm.raise(code, subject) : alarm.clear(code, subject);
  state("caseFiles.overdue", "cases", (await work.caseFiles.overdue()).length > 0);
  const { stuck } = await work.releaser.run();
  state("store.nothingToRelease", "footage", stuck);
  if (!daily) return;
  const warning = await work.retention.warn();
  state("retention.ending", "footage", warning !== undefined);
  await work.retention.runOut();
}

/** The first round begins after one pause: a start has enough to do. */
export function scheduleCaseWork(options: CaseScheduleOptions): CaseSchedule {
  let timer: NodeJS.Timeout | undefined;
  let rounds = 0;
  let closed = false;
  let running: Promise<void> = Promise.resolve();
  const next = (): void => {
    running = round(options, rounds % DAILY_ROUNDS === 0)
      .catch(options.onFailed)
      .finally(() => {
        rounds += 1;
        if (!closed) timer = setTimeout(next, options.everyMs ?? EVERY_MS);
      });
  };
  timer = setTimeout(next, options.everyMs ?? EVERY_MS);
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
