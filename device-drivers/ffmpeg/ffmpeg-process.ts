/**
 * One ffmpeg as a child: its input list through a pipe, its words read line by line, its end proved.
 * Invariant: when `stop` resolves the process is gone, whatever it was doing.
 */
import { type ChildProcess, spawn } from "node:child_process";

/** With the stall limit still within the 5 s in which a stall is told. */
const GRACE_MS = 1000;
/** What is kept of its words, for the verdict alone. */
const KEPT_BYTES = 8192;
const LONGEST_LINE = 1024;

export interface FfmpegProcessOptions {
  readonly program: string;
  readonly args: readonly string[];
  /** Written to its standard input, which is then closed. */
  readonly input: string;
  readonly onLine: (line: string) => void;
}

export class FfmpegProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #words = "";
  #isMissing = false;

  constructor(options: FfmpegProcessOptions) {
    const child = spawn(options.program, options.args, {
      stdio: ["pipe", "ignore", "pipe"],
      env: { PATH: process.env["PATH"] },
    });
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      // `close` comes after the last of its words; without a process there is only `error`.
      child.once("close", () => resolve());
      child.once("error", () => {
        if (child.pid !== undefined) return;
        this.#isMissing = true;
        resolve();
      });
    });
    // It may end before it read its list; its end is told by `ended`.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input);
    let rest = "";
    child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
      this.#words = (this.#words + piece).slice(-KEPT_BYTES);
      const lines = (rest + piece).split("\n");
      rest = (lines.pop() ?? "").slice(-LONGEST_LINE);
      for (const line of lines) options.onLine(line);
    });
  }

  /** Resolves when it is gone and everything it wrote was read. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** True when the program is not installed. */
  get isMissing(): boolean {
    return this.#isMissing;
  }

  /** The last of its words; they hold credentials and are for the verdict alone. */
  get words(): string {
    return this.#words;
  }

  /** SIGTERM, so that it takes leave of the camera, then SIGKILL. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    const harder = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    await this.#ended;
    clearTimeout(harder);
  }
}
