/** Access units from RTP: marks, aggregation, fragments, losses, parameter sets, AAC framing. */
import { describe, expect, it } from "vitest";
import { AacDepacketizer } from "../../../device-drivers/rtsp/audio-depacketizer.ts";
import { NalDepacketizer } from "../../../device-drivers/rtsp/nal-depacketizer.ts";
import { h264Grammar } from "../../../device-drivers/rtsp/nal-grammar.ts";
import { type RtpPacket, SequenceTracker, TickExtender } from "../../../device-drivers/rtsp/rtp.ts";

const NONE = { vps: [], sps: [], pps: [] };
const SPS = [0x67, 1, 2, 3];
const PPS = [0x68, 9];
const IDR = [0x65, 0x88, 1, 2, 3, 4, 5];
const NON_IDR = [0x41, 0x9a, 7];

function packet(timestamp: number, payload: readonly number[], marker = false): RtpPacket {
  return { payloadType: 96, marker, sequence: 0, timestamp, ssrc: 1, payload: Uint8Array.from(payload) };
}

const bytes = (nal: { readonly pieces: readonly Uint8Array[] }): number[] =>
  nal.pieces.flatMap((p) => [...p]);

describe("H.264 depacketizer", () => {
  it("puts STAP-A, FU-A and single NAL units together bit-exact", () => {
    const one = new NalDepacketizer(h264Grammar, NONE);
    const stap = [0x78, 0, SPS.length, ...SPS, 0, PPS.length, ...PPS];
    expect(one.push(packet(1, stap))).toEqual([]);
    expect(one.push(packet(1, [0x7c, 0x85, ...IDR.slice(1, 4)]))).toEqual([]);
    const [unit] = one.push(packet(1, [0x7c, 0x45, ...IDR.slice(4)], true));
    expect(unit?.nals.map(bytes)).toEqual([SPS, PPS, IDR]);
    expect(unit?.keyFrame).toBe(true);
    expect(unit?.parameters?.sps.map((nal) => [...nal])).toEqual([SPS]);
    const [next] = one.push(packet(2, NON_IDR, true));
    expect(next).toMatchObject({ keyFrame: false, timestamp: 2 });
    expect(next?.parameters).toBeUndefined();
  });

  it("keeps parameter sets with their picture though a camera marks them, and ends a unit without a mark", () => {
    const one = new NalDepacketizer(h264Grammar, NONE);
    expect(one.push(packet(1, SPS, true))).toEqual([]);
    expect(one.push(packet(1, PPS, true))).toEqual([]);
    expect(one.push(packet(1, IDR))).toEqual([]);
    const [unit] = one.push(packet(2, NON_IDR));
    expect(unit?.nals).toHaveLength(3);
  });

  it("tells changed parameters once", () => {
    const one = new NalDepacketizer(h264Grammar, {
      vps: [],
      sps: [Uint8Array.from(SPS)],
      pps: [Uint8Array.from(PPS)],
    });
    one.push(packet(1, SPS));
    expect(one.push(packet(1, IDR, true))[0]?.parameters).toBeUndefined();
    one.push(packet(2, [0x67, 5, 5, 5]));
    expect(one.push(packet(2, IDR, true))[0]?.parameters?.sps.map((nal) => [...nal])).toEqual([
      [0x67, 5, 5, 5],
    ]);
  });

  it("drops exactly the unit that misses a packet", () => {
    const one = new NalDepacketizer(h264Grammar, NONE);
    one.push(packet(1, [0x7c, 0x85, 0x88, 1]));
    one.lost();
    expect(one.push(packet(1, [0x7c, 0x45, 2], true))).toEqual([]);
    expect(one.push(packet(2, NON_IDR, true))).toHaveLength(1);
    one.lost();
    // The first slice of the next picture is among the lost: what is left of it is no picture.
    expect(one.push(packet(3, [0x41, 0x1a, 7], true))).toEqual([]);
    expect(one.push(packet(4, NON_IDR, true))).toHaveLength(1);
  });

  it("refuses a picture without bounds", () => {
    const one = new NalDepacketizer(h264Grammar, NONE);
    const piece = [0x7c, 0x05, ...Array.from({ length: 1400 }, () => 1)];
    one.push(packet(1, [0x7c, 0x85, 0x88]));
    expect(() => {
      for (let i = 0; i < 10_000; i++) one.push(packet(1, piece));
    }).toThrow(/larger than any camera/);
  });
});

describe("AAC depacketizer", () => {
  const framing = { sizeBits: 13, indexBits: 3 };
  it("takes several frames of a packet and a frame of several packets", () => {
    const one = new AacDepacketizer(framing);
    const units = one.push(packet(100, [0, 32, 0, 2 << 3, 0, 1 << 3, 1, 2, 3], true));
    expect(units.map((unit) => [unit.timestamp, bytes(unit.nals[0] ?? { pieces: [] })])).toEqual([
      [100, [1, 2]],
      [1124, [3]],
    ]);
    expect(one.push(packet(2000, [0, 16, 0, 4 << 3, 1, 2]))).toEqual([]);
    expect(
      one
        .push(packet(2000, [0, 16, 0, 4 << 3, 3, 4], true))
        .map((unit) => bytes(unit.nals[0] ?? { pieces: [] })),
    ).toEqual([[1, 2, 3, 4]]);
  });
});

describe("RTP numbers", () => {
  it("counts losses over the wrap and drops repeats", () => {
    const one = new SequenceTracker();
    expect(one.accept(65_534)).toEqual({ kind: "next", lost: 0 });
    expect(one.accept(1)).toEqual({ kind: "next", lost: 2 });
    expect(one.accept(1)).toEqual({ kind: "repeat" });
    expect(one.accept(0)).toEqual({ kind: "repeat" });
    expect(one.report()).toMatchObject({ lost: 2, highest: 65_537, fractionLost: 128 });
  });

  it("extends timestamps over the wrap and back", () => {
    const one = new TickExtender();
    expect(one.extend(0xffff_ff00)).toBe(0xffff_ff00);
    expect(one.extend(0x100)).toBe(0x1_0000_0100);
    expect(one.extend(0xffff_ff80)).toBe(0xffff_ff80);
    expect(one.near(0x10)).toBe(0x1_0000_0010);
  });
});
