/** The view of accounts and kiosk bindings, derived from `account` entries alone. */
import { type CounterId, type UserId, streamId, userId } from "../domain/ids.ts";
import { type Certificate, parseAccountRecord } from "./account-record.ts";
import type { JsonObject, Projection, ViewTable } from "./ports.ts";
import { type Role, isRole } from "../domain/roles.ts";

export interface Account {
  readonly id: UserId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly officer: Certificate | null;
  readonly disabled: boolean;
  /** UTC ms; in the past or null means not locked. */
  readonly lockedUntilMs: number | null;
}

export interface KioskBinding {
  readonly kioskId: string;
  readonly counterId: CounterId;
}

export const ACCOUNT_STREAM = streamId("accounts");

const userKey = (id: string): string => `user/${id}`;
const kioskKey = (counter: string): string => `kiosk/${counter}`;

/** A person whose body was erased keeps their id and loses name, roles and certificate. */
export const accountProjection: Projection = {
  name: "accounts",
  version: 1,
  types: ["account"],
  async apply({ entry, record }, table) {
    // Officers 执法人员 have entries of the same type in a stream of their own.
    if (record === undefined || entry.stream !== ACCOUNT_STREAM) return;
    const change = parseAccountRecord(record.json);
    if (change.kind === "kioskBound") {
      table.put(kioskKey(change.counterId), { kioskId: change.kioskId, counterId: change.counterId });
      return;
    }
    const key = userKey(change.userId);
    const row = (await table.get(key)) ?? {};
    switch (change.kind) {
      case "opened":
        table.put(key, {
          id: change.userId,
          name: change.name,
          roles: [...change.roles],
          officer: change.officer === undefined ? null : { ...change.officer },
          disabled: false,
          lockedUntilMs: null,
        });
        return;
      case "disabled":
        table.put(key, { ...row, disabled: true });
        return;
      case "locked":
        table.put(key, { ...row, lockedUntilMs: change.untilMs });
        return;
      case "unlocked":
        table.put(key, { ...row, lockedUntilMs: null });
        return;
      case "passwordChanged":
    }
  },
};

function accountOf(row: JsonObject): Account | undefined {
  const { id, name, roles, officer, disabled, lockedUntilMs } = row as Record<string, unknown>;
  if (typeof id !== "string" || typeof name !== "string" || !Array.isArray(roles)) return undefined;
  return {
    id: userId(id),
    name,
    roles: roles.filter(isRole),
    officer: (officer ?? null) as Certificate | null,
    disabled: disabled === true,
    lockedUntilMs: typeof lockedUntilMs === "number" ? lockedUntilMs : null,
  };
}

const MOST = 1000;

export async function readAccount(table: ViewTable, id: UserId): Promise<Account | undefined> {
  const row = await table.get(userKey(id));
  return row === undefined ? undefined : accountOf(row);
}

export async function readAccounts(table: ViewTable): Promise<readonly Account[]> {
  const rows = await table.range({ from: "user/", to: "user0", limit: MOST });
  return rows.map(([, row]) => accountOf(row)).filter((account) => account !== undefined);
}

/** The one kiosk of a counter. */
export async function readKiosk(table: ViewTable, counter: CounterId): Promise<KioskBinding | undefined> {
  const kioskId = (await table.get(kioskKey(counter)))?.["kioskId"];
  return typeof kioskId === "string" ? { kioskId, counterId: counter } : undefined;
}
