/**
 * Sessions of signed-in people, in memory. Invariant: only the hash of a token is kept, and a session ends by
 * idleness, by age, with its account, and with this process.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { UserId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { Random } from "./ports.ts";
import type { Role } from "../domain/roles.ts";

const IDLE_MS = 30 * 60_000;
const ABSOLUTE_MS = 12 * 3_600_000;
const TOKEN_BYTES = 32;
const MOST = 1000;

export interface Session {
  readonly userId: UserId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly csrfToken: string;
  /** Milliseconds from now. */
  readonly idleLeftMs: number;
  readonly absoluteLeftMs: number;
}

export interface Sessions {
  /** The token goes into the cookie and is not kept. */
  open(user: { readonly userId: UserId; readonly name: string; readonly roles: readonly Role[] }): {
    readonly token: string;
    readonly session: Session;
  };
  /** Finds and refreshes a session; undefined when there is none or it is over. */
  use(token: string): Session | undefined;
  /** Finds a session without refreshing it. */
  peek(token: string): Session | undefined;
  end(token: string): void;
  /** Ends all sessions of a person but the one with this token; how many. */
  endAll(user: UserId, exceptToken?: string): number;
}

interface Row {
  readonly userId: UserId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly csrfToken: string;
  readonly openedMs: number;
  usedMs: number;
}

/** Compares two texts in constant time for their length. */
export function sameSecret(given: string, expected: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

export function createSessions(parts: { readonly clock: Clock; readonly random: Random }): Sessions {
  const { clock, random } = parts;
  const rows = new Map<string, Row>();
  const token = (): string => Buffer.from(random.bytes(TOKEN_BYTES)).toString("base64url");
  const keyOf = (text: string): string => createHash("sha256").update(text).digest("hex");
  const isOver = (row: Row, now: number): boolean =>
    now - row.usedMs > IDLE_MS || now - row.openedMs > ABSOLUTE_MS;
  const sessionOf = (row: Row, now: number): Session => ({
    userId: row.userId,
    name: row.name,
    roles: row.roles,
    csrfToken: row.csrfToken,
    idleLeftMs: IDLE_MS - (now - row.usedMs),
    absoluteLeftMs: ABSOLUTE_MS - (now - row.openedMs),
  });
  function find(text: string, refresh: boolean): Session | undefined {
    const key = keyOf(text);
    const row = rows.get(key);
    const now = clock.monotonicMs();
    if (row === undefined) return undefined;
    if (isOver(row, now)) {
      rows.delete(key);
      return undefined;
    }
    if (refresh) {
      row.usedMs = now;
      rows.delete(key);
      rows.set(key, row);
    }
    return sessionOf(row, now);
  }
  return {
    open(user) {
      const now = clock.monotonicMs();
      for (const [key, row] of rows) if (isOver(row, now)) rows.delete(key);
      // The longest unused one makes room: a flood of sign-ins needs passwords, so this is no way in or out.
      const oldest = rows.keys().next();
      if (rows.size >= MOST && oldest.done !== true) rows.delete(oldest.value);
      const text = token();
      const row: Row = { ...user, csrfToken: token(), openedMs: now, usedMs: now };
      rows.set(keyOf(text), row);
      return { token: text, session: sessionOf(row, now) };
    },
    use: (text) => find(text, true),
    peek: (text) => find(text, false),
    end(text) {
      rows.delete(keyOf(text));
    },
    endAll(user, exceptToken) {
      const spared = exceptToken === undefined ? undefined : keyOf(exceptToken);
      let ended = 0;
      for (const [key, row] of rows) {
        if (row.userId !== user || key === spared) continue;
        rows.delete(key);
        ended++;
      }
      return ended;
    },
  };
}
