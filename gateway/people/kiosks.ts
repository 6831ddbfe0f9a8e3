/**
 * Kiosks as bound devices: a one-time code turns a browser into the kiosk of one counter, with a token of its
 * own that opens nothing else. Invariant: a counter has one kiosk; binding a new one ends the old one's token.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { CodedError } from "../domain/errors.ts";
import { type CounterId, counterId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import { readKiosk } from "./account-view.ts";
import type { Accounts } from "./accounts.ts";
import { createOneTimeCodes } from "./one-time-code.ts";
import type { Random, Secrets } from "./ports.ts";

const CODE_LIFE_MS = 15 * 60_000;
const TOKEN_BYTES = 32;
const COOKIE = /^([a-z0-9][a-z0-9.-]{0,63})~([A-Za-z0-9_-]{43})$/;

export interface BoundKiosk {
  readonly kioskId: string;
  readonly counterId: CounterId;
  readonly csrfToken: string;
}

export interface Kiosks {
  makeCode(counter: CounterId, by: string): { readonly code: string; readonly expiresAtMs: number };
  /** Throws `people.bindingCodeWrong`. `cookie` is for the browser alone and is not kept. */
  bind(code: string): Promise<{ readonly cookie: string; readonly kiosk: BoundKiosk }>;
  /** The kiosk behind a cookie; undefined when it is none or no longer. */
  find(cookie: string): Promise<BoundKiosk | undefined>;
}

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();
const csrfOf = (token: string): string => createHmac("sha256", token).update("csrf").digest("base64url");
const secretName = (counter: CounterId): string => `kiosk/${counter}`;

export function createKiosks(parts: {
  readonly accounts: Accounts;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: Random;
}): Kiosks {
  const { accounts, secrets, clock, random } = parts;
  const codes = createOneTimeCodes<{ readonly counter: CounterId; readonly by: string }>({
    clock,
    random,
    lifeMs: CODE_LIFE_MS,
  });
  return {
    makeCode: (counter, by) => codes.make({ counter, by }),
    async bind(code) {
      const purpose = codes.redeem(code);
      if (purpose === undefined) throw new CodedError("people.bindingCodeWrong");
      const { counter, by } = purpose;
      const token = Buffer.from(random.bytes(TOKEN_BYTES)).toString("base64url");
      const kioskId = `kiosk-${Buffer.from(random.bytes(6)).toString("hex")}`;
      await secrets.put(secretName(counter), sha256(token).toString("hex"));
      await accounts.record({ kind: "kioskBound", kioskId, counterId: counter, by });
      return {
        cookie: `${counter}~${token}`,
        kiosk: { kioskId, counterId: counter, csrfToken: csrfOf(token) },
      };
    },
    async find(cookie) {
      const parts = COOKIE.exec(cookie);
      const [, name, token] = parts ?? [];
      if (name === undefined || token === undefined) return undefined;
      const counter = counterId(name);
      const stored = await secrets.get(secretName(counter));
      if (stored === undefined || !timingSafeEqual(Buffer.from(stored, "hex"), sha256(token)))
        return undefined;
      const bound = await readKiosk(accounts.table, counter);
      return bound === undefined ? undefined : { ...bound, csrfToken: csrfOf(token) };
    },
  };
}
