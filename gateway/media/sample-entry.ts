/**
 * Sample entries: avc1, hvc1, mp4a, alaw and ulaw with their configuration boxes (ISO/IEC 14496-14, -15); pure.
 * Invariant: lengths before NAL units are four bytes everywhere.
 */
import { box, concat, fullBox, u16, u32, u8 } from "./box-writer.ts";
import { HIGH_PROFILES, type PictureFormat, parseH264Sps } from "./h264-sps.ts";
import { parseH265Sps } from "./h265-sps.ts";

export interface VideoTrack {
  readonly codec: "h264" | "h265";
  /** Ticks in a second. */
  readonly clockRate: number;
  readonly vps: readonly Uint8Array[];
  readonly sps: readonly Uint8Array[];
  readonly pps: readonly Uint8Array[];
}

export interface AudioTrack {
  readonly codec: "aac" | "pcma" | "pcmu";
  readonly clockRate: number;
  readonly channels: number;
  /** AudioSpecificConfig of AAC. */
  readonly config?: Uint8Array;
}

function firstSps(track: VideoTrack): Uint8Array {
  const [sps] = track.sps;
  if (sps === undefined) throw new RangeError("a picture track needs a sequence parameter set");
  return sps;
}

/** Size and codec of the track. Throws RangeError. */
export function pictureFormat(track: VideoTrack): PictureFormat {
  return track.codec === "h264" ? parseH264Sps(firstSps(track)) : parseH265Sps(firstSps(track));
}

export function videoSampleEntry(track: VideoTrack): Uint8Array {
  const { width, height } = pictureFormat(track);
  return box(
    track.codec === "h264" ? "avc1" : "hvc1",
    u8(0, 0, 0, 0, 0, 0),
    u16(1, 0, 0),
    u32(0, 0, 0),
    u16(width, height),
    u32(0x0048_0000, 0x0048_0000, 0),
    u16(1),
    new Uint8Array(32),
    u16(0x0018, 0xffff),
    track.codec === "h264" ? avcConfiguration(track) : hevcConfiguration(track),
  );
}

const counted = (nals: readonly Uint8Array[]): Uint8Array =>
  concat(nals.flatMap((nal) => [u16(nal.length), nal]));

function avcConfiguration(track: VideoTrack): Uint8Array {
  const sps = firstSps(track);
  const format = parseH264Sps(sps);
  const [, profile = 0, constraints = 0, level = 0] = sps;
  // Only the profiles that ISO/IEC 14496-15 5.3.3.1.2 names carry the extension.
  const extension =
    HIGH_PROFILES.has(profile) && [100, 110, 122, 144, 244].includes(profile)
      ? u8(0xfc | format.chromaFormat, 0xf8 | (format.lumaBits - 8), 0xf8 | (format.chromaBits - 8), 0)
      : u8();
  return box(
    "avcC",
    u8(1, profile, constraints, level, 0xff, 0xe0 | (track.sps.length & 31)),
    counted(track.sps.slice(0, 31)),
    u8(track.pps.length & 255),
    counted(track.pps.slice(0, 255)),
    extension,
  );
}

function hevcConfiguration(track: VideoTrack): Uint8Array {
  const format = parseH265Sps(firstSps(track));
  const arrays = [
    [32, track.vps],
    [33, track.sps],
    [34, track.pps],
  ] as const;
  return box(
    "hvcC",
    u8(1),
    format.profileTierLevel,
    u16(0xf000),
    u8(0xfc, 0xfc | format.chromaFormat, 0xf8 | (format.lumaBits - 8), 0xf8 | (format.chromaBits - 8)),
    u16(0),
    u8((format.temporalLayers << 3) | (format.temporalNesting << 2) | 3, arrays.length),
    // The parameter sets may also come in band, so the arrays are not marked complete.
    ...arrays.map(([type, nals]) => concat([u8(type), u16(nals.length), counted(nals)])),
  );
}

export function audioSampleEntry(track: AudioTrack): Uint8Array {
  const type = track.codec === "aac" ? "mp4a" : track.codec === "pcma" ? "alaw" : "ulaw";
  return box(
    type,
    u8(0, 0, 0, 0, 0, 0),
    u16(1),
    u32(0, 0),
    u16(track.channels, 16, 0, 0),
    // A 16.16 number; rates that do not fit are left to the codec's own configuration.
    u32(track.clockRate <= 0xffff ? (track.clockRate << 16) >>> 0 : 0),
    ...(track.codec === "aac" ? [elementaryStream(track.config ?? u8())] : []),
  );
}

/** ES descriptor (ISO/IEC 14496-1) of AAC. */
function elementaryStream(config: Uint8Array): Uint8Array {
  const descriptor = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
    const body = concat(parts);
    if (body.length > 127) throw new RangeError("an audio configuration is too long");
    return concat([u8(tag, body.length), body]);
  };
  const decoder = descriptor(4, u8(0x40, 0x15, 0, 0, 0), u32(0, 0), descriptor(5, config));
  return fullBox("esds", 0, 0, descriptor(3, u16(0), u8(0), decoder, descriptor(6, u8(2))));
}
