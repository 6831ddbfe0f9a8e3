/** Signing in and out, set-up of a real site, accounts. */
import { CodedError } from "../domain/errors.ts";
import type { Account } from "../people/account-view.ts";
import { isValidOn } from "../people/accounts.ts";
import { type Clock, beijingDate } from "../domain/time.ts";
import type { PersonCaller } from "./caller.ts";
import type { PersonView, SessionView } from "./contract/session.ts";
import { DONE } from "./contract/fields.ts";
import { sessionRoutes } from "./contract/session.ts";
import type { Cookies } from "./cookies.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

function officerView(account: Account, clock: Clock): PersonView["officer"] {
  const { officer } = account;
  return officer === null ? null : { ...officer, valid: isValidOn(officer, beijingDate(clock.wallMs())) };
}

function personView(account: Account, clock: Clock): PersonView {
  return {
    id: account.id,
    name: account.name,
    roles: [...account.roles],
    officer: officerView(account, clock),
    disabled: account.disabled,
    lockedUntil: account.lockedUntilMs,
  };
}

export function mountSession(mount: Mount, deps: HttpDeps, cookies: Cookies): void {
  const { people, clock } = deps;
  const { accounts, sessions } = people;

  async function view(
    session: Pick<PersonCaller, "userId" | "csrfToken" | "idleLeftMs" | "absoluteLeftMs">,
  ): Promise<SessionView> {
    const account = await accounts.find(session.userId);
    if (account === undefined) throw new CodedError("people.noSession");
    return {
      user: {
        id: account.id,
        name: account.name,
        roles: [...account.roles],
        officer: officerView(account, clock),
      },
      csrfToken: session.csrfToken,
      idleUntil: Math.round(clock.wallMs() + session.idleLeftMs),
      absoluteUntil: Math.round(clock.wallMs() + session.absoluteLeftMs),
    };
  }

  mount.route(sessionRoutes.signIn, async ({ body, request, reply }) => {
    const account = await accounts.authenticate(body.user, body.password);
    const before = cookies.read(request, "session");
    if (before !== undefined) sessions.end(before);
    const { token, session } = sessions.open({
      userId: account.id,
      name: account.name,
      roles: account.roles,
    });
    cookies.set(reply, "session", token);
    return view(session);
  });
  mount.route(sessionRoutes.ownSession, ({ caller }) => view(caller));
  mount.route(sessionRoutes.signOut, ({ caller, reply }) => {
    sessions.end(caller.token);
    cookies.clear(reply, "session");
    return DONE;
  });
  mount.route(sessionRoutes.changePassword, async ({ caller, body }) => {
    await accounts.changePassword(caller.userId, body.current, body.next);
    sessions.endAll(caller.userId, caller.token);
    return DONE;
  });
  mount.route(sessionRoutes.setUp, async ({ body }) => {
    await people.setUp.redeem(body);
    return DONE;
  });
  mount.route(sessionRoutes.listNames, async () =>
    (await accounts.list()).map(({ id, name }) => ({ id, name })),
  );
  mount.route(sessionRoutes.listPeople, async () =>
    (await accounts.list()).map((account) => personView(account, clock)),
  );
  mount.route(sessionRoutes.addPerson, async ({ caller, body }) => {
    const { id, name, roles, password, officer } = body;
    const account = await accounts.open({
      id,
      name,
      roles: [...new Set(roles)],
      password,
      by: caller.userId,
      ...(officer === undefined ? {} : { officer }),
    });
    return personView(account, clock);
  });
  mount.route(sessionRoutes.disablePerson, async ({ caller, params }) => {
    const account = await accounts.disable(params.id, caller.userId);
    sessions.endAll(params.id);
    return personView(account, clock);
  });
  mount.route(sessionRoutes.unlockPerson, async ({ caller, params }) =>
    personView(await accounts.unlock(params.id, caller.userId), clock),
  );
}
