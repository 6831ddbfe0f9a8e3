/**
 * The picture: one ffmpeg child that draws a moving pattern with a burnt-in clock, while somebody watches.
 * Invariant: the child ends with this program; if it dies while wanted it is started again.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { type ParameterSets, type Picture, flvReader } from "./flv.ts";

export interface EncoderOptions {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly bitrateKbps: number;
  /** Letters, digits, space and dash; burnt into the picture. */
  readonly caption: string;
}

/** A picture with the wall clock of its capture, UTC ms. */
export interface TimedPicture extends Picture {
  readonly wallMs: number;
}

export interface Encoder {
  readonly options: EncoderOptions;
  /** Keeps the encoder running until the returned function is called. */
  watch(onPicture: (picture: TimedPicture) => void): () => void;
  /** Starts the encoder if need be; rejects when there is no picture within the limit. */
  parameterSets(timeoutMs: number): Promise<ParameterSets>;
  /** The latest key frame with its parameter sets as an Annex B stream. */
  keyFrame(): Buffer | undefined;
  close(): Promise<void>;
}

const LINGER_MS = 5000;
const RESTART_MS = 500;
const KILL_AFTER_MS = 2000;
const FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf";

function ffmpegArguments(options: EncoderOptions): string[] {
  const clock = `drawtext=fontfile=${FONT}:text='%{localtime\\:%Y-%m-%d %T}  %{n}':x=16:y=h-th-16:fontsize=h/14:fontcolor=white:box=1:boxcolor=black:boxborderw=6`;
  const caption = `drawtext=fontfile=${FONT}:text='${options.caption}':x=16:y=16:fontsize=h/16:fontcolor=white:box=1:boxcolor=black:boxborderw=6`;
  const rate = `${options.bitrateKbps}k`;
  const source = `testsrc2=size=${options.width}x${options.height}:rate=${options.fps}`;
  const encoding = `-c:v libx264 -preset ultrafast -tune zerolatency -profile:v main -threads 1 -g ${options.fps} -keyint_min ${options.fps} -sc_threshold 0 -b:v ${rate} -maxrate ${rate} -bufsize ${rate}`;
  return [
    ..."-v error -nostdin -re -f lavfi -i".split(" "),
    source,
    "-vf",
    `${caption},${clock},format=yuv420p`,
    ...encoding.split(" "),
    ..."-flvflags no_duration_filesize -flush_packets 1 -f flv pipe:1".split(" "),
  ];
}

export function createEncoder(options: EncoderOptions): Encoder {
  const watchers = new Set<(picture: TimedPicture) => void>();
  const waiting = new Set<(sets: ParameterSets) => void>();
  let child: ChildProcess | undefined;
  let linger: NodeJS.Timeout | undefined;
  let restart: NodeJS.Timeout | undefined;
  let sets: ParameterSets | undefined;
  let lastKeyFrame: Picture | undefined;
  let closed = false;

  /** FLV rounds to whole milliseconds; a real camera's timestamps lie on its frame rate. */
  const onGrid = (ptsMs: number): number => (Math.round((ptsMs * options.fps) / 1000) * 1000) / options.fps;
  const wanted = (): boolean => !closed && (watchers.size > 0 || waiting.size > 0 || linger !== undefined);

  const start = (): void => {
    if (closed || child !== undefined) return;
    let firstWallMs: number | undefined;
    const ffmpeg = spawn("ffmpeg", ffmpegArguments(options), {
      stdio: ["ignore", "pipe", "inherit"],
      env: { PATH: process.env["PATH"], TZ: "Asia/Shanghai", LANG: "C.UTF-8" },
    });
    child = ffmpeg;
    const read = flvReader({
      parameterSets(found) {
        sets = found;
        for (const resolve of waiting) resolve(found);
        waiting.clear();
      },
      picture(coded) {
        const picture = { ...coded, ptsMs: onGrid(coded.ptsMs) };
        firstWallMs ??= Date.now() - picture.ptsMs;
        if (picture.keyFrame) lastKeyFrame = picture;
        for (const watcher of watchers) watcher({ ...picture, wallMs: firstWallMs + picture.ptsMs });
      },
    });
    ffmpeg.stdout.on("data", read);
    const ended = (): void => {
      if (child !== ffmpeg) return;
      child = undefined;
      if (wanted()) restart = setTimeout(start, RESTART_MS);
    };
    ffmpeg.once("exit", ended);
    ffmpeg.once("error", ended);
  };

  const stop = async (): Promise<void> => {
    const ffmpeg = child;
    child = undefined;
    clearTimeout(restart);
    if (ffmpeg?.pid === undefined || ffmpeg.exitCode !== null || ffmpeg.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => ffmpeg.once("exit", () => resolve()));
    ffmpeg.kill("SIGTERM");
    const harder = setTimeout(() => ffmpeg.kill("SIGKILL"), KILL_AFTER_MS);
    await gone;
    clearTimeout(harder);
  };

  const rest = (): void => {
    clearTimeout(linger);
    linger = setTimeout(() => {
      linger = undefined;
      if (!wanted()) void stop();
    }, LINGER_MS);
    linger.unref();
  };

  return {
    options,
    watch(onPicture) {
      watchers.add(onPicture);
      start();
      return () => {
        watchers.delete(onPicture);
        if (!closed) rest();
      };
    },
    async parameterSets(timeoutMs) {
      if (child !== undefined && sets !== undefined) {
        rest();
        return sets;
      }
      const found = await new Promise<ParameterSets>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(done);
          reject(new Error("no picture in time"));
        }, timeoutMs);
        const done = (value: ParameterSets): void => {
          clearTimeout(timer);
          resolve(value);
        };
        waiting.add(done);
        start();
      });
      rest();
      return found;
    },
    keyFrame() {
      if (sets === undefined || lastKeyFrame === undefined) return undefined;
      const startCode = Buffer.from([0, 0, 0, 1]);
      return Buffer.concat([sets.sps, sets.pps, ...lastKeyFrame.nals].flatMap((nal) => [startCode, nal]));
    },
    async close() {
      closed = true;
      clearTimeout(linger);
      await stop();
    },
  };
}
