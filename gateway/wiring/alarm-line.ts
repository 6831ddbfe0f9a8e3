/**
 * Where the wiring's own faults go: the log at once, the alarm list as soon as there is one. Invariant: an alarm that
 * can't be stored now is in the log, and the list keeps it in memory.
 */
import type { Alarms } from "../health/alarms.ts";
import type { HttpLogger } from "../http/deps.ts";

export interface AlarmLine {
  raise(code: string, subject: string): void;
  clear(code: string, subject: string): void;
  /** Gives the list, once the store is open. */
  attach(alarms: Alarms): void;
  list(): Alarms | undefined;
}

export function alarmLine(logger: HttpLogger): AlarmLine {
  let list: Alarms | undefined;
  return {
    raise(code, subject) {
      logger.warn({ code, subject }, "alarm");
      list
        ?.raise({ code, subject })
        .catch((error: unknown) => logger.warn({ code, error: String(error) }, "alarm kept in memory"));
    },
    clear(code, subject) {
      list
        ?.clear({ code, subject })
        .catch((error: unknown) => logger.warn({ code, error: String(error) }, "alarm not cleared"));
    },
    attach(alarms) {
      list = alarms;
    },
    list: () => list,
  };
}
