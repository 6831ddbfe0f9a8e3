/**
 * A program of ours as a child: started with the runtime that runs us, ready when it has printed its first JSON
 * line, ended by closing its stdin. Invariant: `close` resolves only when the process is gone.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface ProgramOptions {
  /** Path from the project's root. */
  readonly script: string;
  readonly args?: readonly string[];
  /** Beside ours; the place for what must not stand in an argument. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to stdin first, with a line end. */
  readonly firstLine?: string;
  /** Whether stdin is closed behind the first line, for a program that reads it to its end. */
  readonly closeStdin?: boolean;
  /** Every JSON line on stdout. */
  readonly onLine: (line: unknown) => void;
  /** An end that nobody asked for. */
  readonly onEnd: (code: number | null, signal: NodeJS.Signals | null) => void;
}

export interface Program {
  readonly pid: number | undefined;
  send(line: string): void;
  /** Ends the program and resolves when it is gone. Safe to call twice. */
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Time to end by itself after its stdin closed, then after SIGTERM. */
const END_MS = 3000;

async function endOf(child: ChildProcess, limitMs: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return true;
  try {
    await once(child, "exit", { signal: AbortSignal.timeout(limitMs) });
    return true;
  } catch {
    return child.exitCode !== null || child.signalCode !== null;
  }
}

/** Starts without waiting; see `startReady` for programs that say when they are ready. */
export function startProgram(options: ProgramOptions): Program {
  const child = spawn(process.execPath, [options.script, ...(options.args ?? [])], {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let closing = false;
  let ended = false;
  const { stdin, stdout } = child;
  // The child may be gone before we write; its end is told by "exit".
  stdin.on("error", () => undefined);
  createInterface({ input: stdout }).on("line", (line) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      return;
    }
    options.onLine(parsed);
  });
  const tell = (code: number | null, signal: NodeJS.Signals | null): void => {
    if (ended) return;
    ended = true;
    if (!closing) options.onEnd(code, signal);
  };
  child.once("exit", tell);
  child.once("error", () => tell(null, null));
  if (options.firstLine !== undefined) stdin.write(`${options.firstLine}\n`);
  if (options.closeStdin === true) stdin.end();
  return {
    pid: child.pid,
    send: (line) => void stdin.write(`${line}\n`),
    async close() {
      closing = true;
      stdin.end();
      if (child.pid === undefined || (await endOf(child, END_MS))) return;
      child.kill("SIGTERM");
      if (await endOf(child, END_MS)) return;
      child.kill("SIGKILL");
      await endOf(child, END_MS);
    },
  };
}

/** Starts and resolves with the first JSON line. Rejects when the program ends or stays silent for `readyMs`. */
export async function startReady(
  options: Omit<ProgramOptions, "onLine"> & {
    readonly onLine?: (line: unknown) => void;
    readonly readyMs: number;
  },
): Promise<{ readonly program: Program; readonly ready: unknown }> {
  const first = Promise.withResolvers<unknown>();
  let waiting = true;
  const program = startProgram({
    ...options,
    onLine: (line) => {
      if (waiting) first.resolve(line);
      else options.onLine?.(line);
      waiting = false;
    },
    onEnd: (code, signal) => {
      if (waiting)
        first.reject(
          new Error(`${options.script} ended before it was ready (${signal ?? code ?? "not started"})`),
        );
      else options.onEnd(code, signal);
    },
  });
  const limit = setTimeout(
    () => first.reject(new Error(`${options.script} was not ready in ${options.readyMs} ms`)),
    options.readyMs,
  );
  try {
    return { program, ready: await first.promise };
  } catch (error) {
    await program.close();
    throw error;
  } finally {
    clearTimeout(limit);
  }
}
