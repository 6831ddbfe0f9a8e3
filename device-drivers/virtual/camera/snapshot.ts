/** A JPEG of the latest key frame, made by a short ffmpeg run; one at a time. */
import { spawn } from "node:child_process";
import type { Encoder } from "./encoder.ts";

const LIMIT_MS = 5000;

export function snapshots(encoder: Encoder): () => Promise<Buffer> {
  let running: Promise<Buffer> | undefined;
  return () => {
    running ??= takeOne(encoder).finally(() => {
      running = undefined;
    });
    return running;
  };
}

async function takeOne(encoder: Encoder): Promise<Buffer> {
  const picture = encoder.keyFrame() ?? (await firstKeyFrame(encoder));
  const child = spawn(
    "ffmpeg",
    ["-v", "error", "-f", "h264", "-i", "pipe:0", "-frames:v", "1", "-f", "mjpeg", "pipe:1"],
    { stdio: ["pipe", "pipe", "ignore"], timeout: LIMIT_MS, killSignal: "SIGKILL" },
  );
  const gone = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve());
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(picture);
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  await gone;
  return Buffer.concat(pieces);
}

async function firstKeyFrame(encoder: Encoder): Promise<Buffer> {
  await encoder.parameterSets(LIMIT_MS);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error("no picture in time"));
    }, LIMIT_MS);
    const stop = encoder.watch(() => {
      const picture = encoder.keyFrame();
      if (picture === undefined) return;
      clearTimeout(timer);
      stop();
      resolve(picture);
    });
  });
}
