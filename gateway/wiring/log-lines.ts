/** The gateway's own log: one JSON line each through pino. Invariant: callers pass codes and ids, never names or secrets. */
import type { HttpLogger } from "../http/deps.ts";
import type { StoreNotice } from "../store/ports.ts";
import type { Alarms } from "../health/alarms.ts";

/** Store notices that a technician has to act on, and those that end such a one. */
const RAISES = {
  orphans: "store.orphans",
  volumeDamaged: "store.volumeDamaged",
  ioError: "store.ioError",
  signerAway: "evidence.signerAway",
  diskWentBack: "store.diskWentBack",
  viewFailed: "store.viewFailed",
  listenerFailed: "store.listenerFailed",
  spaceFull: "store.diskFull",
  absenceUnfinished: "store.absenceUnfinished",
  scrubFound: "store.scrubFound",
} as const satisfies Partial<Record<StoreNotice["kind"], string>>;
const CLEARS = {
  ioRecovered: RAISES.ioError,
  signerBack: RAISES.signerAway,
  spaceLow: RAISES.spaceFull,
  spaceEnough: RAISES.spaceFull,
} as const;

function causeOf(notice: StoreNotice): unknown {
  return "cause" in notice ? notice.cause : undefined;
}

/** Writes a notice to the log and keeps the alarm list in step with it. */
export function tellNotice(notice: StoreNotice, logger: HttpLogger, alarms: () => Alarms | undefined): void {
  const cause = causeOf(notice);
  const fields = { ...notice, ...(cause instanceof Error ? { cause: cause.message } : {}) };
  const raised = RAISES[notice.kind as keyof typeof RAISES] as string | undefined;
  if (raised === undefined) logger.info(fields, "store");
  else logger.warn(fields, "store");
  // An alarm is an entry too: on a failing disk it is kept in memory, which `raise` sees to.
  const tell = async (): Promise<void> => {
    if (raised !== undefined) await alarms()?.raise({ code: raised, subject: "gateway" });
    const cleared = CLEARS[notice.kind as keyof typeof CLEARS] as string | undefined;
    if (cleared !== undefined) await alarms()?.clear({ code: cleared, subject: "gateway" });
  };
  tell().catch((error: unknown) => logger.warn({ code: String(error) }, "an alarm is kept in memory only"));
}
