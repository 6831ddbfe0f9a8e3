/**
 * The token of the bureau's own program. Invariant: only its SHA-256 is kept, outside the log; that it was changed,
 * and by whom, is an entry.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { type UserId, streamId } from "../../domain/ids.ts";
import { type LogParts, appendAndShow } from "../log-work.ts";
import type { Random } from "../ports.ts";

const NAME = "bureau-token";
const BYTES = 32;
const STREAM = streamId("bureau-token");

export interface TokenOptions extends LogParts {
  readonly random: Random;
  /** Kept 0600 outside log and views. */
  readonly secrets: {
    get(name: string): Promise<string | undefined>;
    put(name: string, value: string): Promise<void>;
  };
}

export interface BureauToken {
  /** A fresh one, said once; the one before ends. */
  renew(by: UserId): Promise<string>;
  check(token: string): Promise<boolean>;
}

const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest();

export function createBureauToken(options: TokenOptions): BureauToken {
  return {
    async renew(by) {
      const token = Buffer.from(options.random.bytes(BYTES)).toString("base64url");
      await options.secrets.put(NAME, hashOf(token).toString("hex"));
      const json = { v: 1, what: "bureauToken", by };
      await appendAndShow(options, [{ type: "config", stream: STREAM, record: { json } }]);
      return token;
    },
    async check(token) {
      const kept = await options.secrets.get(NAME);
      if (kept === undefined || token === "") return false;
      return timingSafeEqual(hashOf(token), Buffer.from(kept, "hex"));
    },
  };
}
