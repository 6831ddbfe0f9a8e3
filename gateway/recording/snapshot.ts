/**
 * A still picture of the newest key frame, decoded on demand by ffmpeg and packed by sharp.
 * Invariant: never on the recording path; at most one decoder per camera and two in all run at once.
 */
import { spawn } from "node:child_process";
import sharp from "sharp";
import { CodedError } from "../domain/errors.ts";
import type { CameraId, EntryRef } from "../domain/ids.ts";
import type { Catalogue } from "./catalogue.ts";
import type { FragmentRow } from "./coverage.ts";
import type { Playback } from "./playback.ts";

export interface Snapshot {
  readonly jpeg: Uint8Array;
  /** The fragment whose first picture it is. */
  readonly ref: EntryRef;
  readonly t: number;
}

export interface Snapshots {
  /** Throws `recording.noFootage`, `recording.snapshotFailed` and what reading footage throws. */
  newest(camera: CameraId, options?: { readonly widthPx?: number }): Promise<Snapshot>;
  /** The first key frame at this time (UTC ms) or soon after it; errors as `newest`. */
  at(camera: CameraId, atMs: number, options?: { readonly widthPx?: number }): Promise<Snapshot>;
}

const DECODE_LIMIT_MS = 5000;
const KILL_AFTER_MS = 1000;
const MAX_AT_ONCE = 2;
const MAX_IMAGE_BYTES = 64 * 1024 * 1024;
const MAX_ERROR_CHARACTERS = 500;
const DEFAULT_WIDTH_PX = 640;
/** A still for a moment may be as much later as this: a group of pictures may be long. */
const AHEAD_MS = 20_000;

export function createSnapshots(parts: {
  readonly catalogue: Catalogue;
  readonly playback: Playback;
}): Snapshots {
  const underWay = new Map<string, Promise<Snapshot>>();
  const cached = new Map<CameraId, { readonly key: string; readonly snapshot: Snapshot }>();
  const places = createPlaces(MAX_AT_ONCE);
  async function make(camera: CameraId, widthPx: number): Promise<Snapshot> {
    const row = await parts.catalogue.newestKeyFragment(camera);
    if (row === undefined) throw new CodedError("recording.noFootage", { camera });
    const key = `${row.ref.logId}/${row.ref.seq}/${widthPx}`;
    const known = cached.get(camera);
    if (known?.key === key) return known.snapshot;
    const snapshot = await draw(row, widthPx);
    cached.set(camera, { key, snapshot });
    return snapshot;
  }
  async function draw(row: FragmentRow, widthPx: number): Promise<Snapshot> {
    const [init, fragment] = await Promise.all([
      parts.playback.init(row.init),
      parts.playback.fragment(row.ref),
    ]);
    const png = await places.run(() => decodeFirst([init, fragment]));
    const jpeg = await sharp(png).resize({ width: widthPx, withoutEnlargement: true }).jpeg().toBuffer();
    return { jpeg, ref: row.ref, t: row.t };
  }
  return {
    async newest(camera, options) {
      const widthPx = options?.widthPx ?? DEFAULT_WIDTH_PX;
      const key = `${camera}/${widthPx}`;
      const running = underWay.get(key) ?? make(camera, widthPx).finally(() => underWay.delete(key));
      underWay.set(key, running);
      return running;
    },
    async at(camera, atMs, options) {
      const { fragments } = await parts.catalogue.coverage(camera, atMs, atMs + AHEAD_MS);
      const row = fragments.find((one) => !one.cont);
      if (row === undefined) throw new CodedError("recording.noFootage", { camera });
      return draw(row, options?.widthPx ?? DEFAULT_WIDTH_PX);
    },
  };
}

/** The first picture of an fMP4 as PNG. */
async function decodeFirst(parts: readonly Uint8Array[]): Promise<Buffer> {
  const child = spawn(
    "ffmpeg",
    "-v error -threads 1 -f mp4 -i pipe:0 -frames:v 1 -c:v png -compression_level 1 -f image2pipe pipe:1".split(
      " ",
    ),
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  const ended = new Promise<{ readonly ok: boolean; readonly error?: Error }>((resolve) => {
    child.once("error", (error) => resolve({ ok: false, error }));
    child.once("close", (code) => resolve({ ok: code === 0 }));
  });
  const term = setTimeout(() => child.kill("SIGTERM"), DECODE_LIMIT_MS);
  const kill = setTimeout(() => child.kill("SIGKILL"), DECODE_LIMIT_MS + KILL_AFTER_MS);
  const chunks: Buffer[] = [];
  let size = 0;
  let complaint = "";
  child.stdout.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_IMAGE_BYTES) child.kill("SIGKILL");
    else chunks.push(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    if (complaint.length < MAX_ERROR_CHARACTERS) complaint += chunk.toString("utf8");
  });
  // ffmpeg closes its input once it has its picture; the broken pipe is expected.
  child.stdin.on("error", () => undefined);
  for (const part of parts) child.stdin.write(part);
  child.stdin.end();
  const { ok, error } = await ended;
  clearTimeout(term);
  clearTimeout(kill);
  if (!ok || size === 0)
    throw new CodedError(
      "recording.snapshotFailed",
      { ffmpeg: complaint.slice(0, MAX_ERROR_CHARACTERS) },
      error === undefined ? {} : { cause: error },
    );
  return Buffer.concat(chunks);
}

/** Lets at most `count` run at once; the others wait in order. */
function createPlaces(count: number): { run<Result>(work: () => Promise<Result>): Promise<Result> } {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    async run(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
