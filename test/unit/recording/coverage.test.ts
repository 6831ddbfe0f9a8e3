/** Coverage: fragments and gaps together account for every millisecond of a range. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logId, seq } from "../../../gateway/domain/ids.ts";
import { proves } from "../../law/proves.ts";
import { CONTIGUOUS_MS } from "../../../gateway/evidence/coverage/span.ts";
import { type FragmentRow, type GapRow, coverageOf } from "../../../gateway/recording/coverage.ts";
import { reconnectDelayMs } from "../../../gateway/recording/reconnect.ts";

const ref = (index: number) => ({ logId: logId("2026"), seq: seq(index) });
const row = (t: number, durMs: number, index = t): FragmentRow => ({
  ref: ref(index),
  t,
  durMs,
  sizeBytes: 1,
  init: ref(0),
  run: ref(0),
  cont: false,
});

describe("coverage", () => {
  it(proves(["S3-A-10"], "is complete only without a hole and without a stated gap"), () => {
    const rows = [row(0, 2000), row(2003, 2000), row(4000, 2000)];
    expect(coverageOf(500, 5000, rows, []).complete).toBe(true);
    expect(coverageOf(500, 7000, rows, [])).toMatchObject({
      complete: false,
      gaps: [{ from: 6000, to: 7000, causes: ["notRecorded"] }],
    });
    const loss: GapRow = { from: 2000, to: 2003, causes: ["packetLoss"], ref: ref(9) };
    expect(coverageOf(0, 5000, rows, [loss])).toMatchObject({ complete: false, gaps: [loss] });
    expect(coverageOf(3000, 5000, rows, [loss]).complete).toBe(true);
  });

  it("names the cause of a hole and what of it no entry explains", () => {
    const stated: GapRow = { from: 2000, to: 5000, causes: ["stalled", "unreachable"], ref: ref(1) };
    expect(coverageOf(0, 10_000, [row(0, 2000), row(7000, 3000)], [stated]).gaps).toEqual([
      stated,
      { from: 5000, to: 7000, causes: ["notRecorded"] },
    ]);
    const open: GapRow = { from: 2000, causes: ["disconnected"], ref: ref(1) };
    expect(coverageOf(0, 10_000, [row(0, 2000)], [open]).gaps).toEqual([{ ...open, to: 10_000 }]);
  });

  it("every moment is in a fragment or in a gap", () => {
    const span = fc.tuple(fc.nat({ max: 20_000 }), fc.integer({ min: 1, max: 4000 }));
    fc.assert(
      fc.property(fc.array(span), fc.array(span), fc.nat({ max: 20_000 }), (footage, losses, at) => {
        const { fragments, gaps } = coverageOf(
          0,
          20_001,
          footage.map(([t, dur], i) => row(t, dur, i)),
          losses.map(([from, dur], i) => ({ from, to: from + dur, causes: ["stalled"], ref: ref(i) })),
        );
        const inFragment = fragments.some((one) => one.t <= at && at < one.t + one.durMs);
        const near = gaps.some((gap) => gap.from <= at && at < (gap.to ?? 0));
        const edge = fragments.some(
          (one) => Math.abs(one.t - at) <= CONTIGUOUS_MS || Math.abs(one.t + one.durMs - at) <= CONTIGUOUS_MS,
        );
        const seam = gaps.some(
          (gap) => Math.abs(gap.from - at) <= CONTIGUOUS_MS || Math.abs((gap.to ?? 0) - at) <= CONTIGUOUS_MS,
        );
        expect(
          inFragment || near || edge || seam || at <= CONTIGUOUS_MS || at >= 20_000 - CONTIGUOUS_MS,
        ).toBe(true);
      }),
    );
  });
});

describe("reconnecting", () => {
  it("never waits more than 2 s, but spares a camera that refuses the password", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1e6 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failures, random) => {
          expect(reconnectDelayMs(failures, "unreachable", random)).toBeLessThanOrEqual(2000);
          expect(reconnectDelayMs(failures, "unauthorized", random)).toBeGreaterThanOrEqual(2500);
          expect(reconnectDelayMs(failures, "unauthorized", random)).toBeLessThanOrEqual(60_000);
        },
      ),
    );
  });
});
