/**
 * The fallback's door: a camera that the own client can't speak to, read through ffmpeg with the same events.
 * Invariant: the last event is `end`, and by then the ffmpeg process is gone.
 */
import { EventQueue } from "../rtsp/event-queue.ts";
import { RtspError } from "../rtsp/rtsp-error.ts";
import type { EndEvent, SourceClock, SourceEvent } from "../rtsp/source-event.ts";
import type { RtspCredentials } from "../rtsp/url.ts";
import { FfmpegProcess } from "./ffmpeg-process.ts";
import { inputList } from "./input-list.ts";
import { RecordReceiver } from "./record-receiver.ts";
import { missedPackets, verdictOf } from "./verdict.ts";

export interface FfmpegSourceOptions {
  /** rtsp:// or http:// address. TLS is left to the own client, which checks certificates. */
  readonly url: string;
  readonly credentials?: RtspCredentials;
  readonly clock: SourceClock;
  readonly withAudio?: boolean;
  /** Without a picture for so long the source ends as `stalled`; default 3000, so that its end is within 5 s. */
  readonly stallMs?: number;
  /** Until the first picture; default 12000, since ffmpeg looks at the stream first. */
  readonly startMs?: number;
  readonly queueBytesMax?: number;
  /** Default `ffmpeg`, found by PATH. */
  readonly program?: string;
}

export interface FfmpegSource {
  open(signal: AbortSignal): AsyncGenerator<SourceEvent, void, void>;
}

const DEFAULT_STALL_MS = 3000;
const DEFAULT_START_MS = 12_000;
const DEFAULT_QUEUE_BYTES = 8 * 1024 * 1024;

/** Copies the picture as it is; where it is no H.264 or H.265, it is coded anew from the next opening on. */
export function createFfmpegSource(options: FfmpegSourceOptions): FfmpegSource {
  let recode = false;
  return {
    async *open(signal) {
      let hasTracks = false;
      for (;;) {
        let end: EndEvent | undefined;
        for await (const event of openOnce(options, recode, signal))
          if (event.kind === "end") end = event;
          else {
            hasTracks = true;
            yield event;
          }
        if (end?.cause === "unsupported" && !hasTracks && !recode) {
          recode = true;
          continue;
        }
        if (end !== undefined) yield end;
        return;
      }
    },
  };
}

async function* openOnce(
  options: FfmpegSourceOptions,
  recode: boolean,
  signal: AbortSignal,
): AsyncGenerator<SourceEvent, void, void> {
  const { clock } = options;
  const stallMs = options.stallMs ?? DEFAULT_STALL_MS;
  const queue = new EventQueue(options.queueBytesMax ?? DEFAULT_QUEUE_BYTES);
  let hadPicture = false;
  let dueMs = clock.monotonicMs() + (options.startMs ?? DEFAULT_START_MS);
  const onAbort = (): void => queue.fail(new RtspError("closed", "closed"));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const watch = setInterval(
    () => {
      // Waiting for the reader is not the camera's silence.
      if (queue.paused) dueMs = clock.monotonicMs() + stallMs;
      else if (clock.monotonicMs() >= dueMs)
        queue.fail(new RtspError(hadPicture ? "stalled" : "timeout", "no picture in time through ffmpeg"));
    },
    Math.max(20, stallMs / 16),
  );
  let receiver: RecordReceiver | undefined;
  let child: FfmpegProcess | undefined;
  const close = async (): Promise<void> => {
    clearInterval(watch);
    signal.removeEventListener("abort", onAbort);
    receiver?.drain();
    await child?.stop();
    await receiver?.close();
  };
  let end: EndEvent;
  try {
    try {
      // Longer than our own watch, which knows the cause better.
      const input = inputList(options.url, options.credentials, 2 * stallMs);
      receiver = await RecordReceiver.listen({
        clock,
        withAudio: options.withAudio ?? false,
        queue,
        onPicture: () => {
          hadPicture = true;
          dueMs = clock.monotonicMs() + stallMs;
        },
      });
      if (!signal.aborted) {
        const started = new FfmpegProcess({
          program: options.program ?? "ffmpeg",
          args: argsFor(receiver.url, recode, options.withAudio ?? false),
          input,
          onLine: (line) => {
            const packets = missedPackets(line);
            if (packets > 0 && hadPicture) queue.push({ kind: "loss", track: 0, packets });
          },
        });
        child = started;
        void started.ended.then(() =>
          queue.fail(
            started.isMissing
              ? new RtspError("unsupported", "ffmpeg is not installed")
              : verdictOf(started.words, hadPicture),
          ),
        );
      }
      for (;;) for (const event of await queue.read()) yield event;
    } catch (error) {
      if (!(error instanceof RtspError)) throw error;
      end = { kind: "end", cause: error.endCause, detail: error.message };
    }
    await close();
    yield end;
  } finally {
    await close();
  }
}

function argsFor(target: string, recode: boolean, withAudio: boolean): string[] {
  const limits = ["-nostdin", "-hide_banner", "-nostats", "-loglevel", "warning"];
  const input = [
    "-f",
    "concat",
    "-safe",
    "0",
    "-protocol_whitelist",
    "pipe,rtsp,rtp,udp,tcp,http",
    "-i",
    "pipe:0",
  ];
  const tracks = ["-map", "0:v:0", ...(withAudio ? ["-map", "0:a:0?"] : [])];
  // A key frame a second, so that fragments can be cut and watching can begin anywhere.
  const picture = recode
    ? ["-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"].concat([
        "-force_key_frames",
        "expr:gte(t,n_forced)",
        "-threads",
        "1",
      ])
    : ["-c:v", "copy"];
  const sound = recode ? ["-c:a", "pcm_alaw", "-ar", "8000", "-ac", "1"] : ["-c:a", "copy"];
  return [
    ...limits,
    ...input,
    ...tracks,
    ...picture,
    ...sound,
    "-f",
    "rtsp",
    "-rtsp_transport",
    "tcp",
    target,
  ];
}
