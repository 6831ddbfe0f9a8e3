/** The formats of the dock path under arbitrary input: topics, packet lengths, vendor names, lateness. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadVendorNames } from "../../../device-drivers/dock/vendor-names.ts";
import { correctedTimes, lateness } from "../../../gateway/docks/lateness.ts";
import { dockId } from "../../../gateway/domain/ids.ts";
import { beijingDate } from "../../../gateway/domain/time.ts";
import { PacketLengths } from "../../../gateway/mqtt/packet-limit.ts";
import { formatTopic, mayListen, parseTopic } from "../../../gateway/mqtt/topics.ts";
import { proves } from "../../law/proves.ts";

describe("the topic grammar", () => {
  const id = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
  const topic = fc.oneof(
    fc.constantFrom("birth" as const, "state" as const).map((kind) => ({ kind })),
    fc.record({ kind: fc.constantFrom("bayStatus" as const, "bayEvent" as const), bay: fc.nat(999) }),
    fc.record({ kind: fc.constant("upload" as const), transfer: id }),
    fc.record({ kind: fc.constantFrom("cmd" as const, "ack" as const), command: id }),
  );

  it("reads back what it writes, and a foreign prefix is never heard", () => {
    fc.assert(
      fc.property(id, id, id, topic, (site, dock, other, found) => {
        const whole = { site, dock: dockId(dock), topic: found };
        expect(parseTopic(formatTopic(whole))).toEqual(whole);
        if (other !== dock) expect(mayListen(site, other, formatTopic(whole))).toBe(false);
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc
            .array(fc.constantFrom("counter", "v1", "bay", "1", "", "+", "#", "x"))
            .map((parts) => parts.join("/")),
        ),
        (text) => {
          const parsed = parseTopic(text);
          if (parsed !== undefined) expect(formatTopic(parsed)).toBe(text);
        },
      ),
    );
  });
});

describe("the packet limit", () => {
  it("judges a stream of packets the same however it is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(400), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1, maxLength: 8 }),
        (lengths, cuts) => {
          const stream = Buffer.concat(lengths.map(packet));
          const limited = new PacketLengths(200);
          let passed = true;
          for (let at = 0, turn = 0; at < stream.length && passed; turn += 1) {
            const cut = cuts[turn % cuts.length] ?? 1;
            passed = limited.take(stream.subarray(at, at + cut));
            at += cut;
          }
          expect(passed).toBe(lengths.every((length) => length <= 200));
        },
      ),
    );
  });
});

function packet(length: number): Buffer {
  const head = [0x30];
  let left = length;
  do {
    head.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>= 7;
  } while (left > 0);
  return Buffer.concat([Buffer.from(head), Buffer.alloc(length)]);
}

describe("a vendor's file name", () => {
  const names = loadVendorNames();

  it("is read as products built to GA/T 947 write it, its time as Beijing time", () => {
    expect(names.parse("BC00001_GA0001_20261120093000.mp4")).toEqual({
      deviceSerial: "BC00001",
      officer: "GA0001",
      deviceStartMs: Date.UTC(2026, 10, 20, 1, 30, 0),
    });
    expect(names.parse("BC00001_GA0001_20261399093000.MOV")).toEqual({
      deviceSerial: "BC00001",
      officer: "GA0001",
    });
    expect(names.parse("MOVI0001.avi")).toBeUndefined();
  });

  it("never throws, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
        names.parse(name);
      }),
    );
  });
});

describe("lateness", () => {
  const base = {
    limitArticle: "S4-30",
    mandatoryLabels: [],
    labelsArticle: null,
    preUseCheck: [],
    preUseArticle: null,
    clockSuspectMs: 60_000,
  };
  const moment = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 30) });
  const after = fc.nat(5 * 86_400_000);

  it(proves(["S1-19", "S2-26", "S4-30"], "begins 24 hours after the recording ended by a true clock"), () => {
    fc.assert(
      fc.property(moment, after, (endMs, laterMs) => {
        const found = lateness({ ...base, limit: { hours: 24 } }, endMs, endMs + laterMs);
        const overMs = laterMs - 86_400_000;
        expect(found).toEqual(overMs > 0 ? { byMs: overMs, article: "S4-30" } : null);
      }),
    );
  });

  it(proves(["S3-B-6"], "begins with the next day in Beijing where the limit is the same day"), () => {
    fc.assert(
      fc.property(moment, after, (endMs, laterMs) => {
        const storedMs = endMs + laterMs;
        const found = lateness({ ...base, limit: "sameDay", limitArticle: "S3-B-6" }, endMs, storedMs);
        // Midnight itself is still in time.
        expect(found !== null).toBe(beijingDate(endMs) !== beijingDate(storedMs - 1) && laterMs > 0);
      }),
    );
  });

  it(
    proves(
      ["S3-A-15"],
      "begins after the span that stands for promptly, unless a limit in numbers was passed",
    ),
    () => {
      const rules = { ...base, limit: "sameDay", limitArticle: "S3-B-6" } as const;
      fc.assert(
        fc.property(moment, after, fc.integer({ min: 1, max: 24 }), (endMs, laterMs, hours) => {
          const storedMs = endMs + laterMs;
          const found = lateness({ ...rules, prompt: { hours, article: "S3-A-15" } }, endMs, storedMs);
          const byDay = lateness(rules, endMs, storedMs);
          const overMs = laterMs - hours * 3_600_000;
          expect(found).toEqual(byDay ?? (overMs > 0 ? { byMs: overMs, article: "S3-A-15" } : null));
        }),
      );
    },
  );

  it("is judged by the corrected time, and not at all where that is unknown", () => {
    const times = { startMs: 1000, endMs: null, clockOffsetMs: -500, durationMs: 6000 };
    expect(correctedTimes(times)).toEqual({ startMs: 1500, endMs: 7500 });
    expect(correctedTimes({ ...times, clockOffsetMs: null })).toEqual({ startMs: null, endMs: null });
    expect(lateness({ ...base, limit: { hours: 24 } }, null, 1e12)).toBeNull();
    expect(lateness({ ...base, limit: null }, 0, 1e12)).toBeNull();
  });
});
