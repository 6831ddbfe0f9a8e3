/**
 * Starts one of the independent programs (virtual camera, dock, …) and waits for its line of JSON. Invariant: it
 * ends with the test: its stdin is a pipe of ours, and `stop` waits for the exit.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const READY_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 5000;

export interface RunningProgram {
  /** The first line it printed. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Everything it wrote so far, both streams. */
  readonly output: () => string;
  readonly child: ChildProcess;
  /** Resolves with the first line (JSON) that satisfies the condition, past or future. */
  line(
    matches: (line: Readonly<Record<string, unknown>>) => boolean,
    limitMs?: number,
  ): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

export interface ProgramOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** `path` from the top of the project. Rejects when it ends or says nothing within 15 s. */
export async function startProgram(path: string, options: ProgramOptions = {}): Promise<RunningProgram> {
  const child = spawn(process.execPath, [path, ...(options.args ?? [])], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  let rest = "";
  const lines: Record<string, unknown>[] = [];
  const listeners = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    output += piece;
    rest += piece;
    const complete = rest.split("\n");
    rest = complete.pop() ?? "";
    for (const line of complete)
      if (line.startsWith("{")) lines.push(JSON.parse(line) as Record<string, unknown>);
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    output += piece;
  });
  child.stdin.on("error", () => undefined);

  const line: RunningProgram["line"] = (matches, limitMs = READY_LIMIT_MS) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find(matches);
        if (found === undefined) return;
        leave();
        resolve(found);
      };
      const fail = (why: string) => (): void => {
        leave();
        reject(new Error(`${path} ${why}\n${output}`));
      };
      const ended = fail("ended");
      const timer = setTimeout(fail(`did not say it within ${limitMs} ms`), limitMs);
      const leave = (): void => {
        clearTimeout(timer);
        listeners.delete(look);
        child.removeListener("exit", ended);
      };
      listeners.add(look);
      child.once("exit", ended);
      look();
    });

  const ready = await line(() => true);
  return {
    ready,
    output: () => output,
    child,
    line,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.stdin.end();
      const harder = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
      await gone;
      clearTimeout(harder);
    },
  };
}
