/**
 * The first people of a box: one-time set-up of a real site, or one demonstration user per role. Invariant: there
 * is no default password; a demonstration's are random, given out once and kept in one 0600 file.
 */
import { CodedError } from "../domain/errors.ts";
import { type UserId, userId } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { Account } from "./account-view.ts";
import type { Accounts } from "./accounts.ts";
import { createOneTimeCodes } from "./one-time-code.ts";
import type { Random, Secrets } from "./ports.ts";
import type { Role } from "../domain/roles.ts";

const SET_UP_LIFE_MS = 24 * 3_600_000;
const PASSWORD_BYTES = 12;
/** Name of the secret that holds the demonstration's passwords; its file lies in `data/secrets`. */
export const DEMONSTRATION_SECRET = "demonstration-users";

export interface SetUp {
  /** The code to print; undefined when the box has accounts already. */
  code(): Promise<string | undefined>;
  /** Opens the first account, a technician's. Throws `people.setUpClosed`, `people.setUpCodeWrong` and as `open`. */
  redeem(first: {
    readonly code: string;
    readonly user: UserId;
    readonly name: string;
    readonly password: string;
  }): Promise<Account>;
}

export function createSetUp(parts: {
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly random: Random;
}): SetUp {
  const { accounts, clock, random } = parts;
  const codes = createOneTimeCodes<"setUp">({ clock, random, lifeMs: SET_UP_LIFE_MS });
  const isOpen = async (): Promise<boolean> => (await accounts.list()).length === 0;
  return {
    async code() {
      return (await isOpen()) ? codes.make("setUp").code : undefined;
    },
    async redeem({ code, user, name, password }) {
      if (!(await isOpen())) throw new CodedError("people.setUpClosed");
      if (codes.redeem(code) === undefined) throw new CodedError("people.setUpCodeWrong");
      return accounts.open({ id: user, name, roles: ["technician"], password, by: "gateway" });
    },
  };
}

export interface DemonstrationUser {
  readonly id: UserId;
  readonly role: Role;
  readonly password: string;
}

const PEOPLE: readonly { readonly role: Role; readonly name: string; readonly certNo?: string }[] = [
  { role: "clerk", name: "李窗口", certNo: "DEMO-0001" },
  { role: "technician", name: "王技术" },
  { role: "supervisor", name: "陈法制", certNo: "DEMO-0002" },
  { role: "leader", name: "赵负责", certNo: "DEMO-0003" },
  { role: "custodian", name: "周档案" },
];

/**
 * Opens one user per role where the box has no account yet. `created` holds the passwords, to be printed this
 * once; on a later start it is empty.
 */
export async function createDemonstrationUsers(parts: {
  readonly accounts: Accounts;
  readonly secrets: Secrets;
  readonly random: Random;
  readonly clock: Clock;
}): Promise<readonly DemonstrationUser[]> {
  const { accounts, secrets, random, clock } = parts;
  const there = new Set((await accounts.list()).map((account) => account.id));
  const year = new Date(clock.wallMs()).getUTCFullYear();
  const missing = PEOPLE.filter(({ role }) => !there.has(userId(role)));
  // Somebody else's accounts: this box is not a fresh demonstration.
  if (missing.length === PEOPLE.length && there.size > 0) return [];
  const created: DemonstrationUser[] = missing.map(({ role }) => ({
    id: userId(role),
    role,
    password: Buffer.from(random.bytes(PASSWORD_BYTES)).toString("base64url"),
  }));
  if (created.length === 0) return [];
  const kept = (await secrets.get(DEMONSTRATION_SECRET)) ?? "";
  const lines = created.map(({ id, password }) => `${id} ${password}\n`).join("");
  await secrets.put(DEMONSTRATION_SECRET, kept + lines);
  for (const user of created) {
    const person = PEOPLE.find(({ role }) => role === user.role);
    await accounts.open({
      id: user.id,
      name: person?.name ?? user.role,
      roles: [user.role],
      password: user.password,
      by: "gateway",
      ...(person?.certNo === undefined
        ? {}
        : {
            officer: {
              certNo: person.certNo,
              validFrom: `${year - 1}-01-01`,
              validTo: `${year + 4}-12-31`,
            },
          }),
    });
  }
  return created;
}
