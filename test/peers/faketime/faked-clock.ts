/**
 * A system clock in a test's hand for whole programs, by Debian's libfaketime: wall time is moved, monotonic time is
 * left alone, as when a person or a time server sets the clock. Invariant: a program needs no change for it.
 */
import { existsSync, globSync, renameSync, writeFileSync } from "node:fs";

const [LIBRARY] = globSync("/usr/lib/*/faketime/libfaketime.so.1");

export const FAKETIME_INSTALL = "apt-get install faketime";
export const hasFaketime = LIBRARY !== undefined && existsSync(LIBRARY);

/** How soon a program takes a new setting. */
const CACHE_S = 1;

export interface FakedClock {
  /** For the environment of what is started. */
  readonly env: Readonly<Record<string, string>>;
  /** From the true time, seconds; `rate` 1.001 runs a thousandth fast. Takes effect within a second. */
  set(offsetS: number, rate?: number): void;
}

/** `file`: where the setting is kept, in a folder of the test's own. */
export function fakedClock(file: string): FakedClock {
  function set(offsetS: number, rate = 1): void {
    // A file that is half written would be no time at all.
    const speed = rate === 1 ? "" : ` x${rate}`;
    writeFileSync(`${file}.new`, `${offsetS < 0 ? "" : "+"}${offsetS}${speed}\n`);
    renameSync(`${file}.new`, file);
  }
  set(0);
  return {
    env: {
      LD_PRELOAD: LIBRARY ?? "",
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: String(CACHE_S),
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
    set,
  };
}
