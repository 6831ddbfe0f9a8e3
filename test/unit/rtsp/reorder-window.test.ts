/** Datagrams in any order come out in the order of their numbers, within bounds of time, number and bytes. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReorderWindow } from "../../../device-drivers/rtsp/reorder-window.ts";
import { parseTransport } from "../../../device-drivers/rtsp/transport.ts";

const LIMITS = { waitMs: 40, packets: 64, bytes: 100_000 };

function packet(sequence: number, source = 7, size = 12): Uint8Array {
  const bytes = Buffer.alloc(size);
  bytes[0] = 0x80;
  bytes.writeUInt16BE(sequence % 65_536, 2);
  bytes.writeUInt32BE(source, 8);
  return bytes;
}

const numberOf = (bytes: Uint8Array): number => Buffer.from(bytes).readUInt16BE(2);

describe("the reorder window", () => {
  it("mends any order within its bounds, across the wrap of the numbers, and leaves repeats out", () => {
    const jittered = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.boolean()), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(jittered, fc.nat({ max: 65_535 }), (delays, first) => {
        const out: number[] = [];
        const window = new ReorderWindow(
          (bytes) => out.push(numberOf(bytes)),
          LIMITS,
          () => 0,
        );
        window.push(packet(first));
        const sent = delays
          .flatMap(([delay, twice], i) =>
            twice
              ? [
                  { i, delay },
                  { i, delay: delay + 3 },
                ]
              : [{ i, delay }],
          )
          .toSorted((a, b) => a.i + a.delay - (b.i + b.delay));
        for (const { i } of sent) window.push(packet(first + 1 + i));
        window.close();
        expect(out).toEqual([first, ...delays.map((_, i) => (first + 1 + i) % 65_536)]);
      }),
      { numRuns: 200 },
    );
  });

  it("gives up on a missing packet after its time, without another one coming", async () => {
    const out: number[] = [];
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error("nothing came out")), 2000);
      const window = new ReorderWindow((bytes) => {
        out.push(numberOf(bytes));
        if (out.length < 3) return;
        clearTimeout(limit);
        resolve();
      }, LIMITS);
      for (const sequence of [1, 3, 4]) window.push(packet(sequence));
      expect(out).toEqual([1]);
    });
    expect(out).toEqual([1, 3, 4]);
  });

  it("holds no more packets and bytes than allowed, and begins anew with a new sender", () => {
    const out: number[] = [];
    const window = new ReorderWindow(
      (bytes) => out.push(numberOf(bytes)),
      LIMITS,
      () => 0,
    );
    window.push(packet(0));
    for (let i = 2; i < 100; i++) window.push(packet(i));
    expect(out).toHaveLength(99);
    window.push(packet(101, 7, 60_000));
    window.push(packet(103, 7, 60_000));
    expect(out.at(-1)).toBe(101);
    window.push(packet(9, 8));
    expect(out.slice(-2)).toEqual([103, 9]);
    window.close();
  });
});

describe("the transport header", () => {
  it("is read in the forms that cameras use, and refused in all others", () => {
    const tcp = { kind: "tcp", rtpChannel: 2, rtcpChannel: 3 };
    expect(parseTransport("RTP/AVP/TCP;unicast;interleaved=2-3;ssrc=1")).toEqual(tcp);
    expect(parseTransport("RTP/AVP/TCP;interleaved=2")).toEqual(tcp);
    expect(parseTransport("RTP/AVP;unicast;client_port=4-5;server_port=6970-6971;source=9.9.9.9")).toEqual({
      kind: "udp",
      rtpPort: 6970,
      rtcpPort: 6971,
    });
    expect(parseTransport("RTP/AVP/UDP;unicast")).toEqual({ kind: "udp", rtpPort: 0, rtcpPort: 0 });
    expect(parseTransport("RTP/AVP/TCP;interleaved=2-999")).toBeUndefined();
    for (const text of ["", "RTP/AVP;multicast;port=1-2", "RAW/RAW/UDP", "RTP/SAVP;unicast"])
      expect(parseTransport(text)).toBeUndefined();
  });
});
