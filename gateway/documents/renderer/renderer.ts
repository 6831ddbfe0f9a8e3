/**
 * The gateway's side of the renderer: starts the child at the first job, one job at a time, a deadline for each.
 * Invariant: a job ends in bytes or in a code; a child that is late or dead is gone for certain before the next.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { CodedError, type ErrorCode } from "../../domain/errors.ts";
import type { DrawText } from "../slip/slip.ts";
import type { NumberedJob, RenderAnswer, RenderJob } from "./jobs.ts";

export interface Rendered {
  readonly bytes: Uint8Array;
  readonly templateVersion: string;
}

export interface Renderer {
  /** Rejects with `documents.characterNotShown`, `renderTimeout`, `renderFailed`, `renderQueueFull`, `rendererClosed`. */
  pdf(job: Omit<Extract<RenderJob, { type: "pdf" }>, "type">): Promise<Rendered>;
  readonly drawText: DrawText;
  drawModules(modules: readonly (readonly boolean[])[], dots: number): Promise<Uint8Array>;
  /** Process id of the child while one runs. */
  pid(): number | undefined;
  /** Refuses what waits, ends the child and resolves when it is gone. Safe to call twice. */
  close(): Promise<void>;
}

export interface RendererOptions {
  /** Per job, ms; the first job also pays for reading the fonts. */
  readonly jobMs?: number;
  /** Jobs that may wait behind the running one. */
  readonly queueLimit?: number;
  /** The child holds some 200 MB of fonts, so it is ended after this long without a job, ms. */
  readonly idleMs?: number;
  /** How long the child may take to end by itself before it is killed, ms. */
  readonly endMs?: number;
}

const CHILD = new URL("./process.ts", import.meta.url);

interface Waiting {
  readonly job: RenderJob;
  readonly resolve: (rendered: Rendered) => void;
  readonly reject: (error: CodedError) => void;
}

export function createRenderer(options: RendererOptions = {}): Renderer {
  const { jobMs = 15_000, queueLimit = 64, idleMs = 300_000, endMs = 2_000 } = options;
  const queue: Waiting[] = [];
  let child: ChildProcess | undefined;
  let closed = false;
  let working: Promise<void> | undefined;
  let lastId = 0;
  let idle: NodeJS.Timeout | undefined;

  function started(): ChildProcess {
    if (child !== undefined && child.connected) return child;
    const fresh = fork(CHILD, [], {
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      // Documents are dated in Beijing time by the facts; the child needs nothing of our environment but this.
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], TZ: "UTC" },
    });
    fresh.on("error", () => undefined);
    child = fresh;
    return fresh;
  }

  async function end(one: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (child === one) child = undefined;
    if (one.exitCode !== null || one.signalCode !== null || one.pid === undefined) return;
    const gone = once(one, "exit");
    if (signal === "SIGTERM" && one.connected) one.disconnect();
    one.kill(signal);
    const escalate = setTimeout(() => one.kill("SIGKILL"), endMs);
    await gone;
    clearTimeout(escalate);
  }

  function outcome(one: ChildProcess, numbered: NumberedJob): Promise<RenderAnswer | "timeout" | "died"> {
    return new Promise((resolve) => {
      const settle = (result: RenderAnswer | "timeout" | "died"): void => {
        clearTimeout(late);
        one.off("message", onMessage);
        one.off("exit", onDeath);
        one.off("error", onDeath);
        resolve(result);
      };
      const onMessage = (reply: unknown): void => {
        const answer = reply as RenderAnswer;
        if (answer.id === numbered.id) settle(answer);
      };
      const onDeath = (): void => settle("died");
      const late = setTimeout(() => settle("timeout"), jobMs);
      one.on("message", onMessage);
      one.on("exit", onDeath);
      one.on("error", onDeath);
      one.send(numbered, (error) => {
        if (error !== null) settle("died");
      });
    });
  }

  async function run(waiting: Waiting): Promise<void> {
    const one = started();
    lastId += 1;
    const result = await outcome(one, { id: lastId, job: waiting.job });
    const fail = (code: ErrorCode, details = {}): void => waiting.reject(new CodedError(code, details));
    if (result === "timeout" || result === "died") {
      await end(one, "SIGKILL");
      fail(result === "timeout" ? "documents.renderTimeout" : "documents.renderFailed", { cause: result });
    } else if (result.ok) waiting.resolve({ bytes: result.bytes, templateVersion: result.templateVersion });
    else if (result.reason === "characterNotShown")
      fail("documents.characterNotShown", { characters: result.characters });
    else fail("documents.renderFailed", { cause: result.message });
  }

  async function work(): Promise<void> {
    clearTimeout(idle);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await run(next);
    working = undefined;
    if (child === undefined || closed) return;
    const resting = child;
    idle = setTimeout(() => {
      if (working === undefined) working = end(resting, "SIGTERM").then(work);
    }, idleMs);
    idle.unref();
  }

  function submit(job: RenderJob): Promise<Rendered> {
    if (closed) return Promise.reject(new CodedError("documents.rendererClosed"));
    if (queue.length >= queueLimit) return Promise.reject(new CodedError("documents.renderQueueFull"));
    return new Promise((resolve, reject) => {
      queue.push({ job, resolve, reject });
      working ??= work();
    });
  }

  return {
    pdf: (job) => submit({ type: "pdf", ...job }),
    drawText: async (drawing) => (await submit({ type: "drawText", drawing })).bytes,
    drawModules: async (modules, dots) => (await submit({ type: "drawModules", modules, dots })).bytes,
    pid: () => child?.pid,
    close: async () => {
      closed = true;
      clearTimeout(idle);
      for (const waiting of queue.splice(0)) waiting.reject(new CodedError("documents.rendererClosed"));
      await working;
      if (child !== undefined) await end(child, "SIGTERM");
    },
  };
}
