/**
 * Codes that work once: to bind a kiosk, to set a real site up. Invariant: a code dies by use, by age and by
 * wrong tries; only its hash is kept.
 */
import { createHash } from "node:crypto";
import type { Clock } from "../domain/time.ts";
import type { Random } from "./ports.ts";

/** Without what is easily mistaken for something else; 30 letters, 12 of them are 59 bits. */
const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 12;
const GROUP = 4;
const WRONG_TRIES = 20;
const MOST = 64;

export interface OneTimeCodes<Purpose> {
  make(purpose: Purpose): { readonly code: string; readonly expiresAtMs: number };
  /** What the code is for; undefined when it is wrong, used or too old. */
  redeem(code: string): Purpose | undefined;
}

export function createOneTimeCodes<Purpose>(parts: {
  readonly clock: Clock;
  readonly random: Random;
  readonly lifeMs: number;
}): OneTimeCodes<Purpose> {
  const { clock, random, lifeMs } = parts;
  const rows = new Map<string, { readonly purpose: Purpose; readonly untilMonoMs: number }>();
  let wrong = 0;
  const keyOf = (code: string): string =>
    createHash("sha256")
      .update(code.toUpperCase().replace(/[^0-9A-Z]/g, ""))
      .digest("hex");
  function letters(): string {
    let out = "";
    while (out.length < LENGTH)
      for (const byte of random.bytes(LENGTH * 2))
        // Bytes above the last whole multiple are thrown away, so that no letter is likelier than another.
        if (byte < Math.floor(256 / LETTERS.length) * LETTERS.length && out.length < LENGTH)
          out += LETTERS[byte % LETTERS.length] ?? "";
    return out;
  }
  return {
    make(purpose) {
      const now = clock.monotonicMs();
      for (const [key, row] of rows) if (row.untilMonoMs < now) rows.delete(key);
      const oldest = rows.keys().next();
      if (rows.size >= MOST && oldest.done !== true) rows.delete(oldest.value);
      const text = letters();
      rows.set(keyOf(text), { purpose, untilMonoMs: now + lifeMs });
      const code = text.replace(new RegExp(`(.{${GROUP}})(?=.)`, "g"), "$1-");
      return { code, expiresAtMs: clock.wallMs() + lifeMs };
    },
    redeem(code) {
      const key = keyOf(code);
      const row = rows.get(key);
      if (row === undefined || row.untilMonoMs < clock.monotonicMs()) {
        wrong++;
        if (wrong >= WRONG_TRIES) {
          rows.clear();
          wrong = 0;
        }
        return undefined;
      }
      rows.delete(key);
      wrong = 0;
      return row.purpose;
    },
  };
}
