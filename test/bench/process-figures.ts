/** CPU, memory and written bytes of a process and all its children, from /proc. */
import { readFileSync, readdirSync } from "node:fs";

/** Clock ticks of /proc/<pid>/stat in a second; 100 on every Linux that Node runs on. */
const TICKS_PER_S = 100;

export interface ProcessFigures {
  readonly cpuS: number;
  readonly pssMiB: number;
  /** The part of `pssMiB` that no file stands behind: a table's page can go at any time, this cannot. */
  readonly anonymousMiB: number;
  readonly writtenBytes: number;
  readonly processes: number;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuS: number;
}

function stats(): Stat[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, "utf8");
        const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
        const cpuS = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
        return [{ pid: Number(name), parent: Number(fields[1]), cpuS }];
      } catch {
        // The process ended while it was being looked at.
        return [];
      }
    });
}

function value(pid: number, file: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(`/proc/${pid}/${file}`, "utf8"))?.[1] ?? 0);
  } catch (error) {
    // As above.
    if (["ENOENT", "ESRCH"].includes(String((error as NodeJS.ErrnoException).code))) return 0;
    throw error;
  }
}

/** Sums over the given processes and everything they started. */
export function figures(roots: readonly number[]): ProcessFigures {
  const all = stats();
  const family = new Set(roots);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const one of all) if (family.has(one.parent)) family.add(one.pid);
  }
  const own = all.filter((one) => family.has(one.pid));
  const summed = (pattern: RegExp): number =>
    own.reduce((sum, one) => sum + value(one.pid, "smaps_rollup", pattern), 0) / 1024;
  return {
    cpuS: own.reduce((sum, one) => sum + one.cpuS, 0),
    pssMiB: summed(/^Pss:\s+(\d+)/m),
    anonymousMiB: summed(/^Pss_Anon:\s+(\d+)/m),
    writtenBytes: own.reduce((sum, one) => sum + value(one.pid, "io", /^write_bytes: (\d+)/m), 0),
    processes: own.length,
  };
}

/** Resident memory of one process, read where looking often costs it nothing: the kernel keeps these counts anyway. */
export function residentMiB(pid: number): { readonly anonymousMiB: number; readonly fileMiB: number } {
  return {
    anonymousMiB: value(pid, "status", /^RssAnon:\s+(\d+)/m) / 1024,
    fileMiB: value(pid, "status", /^RssFile:\s+(\d+)/m) / 1024,
  };
}
