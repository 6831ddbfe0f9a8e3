/**
 * Reads fragments back: picture times, sizes, key frames and where each sample's bytes are; pure.
 * Invariant: any bytes give a result or RangeError; no offset leads outside of the given bytes.
 */

export interface BoxSpan {
  readonly type: string;
  /** Of the content, after the head. */
  readonly start: number;
  readonly end: number;
}

export interface ReadSample {
  readonly trackId: number;
  readonly presentationTicks: number;
  readonly durationTicks: number;
  readonly keyFrame: boolean;
  readonly bytes: Uint8Array;
}

/** The boxes between two offsets, one level. Throws RangeError when one reaches beyond the end. */
export function boxes(bytes: Uint8Array, start = 0, end = bytes.length): BoxSpan[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: BoxSpan[] = [];
  let at = start;
  while (at < end) {
    if (at + 8 > end) throw new RangeError("a box head is cut off");
    const size = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (size < 8 || at + size > end) throw new RangeError("a box is larger than what holds it");
    found.push({ type, start: at + 8, end: at + size });
    at += size;
  }
  return found;
}

/** Samples of one fragment as `writeFragment` makes them, in the order of their bytes. Throws RangeError. */
export function readFragment(bytes: Uint8Array): ReadSample[] {
  const top = boxes(bytes);
  const moof = top.find((box) => box.type === "moof");
  const mdat = top.find((box) => box.type === "mdat");
  if (moof === undefined || mdat === undefined) throw new RangeError("not a fragment");
  const moofStart = moof.start - 8;
  return boxes(bytes, moof.start, moof.end)
    .filter((box) => box.type === "traf")
    .flatMap((traf) => trackSamples(bytes, traf, moofStart, mdat));
}

function trackSamples(bytes: Uint8Array, traf: BoxSpan, moofStart: number, mdat: BoxSpan): ReadSample[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const inside = boxes(bytes, traf.start, traf.end);
  const find = (type: string, least: number): number => {
    const box = inside.find((one) => one.type === type);
    if (box === undefined || box.end - box.start < least) throw new RangeError(`a fragment lacks ${type}`);
    return box.start;
  };
  const trackId = view.getUint32(find("tfhd", 8) + 4);
  const tfdt = find("tfdt", 12);
  let time = view.getUint32(tfdt + 4) * 2 ** 32 + view.getUint32(tfdt + 8);
  const trun = find("trun", 12);
  const count = view.getUint32(trun + 4);
  let at = moofStart + view.getUint32(trun + 8);
  find("trun", 12 + count * 16);
  const samples: ReadSample[] = [];
  for (let i = 0; i < count; i++) {
    const row = trun + 12 + i * 16;
    const size = view.getUint32(row + 4);
    if (at < mdat.start || at + size > mdat.end)
      throw new RangeError("a sample lies outside of its fragment");
    samples.push({
      trackId,
      presentationTicks: time + view.getInt32(row + 12),
      durationTicks: view.getUint32(row),
      keyFrame: (view.getUint32(row + 8) & 0x1_0000) === 0,
      bytes: bytes.subarray(at, at + size),
    });
    time += view.getUint32(row);
    at += size;
  }
  return samples;
}

/** NAL units of a picture sample. Throws RangeError when a length leads outside. */
export function nalUnits(sample: Uint8Array): Uint8Array[] {
  const view = new DataView(sample.buffer, sample.byteOffset, sample.byteLength);
  const nals: Uint8Array[] = [];
  let at = 0;
  while (at < sample.length) {
    if (at + 4 > sample.length) throw new RangeError("a NAL length is cut off");
    const size = view.getUint32(at);
    if (at + 4 + size > sample.length) throw new RangeError("a NAL unit is larger than its sample");
    nals.push(sample.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return nals;
}
