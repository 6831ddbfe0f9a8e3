/**
 * Looks into a media file with ffprobe, fed by a pipe so that no copy of the footage is made. Invariant: ffprobe
 * ends, since its input ends at the limit at the latest; nothing of its output but plain figures leaves here.
 */
import { Readable } from "node:stream";
import ffmpeg, { type FfprobeData, type FfprobeStream } from "fluent-ffmpeg";

export interface ProbedMedia {
  readonly durationMs: number | null;
  readonly container: string;
  readonly codec: string;
  readonly width: number | null;
  readonly height: number | null;
  /** Bits a second, where a pipe keeps the duration from ffprobe. */
  readonly bitRate?: number;
}

export type Probed =
  | { readonly ok: true; readonly media: ProbedMedia }
  | { readonly ok: false; readonly problem: "notMedia" | "timeout" | "noProbe" };

const LONGEST_WORD = 40;

/** Reads as much of `bytes` as ffprobe wants. Rejects only when reading the bytes fails. */
export async function probeMedia(bytes: AsyncIterable<Uint8Array>, limitMs: number): Promise<Probed> {
  const limit = AbortSignal.timeout(limitMs);
  let failure: unknown;
  const input = Readable.from(
    untilAborted(bytes, limit, (cause) => {
      failure = cause;
    }),
    { objectMode: false },
  );
  try {
    const found = await new Promise<FfprobeData | "notMedia" | "noProbe">((resolve) => {
      ffmpeg(input).ffprobe(["-v", "error"], (error: unknown, data: FfprobeData) => {
        if (error === null || error === undefined) resolve(data);
        else
          resolve(
            error instanceof Error && /cannot find|ENOENT/i.test(error.message) ? "noProbe" : "notMedia",
          );
      });
    });
    if (failure !== undefined) throw failure;
    if (limit.aborted) return { ok: false, problem: "timeout" };
    return typeof found === "string" ? { ok: false, problem: found } : read(found);
  } finally {
    input.destroy();
  }
}

/** Ends at the limit, so that ffprobe sees the end of its input and ends too. */
async function* untilAborted(
  bytes: AsyncIterable<Uint8Array>,
  limit: AbortSignal,
  failed: (cause: unknown) => void,
): AsyncIterable<Uint8Array> {
  try {
    for await (const piece of bytes) {
      if (limit.aborted) return;
      yield piece;
    }
  } catch (cause) {
    failed(cause);
  }
}

function read({ streams, format }: FfprobeData): Probed {
  const best =
    streams.find((stream) => stream.codec_type === "video") ??
    streams.find((stream) => stream.codec_type === "audio");
  if (best === undefined) return { ok: false, problem: "notMedia" };
  const durationMs = milliseconds(format.duration ?? best.duration);
  const bitRate = Number(best.bit_rate);
  return {
    ok: true,
    media: {
      durationMs,
      ...(durationMs === null && Number.isFinite(bitRate) && bitRate > 0 ? { bitRate } : {}),
      container: word(format.format_name),
      codec: word(best.codec_name),
      width: pixels(best, "width"),
      height: pixels(best, "height"),
    },
  };
}

/** ffprobe writes `N/A` where it does not know. */
function milliseconds(seconds: unknown): number | null {
  const value = Number(seconds);
  return seconds !== undefined && Number.isFinite(value) && value >= 0 ? Math.round(value * 1000) : null;
}

function word(value: unknown): string {
  return typeof value === "string" && value !== "" ? value.slice(0, LONGEST_WORD) : "unknown";
}

function pixels(stream: FfprobeStream, key: "width" | "height"): number | null {
  const value = Number(stream[key]);
  return Number.isInteger(value) && value > 0 ? value : null;
}
