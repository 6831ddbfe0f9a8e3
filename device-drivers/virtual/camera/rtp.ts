/** RTP packets of H.264 pictures (RFC 6184: single NAL, STAP-A, FU-A) and the RTCP sender report (RFC 3550 6.4.1). */
import { randomInt } from "node:crypto";

const CLOCK_HZ = 90_000;
const PAYLOAD_TYPE = 96;
const LARGEST_PAYLOAD_BYTES = 1400;
const STAP_A = 24;
const FU_A = 28;
/** Seconds between 1900 and 1970. */
const NTP_EPOCH_S = 2_208_988_800;

export interface RtpSender {
  /** Packets of one picture; the last one has the marker. */
  packets(nals: readonly Buffer[], mediaMs: number): Buffer[];
  senderReport(wallMs: number, mediaMs: number): Buffer;
  goodbye(): Buffer;
  readonly ssrc: number;
}

export function rtpSender(): RtpSender {
  const ssrc = randomInt(0, 2 ** 32);
  const timeBase = randomInt(0, 2 ** 32);
  let seq = randomInt(0, 2 ** 16);
  let packetCount = 0;
  let octetCount = 0;
  const rtpTime = (mediaMs: number): number => (timeBase + Math.round((mediaMs * CLOCK_HZ) / 1000)) % 2 ** 32;

  const packet = (payload: Buffer, mediaMs: number, marker: boolean): Buffer => {
    const out = Buffer.alloc(12 + payload.length);
    out.writeUInt8(0x80, 0);
    out.writeUInt8((marker ? 0x80 : 0) | PAYLOAD_TYPE, 1);
    out.writeUInt16BE(seq, 2);
    out.writeUInt32BE(rtpTime(mediaMs), 4);
    out.writeUInt32BE(ssrc, 8);
    payload.copy(out, 12);
    seq = (seq + 1) & 0xffff;
    packetCount += 1;
    octetCount += payload.length;
    return out;
  };

  return {
    ssrc,
    packets(nals, mediaMs) {
      const payloads = payloadsOf(nals);
      return payloads.map((payload, i) => packet(payload, mediaMs, i === payloads.length - 1));
    },
    senderReport(wallMs, mediaMs) {
      const out = Buffer.alloc(28);
      out.writeUInt8(0x80, 0);
      out.writeUInt8(200, 1);
      out.writeUInt16BE(6, 2);
      out.writeUInt32BE(ssrc, 4);
      out.writeUInt32BE(Math.floor(wallMs / 1000) + NTP_EPOCH_S, 8);
      out.writeUInt32BE(Math.floor(((wallMs % 1000) / 1000) * 2 ** 32), 12);
      out.writeUInt32BE(rtpTime(mediaMs), 16);
      out.writeUInt32BE(packetCount % 2 ** 32, 20);
      out.writeUInt32BE(octetCount % 2 ** 32, 24);
      return Buffer.concat([out, sourceDescription(ssrc)]);
    },
    goodbye() {
      const out = Buffer.alloc(8);
      out.writeUInt8(0x81, 0);
      out.writeUInt8(203, 1);
      out.writeUInt16BE(1, 2);
      out.writeUInt32BE(ssrc, 4);
      return out;
    },
  };
}

/** Small neighbours (parameter sets, SEI) travel together, large units in fragments. */
function payloadsOf(nals: readonly Buffer[]): Buffer[] {
  const out: Buffer[] = [];
  let small: Buffer[] = [];
  let smallBytes = 1;
  const flush = (): void => {
    const [only, ...more] = small;
    if (only !== undefined) out.push(more.length === 0 ? only : aggregate(small));
    small = [];
    smallBytes = 1;
  };
  for (const nal of nals) {
    if (nal.length > LARGEST_PAYLOAD_BYTES) {
      flush();
      out.push(...fragments(nal));
      continue;
    }
    if (smallBytes + 2 + nal.length > LARGEST_PAYLOAD_BYTES) flush();
    small.push(nal);
    smallBytes += 2 + nal.length;
  }
  flush();
  return out;
}

function aggregate(nals: readonly Buffer[]): Buffer {
  const importance = Math.max(...nals.map((nal) => nal.readUInt8(0) & 0x60));
  return Buffer.concat([
    Buffer.from([importance | STAP_A]),
    ...nals.flatMap((nal) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(nal.length);
      return [length, nal];
    }),
  ]);
}

function fragments(nal: Buffer): Buffer[] {
  const head = nal.readUInt8(0);
  const out: Buffer[] = [];
  for (let at = 1; at < nal.length; at += LARGEST_PAYLOAD_BYTES - 2) {
    const piece = nal.subarray(at, at + LARGEST_PAYLOAD_BYTES - 2);
    const start = at === 1 ? 0x80 : 0;
    const end = at + piece.length === nal.length ? 0x40 : 0;
    out.push(Buffer.concat([Buffer.from([(head & 0xe0) | FU_A, start | end | (head & 0x1f)]), piece]));
  }
  return out;
}

function sourceDescription(ssrc: number): Buffer {
  const name = Buffer.from("virtual-camera", "ascii");
  const length = Math.ceil((8 + 2 + name.length + 1) / 4) * 4;
  const out = Buffer.alloc(length);
  out.writeUInt8(0x81, 0);
  out.writeUInt8(202, 1);
  out.writeUInt16BE(length / 4 - 1, 2);
  out.writeUInt32BE(ssrc, 4);
  out.writeUInt8(1, 8);
  out.writeUInt8(name.length, 9);
  name.copy(out, 10);
  return out;
}
