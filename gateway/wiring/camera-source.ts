/**
 * Which driver reads a camera: the own client, and ffmpeg where the own client says that it can't.
 * Invariant: never both at once; ffmpeg is kept only for as long as it brings pictures.
 */
import { createFfmpegSource } from "../../device-drivers/ffmpeg/open-ffmpeg.ts";
import { openRtsp } from "../../device-drivers/rtsp/open-rtsp.ts";
import type { Clock } from "../domain/time.ts";
import type { CameraSource, SourceEvent } from "../recording/ports.ts";

export interface CameraSourceOptions {
  /** Without credentials. */
  readonly url: string;
  readonly credentials: { readonly user: string; readonly password: string };
  readonly clock: Clock;
  /** Default true. */
  readonly withAudio?: boolean;
  /** For rtsps://; default: the authorities that came with Node. */
  readonly tls?: { readonly pinnedSha256: string };
}

type EndEvent = Extract<SourceEvent, { kind: "end" }>;

export function createCameraSource(options: CameraSourceOptions): CameraSource {
  const withAudio = options.withAudio ?? true;
  const ffmpeg = createFfmpegSource({ ...options, withAudio });
  let takesFfmpeg = false;
  return {
    async *open(signal) {
      let own: EndEvent | undefined;
      if (!takesFfmpeg) {
        let hadPicture = false;
        for await (const event of openRtsp({ ...options, withAudio }, signal)) {
          hadPicture ||= event.kind === "unit";
          if (event.kind === "end" && event.cause === "unsupported" && !hadPicture) own = event;
          else yield event;
        }
        if (own === undefined || signal.aborted) {
          if (own !== undefined) yield own;
          return;
        }
      }
      let hadPicture = false;
      for await (const event of ffmpeg.open(signal)) {
        hadPicture ||= event.kind === "unit";
        takesFfmpeg = hadPicture;
        // Where ffmpeg can't either, the own client's words say more.
        yield event.kind === "end" && event.cause === "unsupported" && own !== undefined ? own : event;
      }
    },
  };
}
