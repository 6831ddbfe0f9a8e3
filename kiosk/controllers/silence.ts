/**
 * Silence where a recording has pictures and no sound (a camera's first moment, a loss): a browser stops where one of
 * the two is missing, and the picture must be seen all the same. Only for this look at it; nothing is stored.
 */
import { flacFrame } from "../../gateway/media/flac.ts";
import { type SampleUnit, writeFragment } from "../../gateway/media/fragment-writer.ts";
import { AUDIO_TRACK_ID } from "../../gateway/media/init-segment.ts";
import type { InitTrack } from "./fragment-times.ts";

/** One frame of AAC-LC without sound (ISO 14496-3), for one channel and for two. */
const SILENT_AAC = [
  Uint8Array.of(0x00, 0xc8, 0x00, 0x80, 0x23, 0x80),
  Uint8Array.of(0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80),
] as const;
const AAC_SAMPLES = 1024;
const FLAC_SAMPLES = 4096;

/** A fragment of silence from time 0 on, at least so long; undefined for a codec that it can't be made in. */
export function silence(codec: string, track: InitTrack, lengthS: number): Uint8Array | undefined {
  const isFlac = codec.endsWith("flac");
  const aac = SILENT_AAC[track.channels - 1];
  if (!isFlac && (aac === undefined || !codec.endsWith("mp4a.40.2"))) return undefined;
  const total = Math.max(1, Math.round(lengthS * track.timescale));
  const step = isFlac ? FLAC_SAMPLES : AAC_SAMPLES;
  const starts = Array.from({ length: Math.ceil(total / step) }, (_, i) => i * step);
  const samples = starts.map((start) => {
    const count = Math.min(step, total - start);
    const channels = Array.from({ length: track.channels }, () => new Int16Array(count));
    const bytes = isFlac || aac === undefined ? flacFrame(start, channels) : aac;
    const unit: SampleUnit = { pieces: [bytes], sizeBytes: bytes.length };
    return { units: [unit], presentationTicks: start, keyFrame: true };
  });
  const lastDurationTicks = total - (starts.at(-1) ?? 0);
  return writeFragment(1, [{ trackId: AUDIO_TRACK_ID, lengthPrefixed: false, samples, lastDurationTicks }]);
}
