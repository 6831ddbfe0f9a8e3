/** A code works once, for a while, and not after many wrong tries. */
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createOneTimeCodes } from "../../../gateway/people/one-time-code.ts";
import { steeredClock } from "./steered-clock.ts";

function setUp() {
  const clock = steeredClock();
  return {
    clock,
    codes: createOneTimeCodes<string>({ clock, random: { bytes: randomBytes }, lifeMs: 60_000 }),
  };
}

describe("one-time codes", () => {
  it("works once, however it is typed", () => {
    const { codes } = setUp();
    const { code } = codes.make("win-1");
    expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    expect(codes.redeem(code.toLowerCase().replaceAll("-", " "))).toBe("win-1");
    expect(codes.redeem(code)).toBeUndefined();
  });

  it("is over after its time", () => {
    const { clock, codes } = setUp();
    const { code } = codes.make("win-1");
    clock.pass(60_001);
    expect(codes.redeem(code)).toBeUndefined();
  });

  it("dies after twenty wrong tries", () => {
    const { codes } = setUp();
    const { code } = codes.make("win-1");
    for (let i = 0; i < 20; i++) codes.redeem(`WRONG-${i}`);
    expect(codes.redeem(code)).toBeUndefined();
  });
});
