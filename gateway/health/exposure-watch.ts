/**
 * Watches the exposure window: for too long nobody else has seen the log, so a rewrite could go unnoticed. Invariant:
 * one alarm from the moment the limit is passed until a sighting comes, however often it looks.
 */
export const EXPOSURE_ALARM = { code: "sync.exposed", subject: "gateway" } as const;

/** A hall whose archive answers is seen within seconds; an hour is a fault or a cut line. */
export const DEFAULT_EXPOSURE_LIMIT_MS = 60 * 60_000;

export interface ExposureWatch {
  /** Ends the timer; nothing is raised or cleared after it. */
  close(): void;
}

export interface ExposureWatchOptions {
  readonly exposureMs: () => number;
  readonly limitMs: number;
  readonly everyMs: number;
  readonly raise: (alarm: typeof EXPOSURE_ALARM) => void;
  /** Harmless where no such alarm is open; one from before a restart is cleared too. */
  readonly clear: (alarm: typeof EXPOSURE_ALARM) => void;
}

export function watchExposure(options: ExposureWatchOptions): ExposureWatch {
  const { exposureMs, limitMs, everyMs, raise, clear } = options;
  /** Unknown at first: an alarm may be open from before a restart. */
  let over: boolean | undefined;
  const timer = setInterval(() => {
    const isOver = exposureMs() > limitMs;
    if (isOver === over) return;
    over = isOver;
    if (isOver) raise(EXPOSURE_ALARM);
    else clear(EXPOSURE_ALARM);
  }, everyMs);
  return { close: () => clearInterval(timer) };
}
