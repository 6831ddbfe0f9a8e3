/**
 * Accounts: opened, closed, their passwords checked, locked after wrong ones. Invariant: what is said about an
 * account is an entry before it counts; only the password's hash is elsewhere, in the secrets.
 */
import { CodedError } from "../domain/errors.ts";
import type { UserId } from "../domain/ids.ts";
import { type Clock, beijingDate } from "../domain/time.ts";
import { type AccountChange, type Certificate, accountRecord } from "./account-record.ts";
import {
  ACCOUNT_STREAM,
  type Account,
  accountProjection,
  readAccount,
  readAccounts,
} from "./account-view.ts";
import { createLockout } from "./lockout.ts";
import { checkPassword, hashPassword, passwordMatches } from "./password.ts";
import type { Append, Secrets, Views, ViewTable } from "./ports.ts";
import type { Role } from "../domain/roles.ts";

const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

export interface NewAccount {
  readonly id: UserId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly password: string;
  readonly officer?: Certificate;
  /** Account that opens it; `gateway` at first set-up. */
  readonly by: string;
}

export interface Accounts {
  /** Throws `people.userExists`, `people.weakPassword`, `people.certificateBad`. */
  open(account: NewAccount): Promise<Account>;
  /** Throws `people.wrongCredentials`, `people.locked`, `people.disabled`. */
  authenticate(id: UserId, password: string): Promise<Account>;
  /** Throws as `authenticate`, and `people.weakPassword`. */
  changePassword(id: UserId, current: string, next: string): Promise<void>;
  /** Throws `people.noSuchUser`, `people.lastTechnician`. */
  disable(id: UserId, by: string): Promise<Account>;
  /** Throws `people.noSuchUser`. */
  unlock(id: UserId, by: string): Promise<Account>;
  find(id: UserId): Promise<Account | undefined>;
  list(): Promise<readonly Account[]>;
  /** The name and certificate behind a person, as the intake asks for it. */
  officer(id: UserId): Promise<CertifiedPerson | undefined>;
  /** Appends any other change, such as a kiosk's binding, and waits until it shows. */
  record(change: AccountChange): Promise<void>;
  readonly table: ViewTable;
}

export interface CertifiedPerson {
  readonly name: string;
  readonly certNo?: string;
  /** Last day of validity, Beijing civil date. */
  readonly certValidUntil?: string;
}

export interface AccountsOptions {
  readonly append: Append;
  readonly views: Views;
  readonly secrets: Secrets;
  readonly clock: Clock;
}

/** Whether the certificate counts on this day, both ends included. */
export function isValidOn(certificate: Certificate, day: string): boolean {
  return certificate.validFrom <= day && day <= certificate.validTo;
}

function checkCertificate({ validFrom, validTo }: Certificate): void {
  const exists = (day: string): boolean => {
    const ms = DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
    return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
  };
  if (!exists(validFrom) || !exists(validTo) || validTo < validFrom)
    throw new CodedError("people.certificateBad");
}

/** To be called before the store catches up, since it registers a view. */
export function createAccounts({ append, views, secrets, clock }: AccountsOptions): Accounts {
  const table = views.register(accountProjection);
  const lockout = createLockout(clock);
  const secretOf = (id: UserId): string => `password/${id}`;
  /** Changes go one after the other, so that two cannot both find an id free or a technician left. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  async function record(change: AccountChange): Promise<void> {
    const [appended] = await append.append([
      { type: "account", stream: ACCOUNT_STREAM, record: { json: accountRecord(change) } },
    ]);
    if (appended !== undefined) await views.applied(appended);
  }
  async function existing(id: UserId): Promise<Account> {
    const account = await readAccount(table, id);
    if (account === undefined) throw new CodedError("people.noSuchUser");
    return account;
  }
  async function lock(id: UserId, untilMs: number): Promise<void> {
    if ((await readAccount(table, id)) !== undefined)
      await record({ kind: "locked", userId: id, untilMs, by: "gateway" });
  }

  async function authenticate(id: UserId, password: string): Promise<Account> {
    const account = await readAccount(table, id);
    const until = Math.max(lockout.lockedUntilMs(id), account?.lockedUntilMs ?? 0);
    // An id that nobody has locks in the same way, so a lock does not tell that an account exists.
    if (until > clock.wallMs())
      throw new CodedError("people.locked", { retryAfterS: Math.ceil((until - clock.wallMs()) / 1000) });
    const hash = account === undefined ? undefined : await secrets.get(secretOf(id));
    if (!(await passwordMatches(password, hash)) || account === undefined) {
      const lockedUntilMs = lockout.failed(id);
      if (lockedUntilMs !== undefined) await lock(id, lockedUntilMs);
      throw new CodedError("people.wrongCredentials");
    }
    lockout.succeeded(id);
    if (account.disabled) throw new CodedError("people.disabled");
    return account;
  }

  return {
    table,
    record,
    authenticate,
    open: (account) =>
      inTurn(async () => {
        checkPassword(account.password, account.id);
        if (account.officer !== undefined) checkCertificate(account.officer);
        if ((await readAccount(table, account.id)) !== undefined) throw new CodedError("people.userExists");
        // The hash first: an account that shows but has no password could not be told from a fault.
        await secrets.put(secretOf(account.id), await hashPassword(account.password));
        const { id, name, roles, officer, by } = account;
        await record({
          kind: "opened",
          userId: id,
          name,
          roles,
          by,
          ...(officer === undefined ? {} : { officer }),
        });
        return existing(id);
      }),
    async changePassword(id, current, next) {
      await authenticate(id, current);
      checkPassword(next, id);
      await secrets.put(secretOf(id), await hashPassword(next));
      await record({ kind: "passwordChanged", userId: id, by: id });
    },
    disable: (id, by) =>
      inTurn(async () => {
        await existing(id);
        const others = (await readAccounts(table)).filter(
          (other) => other.id !== id && !other.disabled && other.roles.includes("technician"),
        );
        if (others.length === 0) throw new CodedError("people.lastTechnician");
        await record({ kind: "disabled", userId: id, by });
        return existing(id);
      }),
    async unlock(id, by) {
      await existing(id);
      lockout.succeeded(id);
      await record({ kind: "unlocked", userId: id, by });
      return existing(id);
    },
    find: (id) => readAccount(table, id),
    list: () => readAccounts(table),
    async officer(id) {
      const account = await readAccount(table, id);
      if (account === undefined) return undefined;
      const certificate = account.officer;
      // A certificate that has not begun is none; one that ended is named with its end, for the refusal to say so.
      if (certificate === null || certificate.validFrom > beijingDate(clock.wallMs()))
        return { name: account.name };
      return { name: account.name, certNo: certificate.certNo, certValidUntil: certificate.validTo };
    },
  };
}
