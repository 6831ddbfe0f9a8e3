/**
 * Reads the numbers of recorded pictures back with ffmpeg, which knows nothing of our code: the SEI numbers from
 * the copied stream and the squares from the decoded pictures.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { EntryRef } from "../../../gateway/domain/ids.ts";
import type { FragmentRow } from "../../../gateway/recording/coverage.ts";
import type { Playback } from "../../../gateway/recording/playback.ts";

const MARK = Buffer.from("PICTURE-NUMBER::");
const DIGITS = 10;
const BITS = 12;

/** The bytes a player would fetch: each run's init segment once, then its fragments; one part for each run. */
export async function runBytes(playback: Playback, rows: readonly FragmentRow[]): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  let init: EntryRef | undefined;
  let chunks: Uint8Array[] = [];
  for (const row of rows) {
    if (init?.seq !== row.init.seq) {
      if (chunks.length > 0) parts.push(Buffer.concat(chunks));
      init = row.init;
      chunks = [await playback.init(row.init)];
    }
    chunks.push(await playback.fragment(row.ref));
  }
  if (chunks.length > 0) parts.push(Buffer.concat(chunks));
  return parts;
}

/** What ffmpeg writes for these arguments and this input. Rejects on any complaint. */
export async function ffmpeg(args: readonly string[], input: Uint8Array): Promise<Buffer> {
  const child = spawn("ffmpeg", ["-v", "error", "-xerror", ...args], { stdio: ["pipe", "pipe", "pipe"] });
  const out: Buffer[] = [];
  let complaint = "";
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0 || complaint !== "")
    throw new Error(`ffmpeg ended with ${code}: ${complaint.slice(0, 500)}`);
  return Buffer.concat(out);
}

/** The SEI numbers in stream order. */
export async function seiNumbers(mp4: Uint8Array, codec: "h264" | "h265" = "h264"): Promise<number[]> {
  const format = codec === "h264" ? "h264" : "hevc";
  const stream = await ffmpeg(
    ["-i", "pipe:0", "-map", "0:v", "-c", "copy", "-bsf:v", `${format}_mp4toannexb`, "-f", format, "pipe:1"],
    mp4,
  );
  const numbers: number[] = [];
  for (let at = stream.indexOf(MARK); at >= 0; at = stream.indexOf(MARK, at + 1))
    numbers.push(Number(stream.toString("latin1", at + MARK.length, at + MARK.length + DIGITS)));
  return numbers;
}

/** The numbers drawn into the decoded pictures, in the order shown; they count within the camera's clip. */
export async function drawnNumbers(mp4: Uint8Array): Promise<number[]> {
  const filter = `crop=${BITS * 16}:16:0:0,scale=${BITS}:1:flags=area,format=gray`;
  const pixels = await ffmpeg(
    ["-i", "pipe:0", "-map", "0:v", "-fps_mode", "passthrough", "-vf", filter, "-f", "rawvideo", "pipe:1"],
    mp4,
  );
  return Array.from({ length: pixels.length / BITS }, (_, picture) => {
    let number = 0;
    for (let bit = 0; bit < BITS; bit++) if ((pixels[picture * BITS + bit] ?? 0) > 128) number += 2 ** bit;
    return number;
  });
}
