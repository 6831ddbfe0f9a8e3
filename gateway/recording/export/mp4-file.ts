/**
 * Puts stored fragments of one run into an ordinary MP4 by ffmpeg: the picture is copied, never encoded again;
 * G.711, which MP4 does not know, becomes AAC. Invariant: the child has ended when `finish` or `close` resolves.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setPriority } from "node:os";
import { CodedError } from "../../domain/errors.ts";

const END_LIMIT_MS = 120_000;
const KILL_AFTER_MS = 2000;
const WRITE_LIMIT_MS = 30_000;
const MAX_COMPLAINT = 500;
const LOW_PRIORITY = 10;

export interface Mp4Options {
  readonly path: string;
  /** RFC 6381, picture first, as in the entries. */
  readonly codec: string;
  /** Shown by players; holds no personal data. */
  readonly title: string;
  /** Kills the child at once, whatever its reader does. */
  readonly signal: AbortSignal;
}

export class Mp4File {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #complaint = "";
  #isOver = false;

  constructor({ path, codec, title, signal }: Mp4Options) {
    const isHevc = /^h(vc|ev)1/.test(codec);
    const isRaw = /(^|,)(alaw|ulaw)$/.test(codec);
    const args = [
      ..."-v error -f mp4 -i pipe:0 -map 0:v:0 -map 0:a? -c:v copy".split(" "),
      ...(isHevc ? ["-tag:v", "hvc1"] : []),
      ...(isRaw ? ["-c:a", "aac", "-b:a", "64k"] : ["-c:a", "copy"]),
      "-metadata",
      `title=${title}`,
      "-movflags",
      "+faststart",
      "-f",
      "mp4",
      "-y",
      path,
    ];
    const child = spawn("ffmpeg", args, {
      stdio: ["pipe", "ignore", "pipe"],
      signal,
      killSignal: "SIGKILL",
    });
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      // A child that was started is over when it has ended, not when it was told to.
      child.on("error", () => {
        if (child.pid === undefined) resolve(null);
      });
      child.once("close", (code) => resolve(code));
    });
    void this.#ended.then(() => (this.#isOver = true));
    child.stderr.on("data", (chunk: Buffer) => {
      if (this.#complaint.length < MAX_COMPLAINT) this.#complaint += chunk.toString("utf8");
    });
    // A child that ended early is told by its exit; the broken pipe adds nothing.
    child.stdin.on("error", () => undefined);
    try {
      if (child.pid !== undefined) setPriority(child.pid, LOW_PRIORITY);
    } catch {
      // It ended at once, which `finish` tells.
    }
  }

  /** Resolves when the child is gone and holds no file any more. */
  get ended(): Promise<unknown> {
    return this.#ended;
  }

  /** Waits while ffmpeg is behind. Throws `recording.exportFailed` when it stands still or has ended. */
  async write(bytes: Uint8Array): Promise<void> {
    const { stdin } = this.#child;
    if (stdin === null || this.#isOver) throw this.#failed();
    if (stdin.write(bytes)) return;
    const waited = once(stdin, "drain", { signal: AbortSignal.timeout(WRITE_LIMIT_MS) }).catch(
      () => undefined,
    );
    await Promise.race([waited, this.#ended]);
    if (this.#isOver || stdin.writableNeedDrain) throw this.#failed();
  }

  /** Resolves when the file is whole. Throws `recording.exportFailed`. */
  async finish(): Promise<void> {
    this.#child.stdin?.end();
    const limit = setTimeout(() => this.#child.kill("SIGKILL"), END_LIMIT_MS);
    const code = await this.#ended;
    clearTimeout(limit);
    if (code !== 0) throw this.#failed();
  }

  /** Ends the child if it still runs. */
  async close(): Promise<void> {
    if (!this.#isOver) this.#child.kill("SIGTERM");
    const harder = setTimeout(() => this.#child.kill("SIGKILL"), KILL_AFTER_MS);
    await this.#ended;
    clearTimeout(harder);
  }

  #failed(): CodedError {
    return new CodedError("recording.exportFailed", { ffmpeg: this.#complaint.slice(0, MAX_COMPLAINT) });
  }
}
