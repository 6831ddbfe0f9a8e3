/**
 * The whole gateway as a newcomer starts it: `node gateway/main.ts` on a fresh data folder and free ports.
 * Invariant: what a test started is ended by pid at its end, children included.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import manifest from "../../package.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const READY_MS = 45_000;
const END_MS = 25_000;

export interface RunningGateway {
  readonly dataFolder: string;
  readonly ports: Readonly<Record<"http" | "https" | "mqtt" | "mqtts" | "sync", number>>;
  /** Address of the plain loopback listener. */
  readonly url: string;
  /** Code of a fresh kiosk binding, as printed at the start. */
  readonly kioskCode: string;
  readonly pid: number;
  /** Milliseconds from start to ready. */
  readonly readyAfterMs: number;
  /** Everything written so far. */
  output(): string;
  /** Ends it as Ctrl-C does and resolves with its exit code. */
  close(): Promise<number | null>;
  /** Ends it as Ctrl-C under npm does: twice, the first time with all its process group. Needs `ownGroup`. */
  interrupt(): Promise<number | null>;
  /** kill -9 of the gateway process itself; its children notice by themselves. */
  kill(): Promise<void>;
  /** Password of a demonstration user. */
  password(user: string): Promise<string>;
}

export interface StartOptions {
  readonly dataFolder: string;
  /** Site file; the shipped demonstration by default. */
  readonly site?: string;
  readonly ports?: Partial<RunningGateway["ports"]>;
  readonly env?: Readonly<Record<string, string>>;
  /** A process group of its own, as a shell gives to a job. */
  readonly ownGroup?: boolean;
}

/** What `npm start` runs: its variables and Node's flags hold down what the gateway needs of memory. */
export function asShipped(): {
  readonly env: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
} {
  const words = manifest.scripts.start.split(" ");
  const at = words.indexOf("node");
  const env = Object.fromEntries(words.slice(0, at).map((word) => word.split("=") as [string, string]));
  return { env, flags: words.slice(at + 1, -1) };
}

export async function startGatewayProcess(options: StartOptions): Promise<RunningGateway> {
  const { dataFolder, site, ports = {}, env = {}, ownGroup = false } = options;
  const shipped = asShipped();
  const args = [...shipped.flags, "gateway/main.ts", "--data", dataFolder];
  for (const name of ["http", "https", "mqtt", "mqtts", "sync"] as const) {
    args.push(`--${name}-port`, String(ports[name] ?? 0));
  }
  if (site !== undefined) args.push("--site", site);
  const started = performance.now();
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...shipped.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: ownGroup,
  });
  let output = "";
  const ready = Promise.withResolvers<{ ports: RunningGateway["ports"] }>();
  const { stdout, stderr, pid } = child;
  if (stdout === null || stderr === null || pid === undefined)
    throw new Error("the gateway could not be started");
  stderr.on("data", (data: Buffer) => {
    output += data.toString();
  });
  createInterface({ input: stdout }).on("line", (line) => {
    output += `${line}\n`;
    if (line.startsWith('{"ready":true'))
      ready.resolve(JSON.parse(line) as { ports: RunningGateway["ports"] });
  });
  child.once("exit", (code) =>
    ready.reject(new Error(`the gateway ended with ${code} before it was ready\n${output}`)),
  );
  const limit = setTimeout(
    () => ready.reject(new Error(`the gateway was not ready in ${READY_MS} ms\n${output}`)),
    READY_MS,
  );
  const ended = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      await once(child, "exit", { signal: AbortSignal.timeout(END_MS) });
    }
    return child.exitCode;
  };
  try {
    const { ports: open } = await ready.promise;
    const kioskCode = /#bind=(\S+)/.exec(output)?.[1] ?? "";
    return {
      dataFolder,
      ports: open,
      url: `http://127.0.0.1:${open.http}`,
      kioskCode,
      pid,
      readyAfterMs: performance.now() - started,
      output: () => output,
      async close() {
        child.kill("SIGINT");
        return ended();
      },
      async interrupt() {
        process.kill(-pid, "SIGINT");
        child.kill("SIGINT");
        return ended();
      },
      async kill() {
        child.kill("SIGKILL");
        await ended();
      },
      async password(user) {
        const text = await readFile(join(dataFolder, "secrets", "demonstration-users.secret"), "utf8");
        const line = text.split("\n").find((each) => each.startsWith(`${user} `));
        if (line === undefined) throw new Error(`no demonstration user ${user}`);
        return line.slice(user.length + 1);
      },
    };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(limit);
  }
}
