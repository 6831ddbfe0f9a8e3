/**
 * Fuzzes every parser from saved inputs. What breaks one is written beside them (`found-….hex`), so that it is
 * tried for ever after.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RtspError } from "../../../device-drivers/rtsp/rtsp-error.ts";
import { TARGETS, type Target } from "./parser-targets.ts";

const FOLDER = new URL("../../fixtures/fuzz/rtsp/", import.meta.url).pathname;
const RUNS = 1500;

type Packets = readonly Uint8Array[];

/** `.hex`: one packet a line; anything else is one packet as it is. */
function saved(name: string): readonly (readonly [file: string, packets: Packets])[] {
  const folder = join(FOLDER, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((file) => {
    const bytes = readFileSync(join(folder, file));
    if (!file.endsWith(".hex")) return [file, [bytes]] as const;
    const lines = bytes.toString("latin1").trimEnd().split("\n");
    return [file, lines.map((line) => Buffer.from(line, "hex"))] as const;
  });
}

function holds(target: Target, packets: Packets): void {
  try {
    target(packets);
  } catch (error) {
    if (!(error instanceof RtspError)) throw error;
  }
}

/** A change to one packet: overwritten, cut, grown, repeated, left out or moved. */
interface Change {
  readonly packet: number;
  readonly at: number;
  readonly kind: "set" | "cut" | "insert" | "twice" | "drop" | "swap";
  readonly bytes: Uint8Array;
}
const change: fc.Arbitrary<Change> = fc.record({
  packet: fc.nat(),
  at: fc.nat(),
  kind: fc.constantFrom<Change["kind"][]>("set", "cut", "insert", "twice", "drop", "swap"),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
});

function changed(packets: Packets, { packet, at, kind, bytes }: Change): Packets {
  if (packets.length === 0) return [bytes];
  const index = packet % packets.length;
  const one = packets[index] ?? bytes;
  const place = at % (one.length + 1);
  const [before, after] = [one.subarray(0, place), one.subarray(place)];
  if (kind === "set") return packets.with(index, joined(before, bytes, after.subarray(bytes.length)));
  if (kind === "cut") return packets.with(index, before);
  if (kind === "insert") return packets.with(index, joined(before, bytes, after));
  if (kind === "twice") return packets.toSpliced(index, 0, one);
  if (kind === "drop") return packets.toSpliced(index, 1);
  return [...packets.slice(index), ...packets.slice(0, index)];
}

const joined = (...parts: Packets): Uint8Array => Uint8Array.from(Buffer.concat(parts));

describe.each(Object.entries(TARGETS))("%s", (name, target) => {
  const inputs = saved(name);

  it("takes every saved input", () => {
    expect(inputs.length).toBeGreaterThan(0);
    for (const [file, packets] of inputs) expect(() => holds(target, packets), file).not.toThrow();
  });

  it("takes what is made of them", () => {
    const start = fc.constantFrom(...inputs.map(([, packets]) => packets));
    const made = fc
      .tuple(start, fc.array(change, { maxLength: 8 }))
      .map(([packets, changes]) => changes.reduce<Packets>(changed, packets));
    const result = fc.check(
      fc.property(made, (packets) => holds(target, packets)),
      { numRuns: RUNS },
    );
    if (!result.failed || result.counterexample === null) return;
    const [packets] = result.counterexample;
    const lines = `${packets.map((bytes) => Buffer.from(bytes).toString("hex")).join("\n")}\n`;
    const hash = createHash("sha256").update(lines).digest("hex").slice(0, 12);
    mkdirSync(join(FOLDER, name), { recursive: true });
    writeFileSync(join(FOLDER, name, `found-${hash}.hex`), lines);
    throw new Error(`found-${hash}.hex breaks ${name}`, { cause: result.errorInstance });
  });
});
