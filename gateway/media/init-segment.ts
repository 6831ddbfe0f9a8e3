/**
 * Init segments of fragmented MP4: one picture track and at most one sound track; pure.
 * Invariant: parameter sets go in exactly as given.
 */
import { box, concat, fourCc, fullBox, u16, u32, u8 } from "./box-writer.ts";
import { type AudioTrack, audioSampleEntry, videoSampleEntry } from "./sample-entry.ts";
import { type VideoTrack, pictureFormat } from "./sample-entry.ts";

export type { AudioTrack, VideoTrack } from "./sample-entry.ts";

export const VIDEO_TRACK_ID = 1;
export const AUDIO_TRACK_ID = 2;

export interface InitSegment {
  readonly bytes: Uint8Array;
  /** RFC 6381 codecs of the tracks, picture first, joined by commas. */
  readonly codec: string;
  readonly width: number;
  readonly height: number;
}

const MATRIX = u32(0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000);
const MOVIE_TIMESCALE = 1000;

/** Throws RangeError when the parameter sets can't be understood. */
export function writeInitSegment(video: VideoTrack, audio?: AudioTrack): InitSegment {
  const format = pictureFormat(video);
  const tracks = [
    trak(VIDEO_TRACK_ID, video.clockRate, {
      handler: "vide",
      name: "picture",
      header: fullBox("vmhd", 0, 1, u16(0, 0, 0, 0)),
      entry: videoSampleEntry(video),
      size: u32(format.width << 16, format.height << 16),
      volume: 0,
    }),
  ];
  const defaults = [trex(VIDEO_TRACK_ID)];
  const codecs = [format.codec];
  if (audio !== undefined) {
    tracks.push(
      trak(AUDIO_TRACK_ID, audio.clockRate, {
        handler: "soun",
        name: "sound",
        header: fullBox("smhd", 0, 0, u16(0, 0)),
        entry: audioSampleEntry(audio),
        size: u32(0, 0),
        volume: 0x0100,
      }),
    );
    defaults.push(trex(AUDIO_TRACK_ID));
    codecs.push(audio.codec === "aac" ? "mp4a.40.2" : audio.codec === "pcma" ? "alaw" : "ulaw");
  }
  const mvhd = fullBox(
    "mvhd",
    0,
    0,
    u32(0, 0, MOVIE_TIMESCALE, 0, 0x1_0000),
    u16(0x0100, 0),
    u32(0, 0),
    MATRIX,
    u32(0, 0, 0, 0, 0, 0, tracks.length + 1),
  );
  const bytes = concat([
    box("ftyp", fourCc("iso6"), u32(1), fourCc("iso6"), fourCc("mp41")),
    box("moov", mvhd, ...tracks, box("mvex", ...defaults)),
  ]);
  return { bytes, codec: codecs.join(","), width: format.width, height: format.height };
}

interface TrackParts {
  readonly handler: "vide" | "soun";
  readonly name: string;
  readonly header: Uint8Array;
  readonly entry: Uint8Array;
  readonly size: Uint8Array;
  readonly volume: number;
}

function trak(id: number, timescale: number, parts: TrackParts): Uint8Array {
  const tkhd = fullBox(
    "tkhd",
    0,
    3,
    u32(0, 0, id, 0, 0, 0, 0),
    u16(0, 0, parts.volume, 0),
    MATRIX,
    parts.size,
  );
  const mdhd = fullBox("mdhd", 0, 0, u32(0, 0, timescale, 0), u16(0x55c4, 0));
  const name = Uint8Array.from(`${parts.name}\0`, (character) => character.charCodeAt(0));
  const hdlr = fullBox("hdlr", 0, 0, u32(0), fourCc(parts.handler), u32(0, 0, 0), name);
  const stbl = box(
    "stbl",
    fullBox("stsd", 0, 0, u32(1), parts.entry),
    fullBox("stts", 0, 0, u32(0)),
    fullBox("stsc", 0, 0, u32(0)),
    fullBox("stsz", 0, 0, u32(0, 0)),
    fullBox("stco", 0, 0, u32(0)),
  );
  const dinf = box("dinf", fullBox("dref", 0, 0, u32(1), fullBox("url ", 0, 1)));
  return box("trak", tkhd, box("mdia", mdhd, hdlr, box("minf", parts.header, dinf, stbl)));
}

const trex = (id: number): Uint8Array => fullBox("trex", 0, 0, u32(id, 1, 0, 0), u8(0, 0, 0, 0));
