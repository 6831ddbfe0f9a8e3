/**
 * Writes one fragment (moof + mdat) in a single allocation: each sample's bytes are copied exactly once; pure.
 * Invariant: presentation times come out exactly as given; decode times never run backwards.
 */
import { box, fullBox, u32 } from "./box-writer.ts";

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

const PREFIX_BYTES = 4;
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

/**
 * `sequence` counts fragments of a run from 1; `lend` gives the memory for the result, whatever is in it. Throws
 * RangeError on an empty track or a time below zero.
 */
export function writeFragment<Bytes extends Uint8Array = Uint8Array>(
  sequence: number,
  tracks: readonly FragmentTrack[],
  lend: (sizeBytes: number) => Bytes,
): Bytes;
export function writeFragment(sequence: number, tracks: readonly FragmentTrack[]): Uint8Array;
export function writeFragment(
  sequence: number,
  tracks: readonly FragmentTrack[],
  lend: (sizeBytes: number) => Uint8Array = (sizeBytes) => new Uint8Array(sizeBytes),
): Uint8Array {
  const sizes = tracks.map((track) => track.samples.map((sample) => sampleBytes(track, sample)));
  const payloadBytes = sizes.flat().reduce((sum, size) => sum + size, 0);
  const moofBytes = moof(sequence, tracks, sizes, 0).length;
  const head = moof(sequence, tracks, sizes, moofBytes + 8);
  const out = lend(moofBytes + 8 + payloadBytes);
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  out.set(head, 0);
  view.setUint32(moofBytes, 8 + payloadBytes);
  out.set([0x6d, 0x64, 0x61, 0x74], moofBytes + 4);
  let at = moofBytes + 8;
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

function moof(
  sequence: number,
  tracks: readonly FragmentTrack[],
  sizes: readonly (readonly number[])[],
  dataStart: number,
): Uint8Array {
  let dataOffset = dataStart;
  const trafs = tracks.map((track, i) => {
    const own = sizes[i] ?? [];
    const traf = trackFragment(track, own, dataOffset);
    dataOffset += own.reduce((sum, size) => sum + size, 0);
    return traf;
  });
  return box("moof", fullBox("mfhd", 0, 0, u32(sequence)), ...trafs);
}

function trackFragment(track: FragmentTrack, sizes: readonly number[], dataOffset: number): Uint8Array {
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
    rows.setUint32(i * 16 + 4, sizes[i] ?? 0);
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
