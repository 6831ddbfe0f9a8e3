/**
 * Every parser of what a camera sends as one function of bytes, for saved and made-up inputs alike.
 * Invariant: a target returns, or throws RtspError; anything else, and anything it holds beyond its input, is a defect.
 */
import { inputList } from "../../../device-drivers/ffmpeg/input-list.ts";
import { AacDepacketizer } from "../../../device-drivers/rtsp/audio-depacketizer.ts";
import type { Depacketizer } from "../../../device-drivers/rtsp/access-unit.ts";
import { Authenticator, chooseChallenge } from "../../../device-drivers/rtsp/authentication.ts";
import { NalDepacketizer } from "../../../device-drivers/rtsp/nal-depacketizer.ts";
import { h264Grammar, h265Grammar } from "../../../device-drivers/rtsp/nal-grammar.ts";
import { ReorderWindow } from "../../../device-drivers/rtsp/reorder-window.ts";
import { parseRtcp } from "../../../device-drivers/rtsp/rtcp.ts";
import { SequenceTracker, TickExtender, parseRtp } from "../../../device-drivers/rtsp/rtp.ts";
import { parseSdp } from "../../../device-drivers/rtsp/sdp.ts";
import { chooseTracks } from "../../../device-drivers/rtsp/track-choice.ts";
import { parseTransport } from "../../../device-drivers/rtsp/transport.ts";
import { RtspUrl } from "../../../device-drivers/rtsp/url.ts";
import { WireReader } from "../../../device-drivers/rtsp/wire-reader.ts";
import { readFragment } from "../../../gateway/media/fragment-reader.ts";
import { writeInitSegment } from "../../../gateway/media/init-segment.ts";

/** Packets of one connection in turn; text parsers get one. */
export type Target = (packets: readonly Uint8Array[]) => void;

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const each =
  (one: (bytes: Uint8Array) => void): Target =>
  (packets) =>
    packets.forEach(one);

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

function units(make: () => Depacketizer): Target {
  return (packets) => {
    const depacketizer = make();
    const ticks = new TickExtender();
    const sent = packets.reduce((sum, bytes) => sum + bytes.length + 2, 0);
    let given = 0;
    for (const bytes of packets) {
      const packet = parseRtp(bytes);
      if (packet === undefined) continue;
      for (const unit of depacketizer.push(packet)) {
        must(Number.isSafeInteger(ticks.extend(unit.timestamp)), "a time that is no number");
        for (const nal of unit.nals) {
          const size = nal.pieces.reduce((sum, piece) => sum + piece.length, 0);
          must(size === nal.sizeBytes, "a size that is not the unit's");
          given += size;
        }
      }
    }
    must(given <= sent, "more than was sent");
  };
}

/** A camera's parameter set on its way into an init segment: a RangeError is the driver's word for "not understood". */
function initOf(codec: "h264" | "h265", set: Uint8Array): void {
  try {
    const init = writeInitSegment({ codec, clockRate: 90_000, vps: [set], sps: [set], pps: [set] });
    must(init.width > 0 && init.height > 0 && init.width <= 16_384, "a picture of no size");
    must(/^(?:avc1|hvc1)\.[0-9A-Za-z.]+$/.test(init.codec), "a codec that is no codec");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

export const TARGETS: Readonly<Record<string, Target>> = {
  wire: (packets) => {
    const reader = new WireReader({
      message: ({ body }) => must(body.length <= 262_144, "a body beyond its bound"),
      packet: (channel, payload) =>
        must(channel < 256 && payload.length < 65_536, "a packet beyond its bound"),
    });
    for (const bytes of packets) reader.push(bytes);
  },
  sdp: each((bytes) => {
    const tracks = chooseTracks(parseSdp(bytes), true);
    must(tracks.length <= 2, "more than picture and sound");
    // A control attribute never leads away from the host that was dialled.
    for (const { control } of tracks)
      must(
        new RtspUrl("rtsp://10.0.0.1/live").control(undefined, control).startsWith("rtsp://10.0.0.1"),
        "another host",
      );
  }),
  transport: each((bytes) => {
    const given = parseTransport(text(bytes));
    const numbers =
      given === undefined
        ? []
        : given.kind === "tcp"
          ? [given.rtpChannel, given.rtcpChannel]
          : [given.rtpPort, given.rtcpPort];
    for (const number of numbers)
      must(number >= 0 && number <= (given?.kind === "tcp" ? 255 : 65_535), "a number beyond its range");
  }),
  challenge: each((bytes) => {
    const challenge = chooseChallenge([text(bytes)]);
    if (challenge === undefined) return;
    const answer = new Authenticator(challenge, { user: "u", password: "secret" }, "c").authorization(
      "PLAY",
      "/",
    );
    must(!/[\r\n]|secret/.test(answer), "an answer that ends the header or shows the password");
  }),
  location: each((bytes) => {
    const next = new RtspUrl("rtsps://10.0.0.1/live").redirected(text(bytes));
    must(next.host === "10.0.0.1" && next.secure, "away from the host or its TLS");
    must(!/\s/.test(next.requestUri), "an address that ends the line");
  }),
  list: each((bytes) => {
    const list = inputList(text(bytes), { user: text(bytes), password: text(bytes) }, 1000);
    must(/^[^\n]*\nfile '[^\n]*'\n(?:option [^\n]*\n)+$/.test(list), "a list with other lines");
  }),
  rtp: (packets) => {
    const sequence = new SequenceTracker();
    const out: Uint8Array[] = [];
    const window = new ReorderWindow(
      (bytes) => out.push(bytes),
      undefined,
      () => 0,
    );
    for (const bytes of packets) {
      const packet = parseRtp(bytes);
      if (packet === undefined) continue;
      must(packet.payload.length <= bytes.length, "more than was sent");
      sequence.accept(packet.sequence);
      window.push(bytes);
    }
    window.flush();
    must(out.length <= packets.length, "more packets than were sent");
    const report = sequence.report();
    must(report.fractionLost <= 255 && report.lost >= 0, "figures beyond their range");
  },
  rtcp: each((bytes) => {
    for (const { wallMs } of parseRtcp(bytes).reports) must(Number.isFinite(wallMs), "a time that is none");
  }),
  "nal-h264": units(() => new NalDepacketizer(h264Grammar, { vps: [], sps: [], pps: [] })),
  "nal-h265": units(() => new NalDepacketizer(h265Grammar, { vps: [], sps: [], pps: [] })),
  "init-h264": each((bytes) => initOf("h264", bytes)),
  "init-h265": each((bytes) => initOf("h265", bytes)),
  fragment: each((bytes) => {
    try {
      const given = readFragment(bytes).reduce((sum, sample) => sum + sample.bytes.length, 0);
      must(given <= bytes.length * bytes.length, "more than was given");
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }),
  aac: units(() => new AacDepacketizer({ sizeBits: 13, indexBits: 3 })),
};
