/** The real clocks. Invariant: `boot` is new at each start of the process, since monotonic values restart with it. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import type { Clock, NtpState } from "../domain/time.ts";

/** systemd-timesyncd makes the file when it has set the clock; chrony is asked to do so by firmware-configs/box. */
const SYNC_FOLDER = "/run/systemd/timesync";
const SYNC_MARK = `${SYNC_FOLDER}/synchronized`;
const NTP_LOOK_MS = 10_000;

function lookAtNtp(): NtpState {
  if (existsSync(SYNC_MARK)) return "synced";
  return existsSync(SYNC_FOLDER) ? "unsynced" : "unknown";
}

export function systemClock(): Clock {
  const boot = randomUUID();
  let ntp = lookAtNtp();
  let lookedMs = performance.now();
  return {
    boot,
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    ntp: () => {
      const nowMs = performance.now();
      if (nowMs - lookedMs >= NTP_LOOK_MS) {
        lookedMs = nowMs;
        ntp = lookAtNtp();
      }
      return ntp;
    },
  };
}
