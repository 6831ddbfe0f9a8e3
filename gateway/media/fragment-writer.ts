/**
 * Writes one fragment (moof + mdat), whole or only what stands before its samples' bytes; pure.
 * Invariant: presentation times come out exactly as given; decode times never run backwards.
 */
import { box, concat, fourCc, fullBox, u32 } from "./box-writer.ts";

export interface SampleUnit {
  readonly pieces: readonly Uint8Array[];
  readonly sizeBytes: number;
}

export interface Sample {
  /** NAL units of a picture, or the one frame of sound. */
  readonly units: readonly SampleUnit[];
  readonly presentationTicks: number;
  readonly keyFrame: boolean;
}

export interface FragmentTrack {
  readonly trackId: number;
  /** NAL units get a four-byte length before them. */
  readonly lengthPrefixed: boolean;
  /** In decode order, at least one. */
  readonly samples: readonly Sample[];
  /** Ticks that the last sample in decode order lasts. */
  readonly lastDurationTicks: number;
  /** For a single sample that leaves before the next is known: when it is decoded. */
  readonly firstDecodeTicks?: number;
}

/** A track as the boxes describe it: the bytes themselves lie elsewhere. */
export interface TrackLayout extends Pick<
  FragmentTrack,
  "trackId" | "lastDurationTicks" | "firstDecodeTicks"
> {
  readonly samples: readonly SampleLayout[];
}

export interface SampleLayout extends Pick<Sample, "presentationTicks" | "keyFrame"> {
  /** In the fragment, length prefixes included. */
  readonly sizeBytes: number;
}

const PREFIX_BYTES = 4;
const BOX_HEAD_BYTES = 8;
const KEY_FLAGS = 0x0200_0000;
const OTHER_FLAGS = 0x0101_0000;
const TRUN_FLAGS = 0x1 | 0x100 | 0x200 | 0x400 | 0x800;

function sampleBytes(track: FragmentTrack, sample: Sample): number {
  return sample.units.reduce(
    (sum, unit) => sum + unit.sizeBytes + (track.lengthPrefixed ? PREFIX_BYTES : 0),
    0,
  );
}

/**
 * RTP tells when a picture is shown, not when it is decoded: the sorted times are the decode times, and the
 * signed composition offset (trun version 1) leads back to the exact time of presentation.
 */
export function decodeTimes(presentationTicks: readonly number[]): readonly number[] {
  return presentationTicks.every((ticks, i) => i === 0 || ticks >= (presentationTicks[i - 1] ?? ticks))
    ? presentationTicks
    : presentationTicks.toSorted((a, b) => a - b);
}

/** `sequence` counts fragments of a run from 1. Throws RangeError on an empty track or a time below zero. */
export function writeFragment(sequence: number, tracks: readonly FragmentTrack[]): Uint8Array {
  const layouts = tracks.map((track) => ({
    ...track,
    samples: track.samples.map((sample) => ({ ...sample, sizeBytes: sampleBytes(track, sample) })),
  }));
  const head = fragmentHead(sequence, layouts);
  const out = new Uint8Array(head.length + payloadBytes(layouts));
  const view = new DataView(out.buffer);
  out.set(head, 0);
  let at = head.length;
  for (const track of tracks)
    for (const sample of track.samples)
      for (const unit of sample.units) {
        if (track.lengthPrefixed) {
          view.setUint32(at, unit.sizeBytes);
          at += PREFIX_BYTES;
        }
        for (const piece of unit.pieces) {
          out.set(piece, at);
          at += piece.length;
        }
      }
  return out;
}

/**
 * The moof box and the head of the mdat box, behind which the samples' bytes follow track by track. Throws
 * RangeError on an empty track or a time below zero.
 */
export function fragmentHead(sequence: number, tracks: readonly TrackLayout[]): Uint8Array {
  const moofBytes = moof(sequence, tracks, 0).length;
  const mdat = concat([u32(BOX_HEAD_BYTES + payloadBytes(tracks)), fourCc("mdat")]);
  return concat([moof(sequence, tracks, moofBytes + BOX_HEAD_BYTES), mdat]);
}

function payloadBytes(tracks: readonly TrackLayout[]): number {
  return tracks.reduce((sum, track) => sum + trackBytes(track), 0);
}

function trackBytes({ samples }: TrackLayout): number {
  return samples.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function moof(sequence: number, tracks: readonly TrackLayout[], dataStart: number): Uint8Array {
  let dataOffset = dataStart;
  const trafs = tracks.map((track) => {
    const traf = trackFragment(track, dataOffset);
    dataOffset += trackBytes(track);
    return traf;
  });
  return box("moof", fullBox("mfhd", 0, 0, u32(sequence)), ...trafs);
}

function trackFragment(track: TrackLayout, dataOffset: number): Uint8Array {
  const decode =
    track.firstDecodeTicks === undefined
      ? decodeTimes(track.samples.map((sample) => sample.presentationTicks))
      : [track.firstDecodeTicks];
  const [first] = decode;
  if (first === undefined || first < 0) throw new RangeError("a fragment needs samples at or after zero");
  const rows = new DataView(new ArrayBuffer(track.samples.length * 16));
  track.samples.forEach((sample, i) => {
    const now = decode[i] ?? 0;
    const next = decode[i + 1] ?? now + track.lastDurationTicks;
    rows.setUint32(i * 16, next - now);
    rows.setUint32(i * 16 + 4, sample.sizeBytes);
    rows.setUint32(i * 16 + 8, sample.keyFrame ? KEY_FLAGS : OTHER_FLAGS);
    rows.setInt32(i * 16 + 12, sample.presentationTicks - now);
  });
  return box(
    "traf",
    fullBox("tfhd", 0, 0x02_0000, u32(track.trackId)),
    fullBox("tfdt", 1, 0, u32(Math.floor(first / 2 ** 32), first % 2 ** 32)),
    fullBox("trun", 1, TRUN_FLAGS, u32(track.samples.length, dataOffset), new Uint8Array(rows.buffer)),
  );
}
