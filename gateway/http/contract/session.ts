/** Signing in and out, one's own password, first set-up of a real site. */
import { type Static, Type } from "typebox";
import { Done, Line, Nullable, TimeMs, UserIdField, closed, list } from "./fields.ts";
import { ROLES } from "../../domain/roles.ts";
import { route } from "./route.ts";

export const RoleField = Type.Enum([...ROLES]);
const Password = Type.String({ minLength: 1, maxLength: 256 });

export const OfficerView = closed({
  certNo: Type.String({ description: "number of the enforcement certificate 行政执法证" }),
  validFrom: Type.String(),
  validTo: Type.String(),
  valid: Type.Boolean({ description: "valid today, Beijing time" }),
});
export type OfficerView = Static<typeof OfficerView>;

export const SessionView = closed({
  user: closed({
    id: UserIdField,
    name: Type.String(),
    roles: list(RoleField, ROLES.length),
    officer: Nullable(OfficerView),
  }),
  /** To be sent as header `x-csrf-token` with every call that is not a GET. */
  csrfToken: Type.String(),
  idleUntil: TimeMs,
  absoluteUntil: TimeMs,
});
export type SessionView = Static<typeof SessionView>;

export const PersonView = closed({
  id: UserIdField,
  name: Type.String(),
  roles: list(RoleField, ROLES.length),
  officer: Nullable(OfficerView),
  disabled: Type.Boolean(),
  lockedUntil: Nullable(TimeMs),
});
export type PersonView = Static<typeof PersonView>;

export const OfficerInput = closed({
  certNo: Type.String({ pattern: "^[A-Za-z0-9-]{4,32}$" }),
  validFrom: Type.String({ pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
  validTo: Type.String({ pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
});

export const sessionRoutes = {
  signIn: route({
    method: "POST",
    url: "/api/session",
    tag: "session",
    summary: "Sign in; sets the session cookie",
    audience: "anyone",
    body: closed({ user: UserIdField, password: Password }),
    answer: SessionView,
    errors: ["people.wrongCredentials", "people.locked", "people.disabled"],
    rateLimit: { max: 20, windowMs: 60_000 },
  }),
  ownSession: route({
    method: "GET",
    url: "/api/session",
    tag: "session",
    summary: "Who is signed in, with the CSRF token",
    audience: "signedIn",
    answer: SessionView,
    errors: [],
  }),
  signOut: route({
    method: "DELETE",
    url: "/api/session",
    tag: "session",
    summary: "Sign out",
    audience: "signedIn",
    answer: Done,
    errors: [],
  }),
  changePassword: route({
    method: "POST",
    url: "/api/session/password",
    tag: "session",
    summary: "Change one's own password; ends one's other sessions",
    audience: "signedIn",
    body: closed({ current: Password, next: Password }),
    answer: Done,
    errors: ["people.wrongCredentials", "people.locked", "people.weakPassword"],
    rateLimit: { max: 10, windowMs: 60_000 },
  }),
  setUp: route({
    method: "POST",
    url: "/api/set-up",
    tag: "session",
    summary: "First account of a real site, with the one-time set-up code",
    audience: "anyone",
    body: closed({
      code: Type.String({ minLength: 8, maxLength: 64 }),
      user: UserIdField,
      name: Line(60),
      password: Password,
    }),
    answer: Done,
    errors: ["people.setUpCodeWrong", "people.setUpClosed", "people.weakPassword", "people.userExists"],
    rateLimit: { max: 5, windowMs: 60_000 },
  }),
  listPeople: route({
    method: "GET",
    url: "/api/people",
    tag: "people",
    summary: "Accounts with roles and certificates",
    audience: ["technician", "supervisor", "leader"],
    answer: list(PersonView),
    errors: [],
  }),
  listNames: route({
    method: "GET",
    url: "/api/people/names",
    tag: "people",
    summary: "Names of everybody with an account, closed ones too, to be shown where a user id stands",
    audience: "signedIn",
    answer: list(closed({ id: UserIdField, name: Type.String() })),
    errors: [],
  }),
  addPerson: route({
    method: "POST",
    url: "/api/people",
    tag: "people",
    summary: "Add an account",
    audience: ["technician"],
    body: closed({
      id: UserIdField,
      name: Line(60),
      roles: Type.Array(RoleField, { minItems: 1, maxItems: ROLES.length }),
      password: Password,
      officer: Type.Optional(OfficerInput),
    }),
    answer: PersonView,
    status: 201,
    errors: ["people.userExists", "people.weakPassword", "people.certificateBad"],
  }),
  disablePerson: route({
    method: "POST",
    url: "/api/people/:id/disable",
    tag: "people",
    summary: "Close an account; its sessions end",
    audience: ["technician"],
    params: closed({ id: UserIdField }),
    answer: PersonView,
    errors: ["people.noSuchUser", "people.lastTechnician"],
  }),
  unlockPerson: route({
    method: "POST",
    url: "/api/people/:id/unlock",
    tag: "people",
    summary: "Lift a lock after wrong passwords",
    audience: ["technician", "supervisor"],
    params: closed({ id: UserIdField }),
    answer: PersonView,
    errors: ["people.noSuchUser"],
  }),
} as const;
