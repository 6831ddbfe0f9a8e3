/** The central archive as `npm run archive` starts it, on a folder of the test's. Invariant: it ends with the test. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const READY_MS = 15_000;
const END_MS = 10_000;

export interface RunningArchive {
  readonly folder: string;
  readonly url: string;
  readonly port: number;
  /** One enrolment line; a code works once. */
  readonly enrolment: string;
  output(): string;
  /** Pulls from every enrolled gateway and resolves with the line that reports it. */
  pull(): Promise<string>;
  /** Names of the packs kept of the one log there is. */
  packs(): Promise<readonly string[]>;
  logFolder(): string;
  close(): Promise<void>;
  kill(): Promise<void>;
}

export async function startArchive(folder: string, origin: string, port = 0): Promise<RunningArchive> {
  const child = spawn(process.execPath, ["sync/archive/main.ts", "--data", folder, "--port", String(port)], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  const listeners = new Set<(line: string) => void>();
  const ready = Promise.withResolvers<{ url: string; enrolment: string }>();
  const hear = (line: string): void => {
    output += `${line}\n`;
    if (line.startsWith('{"ready":true'))
      ready.resolve(JSON.parse(line) as { url: string; enrolment: string });
    for (const listener of listeners) listener(line);
  };
  createInterface({ input: child.stdout }).on("line", hear);
  createInterface({ input: child.stderr }).on("line", hear);
  child.once("exit", (code) => ready.reject(new Error(`the archive ended with ${code}\n${output}`)));
  const limit = setTimeout(() => ready.reject(new Error(`the archive was not ready\n${output}`)), READY_MS);
  const { url, enrolment } = await ready.promise.finally(() => clearTimeout(limit));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    if (child.exitCode === null && child.signalCode === null)
      await once(child, "exit", { signal: AbortSignal.timeout(END_MS) });
  };
  const logFolder = (): string => join(folder, "logs", origin);
  return {
    folder,
    url,
    port: Number(new URL(url).port),
    enrolment,
    output: () => output,
    logFolder,
    pull: () =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no pull\n${output}`)), 30_000);
        const listener = (line: string): void => {
          if (!line.includes("pulled") && !line.includes("failed")) return;
          listeners.delete(listener);
          clearTimeout(timer);
          resolve(line);
        };
        listeners.add(listener);
        child.stdin.write("pull\n");
      }),
    packs: async () => {
      try {
        return (await readdir(join(logFolder(), "packs"))).sort();
      } catch {
        return [];
      }
    },
    close: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}
