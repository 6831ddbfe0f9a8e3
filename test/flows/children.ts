/** The processes below a process that a test started, with what they were started as. Linux, by /proc. */
import { readFile, readdir } from "node:fs/promises";

export interface Child {
  readonly pid: number;
  /** Its process group. */
  readonly group: number;
  /** Words of its command line. */
  readonly words: readonly string[];
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    // It ended while we looked.
    if (["ENOENT", "ESRCH"].includes(String((error as NodeJS.ErrnoException).code))) return "";
    throw error;
  }
}

interface Status {
  /** One letter. */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
}

/** Undefined when the process is gone. The name in brackets may hold anything. */
async function statusOf(pid: number): Promise<Status | undefined> {
  const stat = await read(`/proc/${pid}/stat`);
  const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return stat === "" || state === undefined
    ? undefined
    : { state, parent: Number(parent), group: Number(group) };
}

/** Children and their children. */
export async function descendants(pid: number): Promise<readonly Child[]> {
  const all = new Map<number, Status>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const status = await statusOf(Number(name));
    if (status !== undefined) all.set(Number(name), status);
  }
  const found: Child[] = [];
  const walk = async (parent: number): Promise<void> => {
    for (const [child, its] of all) {
      if (its.parent !== parent) continue;
      const words = (await read(`/proc/${child}/cmdline`)).split("\0").filter((word) => word !== "");
      found.push({ pid: child, group: its.group, words });
      await walk(child);
    }
  };
  await walk(pid);
  return found;
}

/** The one child that runs this script. */
export async function childRunning(pid: number, script: string): Promise<Child> {
  const found = (await descendants(pid)).find(({ words }) => words.some((word) => word.endsWith(script)));
  if (found === undefined) throw new Error(`no child runs ${script}`);
  return found;
}

/** Whether it still runs; one that only waits to be reaped is gone. */
export async function isAlive(pid: number): Promise<boolean> {
  const status = await statusOf(pid);
  return status !== undefined && status.state !== "Z";
}

/** Asks until it is so; throws with `what` when it is not in time. */
export async function until<T>(
  what: string,
  limitMs: number,
  ask: () => Promise<T | undefined | false>,
): Promise<T> {
  const endsMs = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > endsMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
