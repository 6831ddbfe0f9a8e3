/**
 * Stored fMP4 with G.711 as browsers can hear it: the sound becomes FLAC, sample for sample, the picture stays as it
 * is. Pure. Invariant: picture bytes and times come out unchanged; what has no G.711 comes out as it went in.
 */
import { box, concat } from "./box-writer.ts";
import { flacFrame, flacSampleEntry } from "./flac.ts";
import { type ReadSample, boxes, readFragment } from "./fragment-reader.ts";
import { type FragmentTrack, writeFragment } from "./fragment-writer.ts";
import { G711_SAMPLES } from "./g711.ts";
import { AUDIO_TRACK_ID } from "./init-segment.ts";

type Law = keyof typeof G711_SAMPLES;

/** Whether a codec list as in an entry (`avc1.4d0028,alaw`) has sound that browsers do not play. */
export function lawOf(codec: string | undefined): Law | undefined {
  const last = codec?.split(",").at(-1);
  return last === "alaw" || last === "ulaw" ? last : undefined;
}

const CONTAINERS: ReadonlySet<string> = new Set(["moov", "trak", "mdia", "minf", "stbl"]);
const STSD_HEAD_BYTES = 8;
/** In an audio sample entry: where channels and rate stand, after the box head. */
const CHANNELS_AT = 16;
const RATE_AT = 24;
const SEQUENCE_AT = 20;

/** The init segment with a FLAC track. Throws RangeError on bytes that are no init segment. */
export function audibleInit(init: Uint8Array): Uint8Array {
  return concat(rebuilt(init, 0, init.length));
}

function rebuilt(bytes: Uint8Array, start: number, end: number): Uint8Array[] {
  return boxes(bytes, start, end).map((one) => {
    if (CONTAINERS.has(one.type)) return box(one.type, ...rebuilt(bytes, one.start, one.end));
    if (one.type !== "stsd") return bytes.subarray(one.start - 8, one.end);
    const entries = boxes(bytes, one.start + STSD_HEAD_BYTES, one.end).map((entry) => {
      if (entry.type !== "alaw" && entry.type !== "ulaw") return bytes.subarray(entry.start - 8, entry.end);
      if (entry.end - entry.start < RATE_AT + 4) throw new RangeError("a sound entry is cut off");
      const view = new DataView(bytes.buffer, bytes.byteOffset + entry.start);
      return flacSampleEntry({
        channels: view.getUint16(CHANNELS_AT),
        sampleRate: view.getUint16(RATE_AT),
      });
    });
    return box("stsd", bytes.subarray(one.start, one.start + STSD_HEAD_BYTES), ...entries);
  });
}

/** The fragment with the sound as FLAC. Throws RangeError on bytes that are no fragment of ours. */
export function audibleFragment(fragment: Uint8Array, law: Law): Uint8Array {
  const samples = readFragment(fragment);
  const tracks = new Map<number, ReadSample[]>();
  for (const sample of samples) {
    const own = tracks.get(sample.trackId);
    if (own === undefined) tracks.set(sample.trackId, [sample]);
    else own.push(sample);
  }
  const sequence = new DataView(fragment.buffer, fragment.byteOffset).getUint32(SEQUENCE_AT);
  return writeFragment(
    sequence,
    [...tracks].map(([trackId, own]): FragmentTrack => ({
      trackId,
      lengthPrefixed: false,
      samples: own.map((sample) => {
        const bytes = trackId === AUDIO_TRACK_ID ? flacOf(sample, law, channelsOf(own)) : sample.bytes;
        const { presentationTicks, keyFrame } = sample;
        return { units: [{ pieces: [bytes], sizeBytes: bytes.length }], presentationTicks, keyFrame };
      }),
      lastDurationTicks: own.at(-1)?.durationTicks ?? 1,
    })),
  );
}

/** A fragment does not say it, but one tick is one sample of each channel, where nothing was lost in between. */
function channelsOf(sound: readonly ReadSample[]): number {
  const each = sound.map(({ bytes, durationTicks }) => bytes.length / Math.max(1, durationTicks));
  const usual = each.toSorted((a, b) => a - b)[Math.floor(each.length / 2)] ?? 1;
  return Math.min(8, Math.max(1, Math.round(usual)));
}

function flacOf(sample: ReadSample, law: Law, channels: number): Uint8Array {
  const table = G711_SAMPLES[law];
  const count = Math.floor(sample.bytes.length / channels);
  const lists = Array.from({ length: channels }, (_, channel) =>
    Int16Array.from({ length: count }, (_each, i) => table[sample.bytes[i * channels + channel] ?? 0] ?? 0),
  );
  return flacFrame(sample.presentationTicks, lists);
}
