/** Whatever a camera sends, every parser ends with a value or its own coded error and holds back little. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AacDepacketizer } from "../../../device-drivers/rtsp/audio-depacketizer.ts";
import { chooseChallenge } from "../../../device-drivers/rtsp/authentication.ts";
import { NalDepacketizer } from "../../../device-drivers/rtsp/nal-depacketizer.ts";
import { h264Grammar, h265Grammar } from "../../../device-drivers/rtsp/nal-grammar.ts";
import { parseRtcp } from "../../../device-drivers/rtsp/rtcp.ts";
import { type RtpPacket, parseRtp } from "../../../device-drivers/rtsp/rtp.ts";
import { RtspError } from "../../../device-drivers/rtsp/rtsp-error.ts";
import { parseSdp } from "../../../device-drivers/rtsp/sdp.ts";
import { chooseTracks } from "../../../device-drivers/rtsp/track-choice.ts";
import { type RtspMessage, WireReader } from "../../../device-drivers/rtsp/wire-reader.ts";

const RUNS = { numRuns: 400 };

/** Runs it and lets only the driver's own errors pass. */
function coded(run: () => void): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(RtspError);
  }
}

const wireText = fc.array(
  fc.constantFrom(
    "RTSP/1.0 200 OK\r\n",
    "CSeq: 1\r\n",
    "Content-Length: 5\r\n",
    "Content-Length: -1\r\n",
    "Content-Length: 99999999999\r\n",
    "\r\n",
    "hello",
    "$\0\0\u0004abcd",
    "ANNOUNCE rtsp://x RTSP/1.0\r\n",
    ": no name\r\n",
    "\0\0\0",
  ),
);
const wireBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  wireText.map((parts) => new Uint8Array(Buffer.from(parts.join(""), "latin1"))),
);

describe("the wire reader", () => {
  it("ends with messages, packets or a coded error, however the bytes are cut", () => {
    fc.assert(
      fc.property(wireBytes, fc.array(fc.nat({ max: 300 }), { maxLength: 6 }), (bytes, cuts) => {
        const seen = (pieces: readonly Uint8Array[]): unknown[] => {
          const found: unknown[] = [];
          const reader = new WireReader({
            message: (message: RtspMessage) => found.push([message.status, message.word, [...message.body]]),
            packet: (channel, payload) => found.push([channel, [...payload]]),
          });
          coded(() => pieces.forEach((piece) => reader.push(piece)));
          return found;
        };
        const places = [
          0,
          ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b),
          bytes.length,
        ];
        const pieces = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        expect(seen(pieces)).toEqual(seen([bytes]));
      }),
      RUNS,
    );
  });

  it("never waits for more than its limits", () => {
    const reader = new WireReader({ message: () => {}, packet: () => {} });
    expect(() => {
      for (let i = 0; i < 1000; i++) reader.push(Buffer.from("A".repeat(100)));
    }).toThrow(RtspError);
  });
});

describe("descriptions", () => {
  const lines = fc.array(
    fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.constantFrom(
        "v=0",
        "m=video 0 RTP/AVP 96",
        "m=audio 0 RTP/AVP 8",
        "m=audio 0 RTP/AVP 97",
        "m=application 0 RTP/AVP x",
        "a=rtpmap:96 H264/90000",
        "a=rtpmap:96 H265/0",
        "a=rtpmap:97 MPEG4-GENERIC/16000/1",
        "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z00AKZpmA8ARPy4C3AQEBQAAAwPoAADqYOhgBGMAAF9eu8uFAAEYwAAX167y4KA=,aO48gA==",
        "a=fmtp:97 mode=AAC-hbr;config=1408;sizelength=99;indexlength=-3",
        "a=control:*",
        "a=control:rtsp://elsewhere/track1",
      ),
    ),
    { maxLength: 30 },
  );
  it("any text gives tracks or a coded error", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 2000 }),
          lines.map((all) => Buffer.from(all.join("\r\n"))),
        ),
        (bytes) => {
          coded(() => chooseTracks(parseSdp(bytes), true));
        },
      ),
      RUNS,
    );
  });

  it("a description beyond its bound is refused", () => {
    expect(() => parseSdp(Buffer.from("m=video 0 RTP/AVP 96\n".repeat(17)))).toThrow(RtspError);
    expect(() => parseSdp(new Uint8Array(70_000))).toThrow(RtspError);
  });

  it("any challenge is answered or left alone", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (values) => void chooseChallenge(values)),
      RUNS,
    );
    fc.assert(
      fc.property(fc.array(fc.string()), (values) => void chooseChallenge(values.map((v) => `Digest ${v}`))),
      RUNS,
    );
  });
});

describe("RTP, RTCP and payloads", () => {
  it("packets and reports are read or left out", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parseRtcp(bytes);
        const packet = parseRtp(bytes);
        if (packet !== undefined) expect(packet.payload.length).toBeLessThanOrEqual(bytes.length);
      }),
      RUNS,
    );
  });

  const rtp = fc.record({
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .tuple(fc.constantFrom(0x7c, 0x78, 0x65, 0x67, 0x62, 0x60), fc.uint8Array({ maxLength: 40 }))
        .map(([first, rest]) => Uint8Array.from([first, ...rest])),
    ),
    marker: fc.boolean(),
    timestamp: fc.nat({ max: 5 }),
    lost: fc.boolean(),
  });
  for (const [name, make] of [
    ["H.264", () => new NalDepacketizer(h264Grammar, { vps: [], sps: [], pps: [] })],
    ["H.265", () => new NalDepacketizer(h265Grammar, { vps: [], sps: [], pps: [] })],
    ["AAC", () => new AacDepacketizer({ sizeBits: 13, indexBits: 3 })],
  ] as const)
    it(`${name} units hold only bytes that were sent, each with its exact size`, () => {
      fc.assert(
        fc.property(fc.array(rtp, { maxLength: 40 }), (packets) => {
          const one = make();
          let sent = 0;
          let given = 0;
          coded(() => {
            for (const { payload, marker, timestamp, lost } of packets) {
              if (lost) one.lost();
              sent += payload.length + 2;
              const packet: RtpPacket = { payloadType: 96, marker, sequence: 0, timestamp, ssrc: 0, payload };
              for (const unit of one.push(packet))
                for (const nal of unit.nals) {
                  expect(nal.pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(nal.sizeBytes);
                  given += nal.sizeBytes;
                }
            }
          });
          expect(given).toBeLessThanOrEqual(sent);
        }),
        RUNS,
      );
    });
});
