/**
 * Cuts ffmpeg's FLV output into coded pictures. FLV because its tags carry a length and a time: a picture is
 * known to be complete at once, where Annex B tells it only with the next one.
 */

/** One coded picture, its NAL units without start codes. */
export interface Picture {
  readonly nals: readonly Buffer[];
  readonly keyFrame: boolean;
  /** Milliseconds since the encoder's first picture. */
  readonly ptsMs: number;
}

export interface ParameterSets {
  readonly sps: Buffer;
  readonly pps: Buffer;
}

const FILE_HEADER_BYTES = 13;
const TAG_HEADER_BYTES = 11;
const VIDEO_TAG = 9;
const LARGEST_TAG_BYTES = 4 * 1024 * 1024;

export interface FlvListener {
  parameterSets(sets: ParameterSets): void;
  picture(picture: Picture): void;
}

/** Feed it the stream in any pieces. Throws RangeError on a tag that can't be true. */
export function flvReader(listener: FlvListener): (piece: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let headerSeen = false;
  return (piece) => {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    if (!headerSeen) {
      if (rest.length < FILE_HEADER_BYTES) return;
      rest = rest.subarray(FILE_HEADER_BYTES);
      headerSeen = true;
    }
    for (;;) {
      if (rest.length < TAG_HEADER_BYTES) return;
      const length = rest.readUIntBE(1, 3);
      if (length > LARGEST_TAG_BYTES) throw new RangeError("an FLV tag is too long");
      const end = TAG_HEADER_BYTES + length + 4;
      if (rest.length < end) return;
      const timeMs = rest.readUIntBE(4, 3) + rest.readUInt8(7) * 0x1000000;
      if (rest[0] === VIDEO_TAG)
        readVideo(rest.subarray(TAG_HEADER_BYTES, TAG_HEADER_BYTES + length), timeMs, listener);
      rest = rest.subarray(end);
    }
  };
}

function readVideo(tag: Buffer, timeMs: number, listener: FlvListener): void {
  const keyFrame = (tag.readUInt8(0) & 0xf0) === 0x10;
  const packetType = tag.readUInt8(1);
  const body = tag.subarray(5);
  if (packetType === 0) listener.parameterSets(readDecoderConfiguration(body));
  else if (packetType === 1) listener.picture({ nals: lengthPrefixed(body), keyFrame, ptsMs: timeMs });
}

/** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 5.3.3.1: one SPS, one PPS. */
function readDecoderConfiguration(body: Buffer): ParameterSets {
  const spsLength = body.readUInt16BE(6);
  const sps = Buffer.from(body.subarray(8, 8 + spsLength));
  const ppsAt = 8 + spsLength + 3;
  const pps = Buffer.from(body.subarray(ppsAt, ppsAt + body.readUInt16BE(ppsAt - 2)));
  return { sps, pps };
}

function lengthPrefixed(body: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  for (let at = 0; at + 4 <= body.length;) {
    const length = body.readUInt32BE(at);
    nals.push(Buffer.from(body.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return nals;
}
