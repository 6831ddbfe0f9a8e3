/**
 * The clocks, as an interface: wall and monotonic time are two things and never stand in for each other.
 * Invariant: stored times are UTC milliseconds; Beijing time appears only where people or the law read it.
 */

/** Whether the system clock is known to follow a time server. */
export type NtpState = "synced" | "unsynced" | "unknown";

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z as the system clock has it; may step. */
  wallMs(): number;
  /** Milliseconds since an arbitrary point of this boot; never steps. */
  monotonicMs(): number;
  /** Names the span in which `monotonicMs` values can be compared: one start of this process. */
  readonly boot: string;
  ntp(): NtpState;
}

/** China has no daylight saving: civil time is UTC+8 all year, in Xinjiang too (REGULATIONS 2.4). */
export const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** A civil date in Beijing, `YYYY-MM-DD`. */
export type CivilDate = `${number}-${number}-${number}`;

/** The civil date in Beijing at this moment. */
export function beijingDate(wallMs: number): CivilDate {
  return new Date(wallMs + BEIJING_OFFSET_MS).toISOString().slice(0, 10) as CivilDate;
}

/** `YYYY-MM-DD HH:MM:SS` in Beijing time, for people. */
export function beijingDateTime(wallMs: number): string {
  return new Date(wallMs + BEIJING_OFFSET_MS).toISOString().slice(0, 19).replace("T", " ");
}
