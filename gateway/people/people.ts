/** The face of this folder: builds accounts, sessions, kiosks, set-up and the access ledger over one set of parts. */
import type { Clock } from "../domain/time.ts";
import { type AccessLedger, createAccessLedger } from "./access-ledger.ts";
import { type Accounts, createAccounts } from "./accounts.ts";
import { type SetUp, createSetUp } from "./first-people.ts";
import { type Kiosks, createKiosks } from "./kiosks.ts";
import type { Append, Random, Secrets, Views } from "./ports.ts";
import { type Sessions, createSessions } from "./sessions.ts";

export interface People {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly kiosks: Kiosks;
  readonly setUp: SetUp;
  readonly access: AccessLedger;
}

export interface PeopleOptions {
  readonly append: Append;
  readonly views: Views;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: Random;
}

/** To be called before the store catches up, since it registers views. */
export function createPeople(options: PeopleOptions): People {
  const accounts = createAccounts(options);
  return {
    accounts,
    sessions: createSessions(options),
    kiosks: createKiosks({ ...options, accounts }),
    setUp: createSetUp({ ...options, accounts }),
    access: createAccessLedger(options),
  };
}
