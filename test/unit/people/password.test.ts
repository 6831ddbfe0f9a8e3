/** Passwords are kept as argon2id, checked in equal time whether the account exists or not. */
import { describe, expect, it } from "vitest";
import { checkPassword, hashPassword, passwordMatches } from "../../../gateway/people/password.ts";

describe("passwords", () => {
  it("hashes with a salt of its own each time and knows the password again", async () => {
    const [one, two] = await Promise.all([hashPassword("窗口密码 2026!"), hashPassword("窗口密码 2026!")]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await passwordMatches("窗口密码 2026!", one)).toBe(true);
    expect(await passwordMatches("窗口密码 2026?", one)).toBe(false);
  });

  it("never matches for an account that does not exist", async () => {
    expect(await passwordMatches("whatever it is", undefined)).toBe(false);
  });

  it("takes both composed and decomposed letters as the same", async () => {
    expect(await passwordMatches("cafe\u0301 au lait", await hashPassword("caf\u00e9 au lait"))).toBe(true);
  });

  it("leaves the event loop free while it hashes", async () => {
    const hashing = Promise.all(Array.from({ length: 6 }, () => hashPassword("a long enough one")));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await hashing;
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  it.each([
    ["short", "clerk"],
    ["technician", "technician"],
    ["TECHNICIAN", "technician"],
    ["x".repeat(257), "clerk"],
  ])("refuses %j for %j", (password, user) => {
    expect(() => checkPassword(password, user)).toThrow(
      expect.objectContaining({ code: "people.weakPassword" }),
    );
  });
});
