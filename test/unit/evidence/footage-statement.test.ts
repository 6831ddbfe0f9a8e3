/** What the log states about footage, entry by entry: complete, not complete, or not for it to say. */
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seq, sha256Hex, streamId } from "../../../gateway/domain/ids.ts";
import { footageStatement } from "../../../gateway/evidence/coverage/statement.ts";
import { type Entry, encodeEntry } from "../../../gateway/evidence/entry.ts";
import { encodeRecord } from "../../../gateway/evidence/record.ts";
import type { LogEvidence } from "../../../gateway/evidence/verify/source.ts";

const STREAM = streamId("camera/cam-1/main");
const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

interface Given {
  readonly type: "fragment" | "gap";
  readonly t: number;
  readonly dur: number;
  readonly json?: { readonly causes: readonly string[]; readonly to?: number };
  /** The entry is not held here, as outside an excerpt. */
  readonly isAway?: boolean;
  /** The record is not held here. */
  readonly recordAway?: boolean;
}

function logOf(given: readonly Given[]): LogEvidence {
  const bodies = given.map(({ json }) =>
    json === undefined ? new Uint8Array(1) : encodeRecord({ json: { ...json } }, new Uint8Array(32)),
  );
  const entries = given.map(({ type, t, dur }, i): Entry => ({
    v: 1,
    seq: seq(i),
    type,
    stream: STREAM,
    n: i,
    t,
    dur,
    boot: "b",
    mono: i,
    ntp: "synced",
    len: bodies[i]?.length ?? 0,
    sha256: sha256Hex(Buffer.from(sha256(bodies[i] ?? new Uint8Array())).toString("hex")),
  }));
  return {
    label: "2026",
    checkpoint: async () => undefined,
    async *otherNotes() {},
    async *leaves() {
      for (const [index, entry] of entries.entries())
        yield { index, bytes: given[index]?.isAway === true ? undefined : encodeEntry(entry) };
    },
    tileHashes: async () => [],
    body: async (index) => {
      const [entry, body] = [entries[index], bodies[index]];
      return entry === undefined || body === undefined || given[index]?.recordAway === true
        ? { state: "absent" }
        : { state: "found", entryBytes: encodeEntry(entry), body };
    },
  };
}

const stated = (given: readonly Given[], from: number, to: number, signedSize = given.length) =>
  footageStatement({ stream: STREAM, span: { from, to }, logs: [{ log: logOf(given), signedSize }], sha256 });
const second = (t: number, more: Partial<Given> = {}): Given => ({ type: "fragment", t, dur: 1000, ...more });

describe("a statement on footage", () => {
  const given: readonly Given[] = [
    second(0),
    second(1000),
    { type: "gap", t: 2000, dur: 0, json: { causes: ["stalled"] } },
    { type: "gap", t: 2000, dur: 3000, json: { causes: ["stalled", "unreachable"], to: 5000 } },
    second(5000),
    second(6000),
  ];

  it("is complete where fragments follow each other, with the entries it rests on", async () => {
    expect(await stated(given, 0, 2000)).toEqual({
      result: "complete",
      fragments: 2,
      missing: [],
      grounds: [{ log: "2026", firstSeq: 0, lastSeq: 1, firstN: 0, lastN: 1 }],
      numbersNotHere: [],
    });
  });

  it("names what is missing once, by the entry that closed the gap", async () => {
    expect(await stated(given, 500, 6500)).toMatchObject({
      result: "incomplete",
      fragments: 4,
      missing: [{ from: 2000, to: 5000, causes: ["stalled", "unreachable"], place: { log: "2026", seq: 3 } }],
    });
  });

  it("knows a gap from the signed entry though its record is away, but not its cause", async () => {
    const away = given.map((one) => ({ ...one, recordAway: true }));
    expect((await stated(away, 500, 6500)).missing).toMatchObject([
      { from: 2000, to: 5000, causes: ["causeNotHere"] },
    ]);
  });

  it("takes nothing for granted that no signed head covers", async () => {
    expect(await stated(given, 0, 2000, 1)).toMatchObject({
      result: "incomplete",
      missing: [{ from: 1000, to: 2000, causes: ["notRecorded"] }],
    });
  });

  it("says nothing where numbers within are not here, and all the same where others are not", async () => {
    const hole = given.map((one, i) => ({ ...one, isAway: i === 2 || i === 3 }));
    expect(await stated(hole, 0, 7000)).toMatchObject({
      result: "cannotTell",
      numbersNotHere: [{ log: "2026", fromN: 2, toN: 3 }],
    });
    expect(await stated(hole, 5000, 7000)).toMatchObject({ result: "complete" });
    expect(await stated(hole, 0, 2000)).toMatchObject({ result: "complete" });
  });

  it("is never complete when any entry that touches the span is taken out", async () => {
    const seconds = Array.from({ length: 20 }, (_, i) => second(i * 1000));
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 19 }), async (gone) => {
        const part = seconds.map((one, i) => ({ ...one, isAway: i === gone }));
        expect((await stated(part, 0, 20_000)).result).not.toBe("complete");
      }),
    );
  });
});
