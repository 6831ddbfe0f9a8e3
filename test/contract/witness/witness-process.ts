/** The witness program on a folder of the test, and calls to it as any log makes them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { request } from "undici";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const READY_MS = 15_000;

export interface WitnessCall {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface RunningWitness {
  readonly url: string;
  readonly witnessKey: string;
  add(body: string): Promise<WitnessCall>;
  kill(): Promise<void>;
  close(): Promise<void>;
}

export async function startWitness(options: {
  readonly folder: string;
  readonly logKeys: readonly string[];
  readonly name?: string;
  readonly port?: number;
}): Promise<RunningWitness> {
  const { folder, logKeys, name = "witness.test/w1", port = 0 } = options;
  const args = ["--data", folder, "--name", name, "--port", String(port)];
  for (const key of logKeys) args.push("--log", key);
  const child: ChildProcess = spawn(process.execPath, ["sync/witness/main.ts", ...args], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("no standard output");
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, "line", { signal: AbortSignal.timeout(READY_MS) })) as [string];
  const ready = JSON.parse(line) as { readonly port: number; readonly witnessKey: string };
  const url = `http://127.0.0.1:${ready.port}`;
  const gone = once(child, "exit");
  return {
    url,
    witnessKey: ready.witnessKey,
    async add(body) {
      const answer = await request(`${url}/add-checkpoint`, { method: "POST", body });
      return {
        status: answer.statusCode,
        contentType: String(answer.headers["content-type"]),
        body: await answer.body.text(),
      };
    },
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
    async close() {
      child.stdin?.end();
      await gone;
    },
  };
}
