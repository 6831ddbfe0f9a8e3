/** Sessions end by idleness, by age and with their person; no clock setting keeps one alive. */
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { userId } from "../../../gateway/domain/ids.ts";
import { createSessions } from "../../../gateway/people/sessions.ts";
import { steeredClock } from "./steered-clock.ts";

const MINUTE_MS = 60_000;
const clerk = { userId: userId("clerk"), name: "李窗口", roles: ["clerk"] } as const;

function setUp() {
  const clock = steeredClock();
  return { clock, sessions: createSessions({ clock, random: { bytes: randomBytes } }) };
}

describe("sessions", () => {
  it("finds a session by its token alone", () => {
    const { sessions } = setUp();
    const { token, session } = sessions.open(clerk);
    expect(sessions.use(token)).toMatchObject({ userId: "clerk", csrfToken: session.csrfToken });
    expect(sessions.use(`${token.slice(0, -1)}!`)).toBeUndefined();
    expect(sessions.use(session.csrfToken)).toBeUndefined();
  });

  it("ends a session after 30 idle minutes, and goes on while it is used", () => {
    const { clock, sessions } = setUp();
    const { token } = sessions.open(clerk);
    clock.pass(29 * MINUTE_MS);
    expect(sessions.use(token)).toBeDefined();
    clock.pass(29 * MINUTE_MS);
    expect(sessions.use(token)).toBeDefined();
    clock.pass(31 * MINUTE_MS);
    expect(sessions.use(token)).toBeUndefined();
  });

  it("ends a session after 12 hours however busy it is", () => {
    const { clock, sessions } = setUp();
    const { token } = sessions.open(clerk);
    for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
      expect(sessions.use(token)).toBeDefined();
      clock.pass(20 * MINUTE_MS);
    }
    clock.pass(MINUTE_MS);
    expect(sessions.use(token)).toBeUndefined();
  });

  it("is not kept alive by a wall clock that is set back", () => {
    const { clock, sessions } = setUp();
    const { token } = sessions.open(clerk);
    clock.pass(31 * MINUTE_MS);
    clock.setWall(0);
    expect(sessions.use(token)).toBeUndefined();
  });

  it("ends all sessions of a person but the one that is spared", () => {
    const { sessions } = setUp();
    const mine = sessions.open(clerk);
    const other = sessions.open(clerk);
    expect(sessions.endAll(clerk.userId, mine.token)).toBe(1);
    expect(sessions.use(mine.token)).toBeDefined();
    expect(sessions.use(other.token)).toBeUndefined();
  });

  it("holds a bounded number of sessions", () => {
    const { sessions } = setUp();
    const first = sessions.open(clerk);
    for (let i = 0; i < 1000; i++) sessions.open(clerk);
    expect(sessions.use(first.token)).toBeUndefined();
  });
});
