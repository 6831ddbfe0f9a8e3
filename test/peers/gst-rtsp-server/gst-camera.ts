/**
 * Starts GStreamer's RTSP server as a camera and steers it: kill, freeze, count. Invariant: the process is gone
 * when `stop` or `kill` resolves, also when it was frozen.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("server.py", import.meta.url));
/** Debian's own Python, since GStreamer's bindings belong to it. */
const PYTHON = "/usr/bin/python3";
const READY_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 3000;

export const GST_INSTALL =
  "apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad glib-networking ffmpeg";

/** Whether the peer can run here. */
export function hasGstRtspServer(): boolean {
  const check =
    "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer";
  return spawnSync(PYTHON, ["-c", check]).status === 0 && spawnSync("ffmpeg", ["-version"]).status === 0;
}

export interface GstMount {
  readonly path: string;
  /** `mjpeg` carries no numbers. */
  readonly codec?: "h264" | "h265" | "mjpeg";
  readonly audio?: "alaw" | "ulaw" | "aac";
  readonly width?: number;
  readonly height?: number;
  readonly fps?: number;
  readonly kbit?: number;
  readonly cbr?: boolean;
  readonly gop?: number;
  readonly bframes?: number;
  /** Length of the clip that is repeated. */
  readonly clipS?: number;
  /** The only transport that is taken; both by default. */
  readonly transport?: "udp" | "tcp";
  /** A second clip of this size follows the first, in turn. */
  readonly second?: { readonly width: number; readonly height: number };
}

export interface GstCameraOptions {
  /** 0 or left out: any free port. */
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly auth?: "digest" | "basic";
  readonly firstNumber?: number;
  /** PEM; the server then speaks rtsps:// only. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly mounts: readonly GstMount[];
  /** For the process, such as a clock of its own. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface GstCamera {
  readonly port: number;
  /** Without credentials. */
  url(path: string): string;
  /** The number that the next picture of the mount will carry. */
  nextNumber(path: string): Promise<number>;
  /** Stops the process in its tracks; connections stay open and silent. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL, as when the plug is pulled. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startGstCamera(options: GstCameraOptions): Promise<GstCamera> {
  const { env = {}, ...config } = options;
  const child = spawn(PYTHON, [PROGRAM], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const lines: Record<string, unknown>[] = [];
  let rest = "";
  let heard: (() => void) | undefined;
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    const parts = (rest + piece).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) lines.push(JSON.parse(part) as Record<string, unknown>);
    heard?.();
  });
  child.stdin.on("error", () => undefined);
  child.once("exit", () => heard?.());

  async function next(event: string): Promise<Record<string, unknown>> {
    const limit = performance.now() + READY_LIMIT_MS;
    for (;;) {
      const at = lines.findIndex((line) => line["event"] === event);
      if (at >= 0) return lines.splice(at, 1)[0] ?? {};
      if (child.exitCode !== null || child.signalCode !== null || performance.now() > limit)
        throw new Error(`the GStreamer camera did not say "${event}"`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 500);
        heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  child.stdin.write(`${JSON.stringify(config)}\n`);
  const port = Number((await next("ready"))["port"]);
  return {
    port,
    url: (path) => `${options.tls === undefined ? "rtsp" : "rtsps"}://127.0.0.1:${port}${path}`,
    async nextNumber(path) {
      child.stdin.write("stats\n");
      const sent = (await next("stats"))["sent"] as Record<string, number>;
      return sent[path] ?? 0;
    },
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    kill: () => end(child, "SIGKILL"),
    stop: () => end(child, "SIGTERM"),
  };
}

async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  child.kill("SIGCONT");
  const harder = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await gone;
  clearTimeout(harder);
}
