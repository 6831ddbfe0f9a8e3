/** What may leave a disk: only what the archive keeps long enough and no hold covers, however short room is. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logId, seq, sha256Hex, streamId } from "../../../gateway/domain/ids.ts";
import type { Entry } from "../../../gateway/evidence/entry.ts";
import { countRanges, rangesHold } from "../../../gateway/evidence/ranges.ts";
import { planErase } from "../../../gateway/handover/erase-plan.ts";
import { type ReleaseFacts, planRelease } from "../../../gateway/handover/release-plan.ts";

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 20);
const HASH = sha256Hex("a".repeat(64));

function entry(
  at: number,
  options: { type?: "init" | "fragment"; stream?: string; ageDays?: number } = {},
): Entry {
  return {
    v: 1,
    seq: seq(at),
    type: options.type ?? "fragment",
    stream: streamId(options.stream ?? "camera/c1/main"),
    n: at,
    t: NOW - (options.ageDays ?? 40) * DAY_MS,
    dur: 2000,
    boot: "b",
    mono: 0,
    ntp: "synced",
    len: 1000,
    sha256: HASH,
  };
}

const facts = (over: Partial<ReleaseFacts>): ReleaseFacts => ({
  logId: logId("2026"),
  firstSeq: seq(1),
  footage: [entry(1), entry(2), entry(3)],
  packs: [{ sha256: HASH, ranges: [[0, 100]], retainUntilMs: NOW + 400 * DAY_MS }],
  next: new Map(),
  nowMs: NOW,
  roomIsShort: false,
  rules: { keepUntilMs: () => NOW + 300 * DAY_MS, isHeld: () => false, localMinimumMs: 30 * DAY_MS },
  ...over,
});

describe("a release plan", () => {
  it("lets go what is acknowledged long enough and over its local minimum, and names the packs", () => {
    expect(planRelease(facts({}))).toMatchObject({
      going: [[1, 4]],
      packs: [HASH],
      goingBytes: 3000,
      stayingBytes: 0,
      staying: {},
    });
  });

  it("keeps what no acknowledgement lists, and what is promised for too short a time", () => {
    const packs = [
      { sha256: HASH, ranges: [[1, 2] as const], retainUntilMs: NOW + 400 * DAY_MS },
      { sha256: HASH, ranges: [[2, 3] as const], retainUntilMs: NOW + 299 * DAY_MS },
    ];
    const plan = planRelease(facts({ packs, roomIsShort: true }));
    expect(plan).toMatchObject({ going: [[1, 2]], staying: { promiseTooShort: 1, notAcked: 1 } });
  });

  it("lets the local minimum yield below low water, and nothing else", () => {
    const footage = [entry(1, { ageDays: 2 }), entry(2, { ageDays: 2 })];
    const rules = { ...facts({}).rules, isHeld: (one: Entry) => one.seq === 2 };
    expect(planRelease(facts({ footage, rules })).staying).toEqual({ young: 1, held: 1 });
    expect(planRelease(facts({ footage, rules, roomIsShort: true }))).toMatchObject({
      going: [[1, 2]],
      staying: { held: 1 },
    });
  });

  it("keeps an init segment as long as footage that stays is played with it", () => {
    const init = entry(1, { type: "init" });
    const footage = [init, entry(2), entry(3, { type: "init" }), entry(4)];
    const { stream } = init;
    expect(planRelease(facts({ footage, next: new Map([[stream, "fragment"]]) }))).toMatchObject({
      going: [
        [1, 3],
        [4, 5],
      ],
      staying: { neededInit: 1 },
    });
    expect(planRelease(facts({ footage, next: new Map([[stream, "init"]]) })).staying).toEqual({});
    const rules = { ...facts({}).rules, isHeld: (one: Entry) => one.seq === 2 };
    expect(planRelease(facts({ footage, rules, next: new Map([[stream, "init"]]) }))).toMatchObject({
      going: [[3, 5]],
      staying: { held: 1, neededInit: 1 },
    });
  });

  it("never lets go what is held, not acknowledged or promised too short, whatever else is true", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ acked: fc.boolean(), long: fc.boolean(), held: fc.boolean(), age: fc.nat(90) }),
          {
            maxLength: 30,
          },
        ),
        fc.boolean(),
        (cases, roomIsShort) => {
          const footage = cases.map(({ age }, i) => entry(i + 1, { ageDays: age }));
          const packs = cases.flatMap(({ acked, long }, i) =>
            acked
              ? [
                  {
                    sha256: HASH,
                    ranges: [[i + 1, i + 2] as const],
                    retainUntilMs: NOW + (long ? 300 : 299) * DAY_MS,
                  },
                ]
              : [],
          );
          const rules = { ...facts({}).rules, isHeld: (one: Entry) => cases[one.seq - 1]?.held === true };
          const plan = planRelease(facts({ footage, packs, rules, roomIsShort }));
          for (const [i, { acked, long, held, age }] of cases.entries())
            // A fragment of 30 days ends two seconds later: its age counts from there.
            expect(rangesHold(plan.going, i + 1)).toBe(acked && long && !held && (roomIsShort || age > 30));
          const stays = Object.values(plan.staying).reduce((sum, count) => sum + count, 0);
          expect(countRanges(plan.going) + stays).toBe(cases.length);
        },
      ),
    );
  });
});

describe("an erase plan", () => {
  const rules = {
    keepUntilMs: (one: Entry) => (one.seq === 3 ? NOW + 1 : NOW),
    isHeld: (one: Entry) => one.seq === 2,
  };
  const entries = [entry(1), entry(2), entry(3), entry(4), entry(5)];

  it("lets go what is over its class and under no hold, and says why the rest stays", () => {
    expect(planErase({ entries, nowMs: NOW, rules, basis: "list-1" })).toEqual({
      going: [
        [1, 2],
        [4, 6],
      ],
      refused: [
        { seq: 2, why: "held" },
        { seq: 3, why: "classNotOver" },
      ],
    });
  });

  it("lets nothing go without a basis", () => {
    const plan = planErase({ entries, nowMs: NOW, rules, basis: "" });
    expect(plan.going).toEqual([]);
    expect(plan.refused).toHaveLength(5);
  });
});
