/** When pictures and sound of a stored fragment play by its own clock. Invariant: throws RangeError on other bytes. */
import { type BoxSpan, type ReadSample, boxes, readFragment } from "../../gateway/media/fragment-reader.ts";
import { AUDIO_TRACK_ID, VIDEO_TRACK_ID } from "../../gateway/media/init-segment.ts";

export interface InitTrack {
  /** Ticks in a second. */
  readonly timescale: number;
  /** Of sound. */
  readonly channels: number;
}

export interface FragmentTimes {
  /** Starts of the pictures in seconds, ascending. */
  readonly pictures: readonly number[];
  /** Seconds; absent where the fragment has no sound. */
  readonly sound?: { readonly from: number; readonly to: number };
}

/** What a fragment's pictures and sound say of their times; `sound` is the init segment's track, where it has one. */
export function timesOf(
  fragment: Uint8Array,
  picture: InitTrack,
  sound: InitTrack | undefined,
): FragmentTimes {
  const samples = readFragment(fragment);
  const heard = samples.filter(({ trackId }) => trackId === AUDIO_TRACK_ID);
  const [first, last] = [heard[0], heard.at(-1)];
  return {
    pictures: samples
      .filter(({ trackId }) => trackId === VIDEO_TRACK_ID)
      .map(({ presentationTicks }) => presentationTicks / picture.timescale)
      .sort((a, b) => a - b),
    ...(sound === undefined || first === undefined || last === undefined
      ? {}
      : { sound: { from: first.presentationTicks / sound.timescale, to: endOf(last) / sound.timescale } }),
  };
}

const endOf = ({ presentationTicks, durationTicks }: ReadSample): number => presentationTicks + durationTicks;

/** In an mdhd of version 0: after version, flags and two times of 32 bit; of version 1 the times have 64. */
const TIMESCALE_AT = [12, 20] as const;
const STSD_HEAD_BYTES = 8;
const CHANNELS_AT = 16;

/** The tracks of an init segment in order: the picture's is the first that our recorder writes. */
export function tracksOf(init: Uint8Array): readonly InitTrack[] {
  const view = new DataView(init.buffer, init.byteOffset, init.byteLength);
  const inside = (outer: BoxSpan, type: string, skip = 0): BoxSpan => {
    const found = boxes(init, outer.start + skip, outer.end).find((box) => box.type === type);
    if (found === undefined) throw new RangeError(`an init segment without ${type}`);
    return found;
  };
  const moov = inside({ type: "", start: 0, end: init.length }, "moov");
  return boxes(init, moov.start, moov.end)
    .filter(({ type }) => type === "trak")
    .map((trak) => {
      const mdia = inside(trak, "mdia");
      const mdhd = inside(mdia, "mdhd");
      const stsd = inside(inside(inside(mdia, "minf"), "stbl"), "stsd");
      const [entry] = boxes(init, stsd.start + STSD_HEAD_BYTES, stsd.end);
      const at = mdhd.start + (TIMESCALE_AT[init[mdhd.start] === 1 ? 1 : 0] ?? 0);
      if (entry === undefined || at + 4 > mdhd.end || entry.start + CHANNELS_AT + 2 > entry.end)
        throw new RangeError("an init segment with a track that is cut off");
      return { timescale: view.getUint32(at), channels: view.getUint16(entry.start + CHANNELS_AT) };
    });
}
