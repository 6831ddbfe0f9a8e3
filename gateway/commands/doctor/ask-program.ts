/** Asks a program of the system for a line or two. Invariant: it ends within its limit and never through a shell. */
import { execFile } from "node:child_process";

const LIMIT_MS = 5000;

/** What it wrote on stdout; undefined when it is not there, fails or takes too long. */
export function askProgram(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: LIMIT_MS, killSignal: "SIGKILL" }, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
  });
}
