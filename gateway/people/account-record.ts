/** Bodies of `account` entries: what changed about whom, and by whom. Invariant: no password, hash or code is in one. */
import { type CounterId, type UserId, counterId, userId } from "../domain/ids.ts";
import type { JsonObject } from "./ports.ts";
import { type Role, isRole } from "../domain/roles.ts";

/** An enforcement certificate 行政执法证; both days count, Beijing civil dates. */
export interface Certificate {
  readonly certNo: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** `by` is `gateway` for what the box did itself: first set-up, a lock after wrong passwords. */
export type AccountChange =
  | {
      readonly kind: "opened";
      readonly userId: UserId;
      readonly name: string;
      readonly roles: readonly Role[];
      readonly officer?: Certificate;
      readonly by: string;
    }
  | { readonly kind: "disabled"; readonly userId: UserId; readonly by: string }
  | { readonly kind: "passwordChanged"; readonly userId: UserId; readonly by: string }
  | { readonly kind: "locked"; readonly userId: UserId; readonly untilMs: number; readonly by: string }
  | { readonly kind: "unlocked"; readonly userId: UserId; readonly by: string }
  | {
      readonly kind: "kioskBound";
      readonly kioskId: string;
      readonly counterId: CounterId;
      readonly by: string;
    };

/** The JSON part of an `account` entry's record. */
export function accountRecord(change: AccountChange): JsonObject {
  if (change.kind !== "opened") return { v: 1, ...change };
  const { officer, ...rest } = change;
  return { v: 1, ...rest, ...(officer === undefined ? {} : { officer: { ...officer } }) };
}

function text(json: JsonObject, key: string): string {
  const value = json[key];
  if (typeof value !== "string") throw new RangeError(`an account record's ${key} is not text`);
  return value;
}

function certificateOf(value: unknown): Certificate | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const json = value as JsonObject;
  return {
    certNo: text(json, "certNo"),
    validFrom: text(json, "validFrom"),
    validTo: text(json, "validTo"),
  };
}

/** Throws RangeError on a body that is none of these. */
export function parseAccountRecord(json: JsonObject): AccountChange {
  const kind = text(json, "kind");
  const by = text(json, "by");
  if (kind === "kioskBound")
    return { kind, kioskId: text(json, "kioskId"), counterId: counterId(text(json, "counterId")), by };
  const user = userId(text(json, "userId"));
  switch (kind) {
    case "opened": {
      const officer = certificateOf(json["officer"]);
      const roles = Array.isArray(json["roles"]) ? json["roles"].filter(isRole) : [];
      return {
        kind,
        userId: user,
        name: text(json, "name"),
        roles,
        by,
        ...(officer === undefined ? {} : { officer }),
      };
    }
    case "disabled":
    case "passwordChanged":
    case "unlocked":
      return { kind, userId: user, by };
    case "locked": {
      const untilMs = json["untilMs"];
      if (typeof untilMs !== "number") throw new RangeError("an account record's untilMs is not a number");
      return { kind, userId: user, untilMs, by };
    }
    default:
      throw new RangeError("an account record is of no known kind");
  }
}
