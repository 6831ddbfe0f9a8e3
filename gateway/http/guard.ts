/**
 * The one place that decides who may call a route. Invariant: it runs before a body is read, and a changing call
 * with a cookie needs the CSRF token of that cookie's session.
 */
import type { FastifyRequest } from "fastify";
import { CodedError } from "../domain/errors.ts";
import type { Kiosks } from "../people/kiosks.ts";
import { type Sessions, sameSecret } from "../people/sessions.ts";
import { type Caller, type KioskCaller, type PersonCaller, setCaller } from "./caller.ts";
import type { Audience } from "./contract/route.ts";
import type { Cookies } from "./cookies.ts";
import type { KioskBoard } from "./kiosk-board.ts";

export type Guard = (request: FastifyRequest, audience: Audience) => Promise<void>;

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);
const LOOPBACK = /^(::1|(::ffff:)?127\.[0-9.]+)$/;

/** Browsers say where a call comes from; another site's page is refused before anything else is looked at. */
function refuseForeignPage(request: FastifyRequest): void {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none" && !SAFE_METHODS.has(request.method))
    throw new CodedError("people.csrf");
  const { origin, host } = request.headers;
  const isUpgrade = request.headers.upgrade !== undefined;
  if (origin === undefined || (SAFE_METHODS.has(request.method) && !isUpgrade)) return;
  if (!URL.canParse(origin)) throw new CodedError("people.csrf");
  // A default port may or may not be written, so the host is read as the origin's own scheme has it.
  const { protocol, host: from } = new URL(origin);
  const own = `${protocol}//${host ?? ""}`;
  if (!URL.canParse(own) || new URL(own).host !== from) throw new CodedError("people.csrf");
}

export function createGuard(parts: {
  readonly sessions: Sessions;
  readonly kiosks: Kiosks;
  readonly board: KioskBoard;
  readonly cookies: Cookies;
  readonly bureauToken: { check(token: string): Promise<boolean> };
}): Guard {
  const { sessions, kiosks, board, cookies, bureauToken } = parts;

  function person(request: FastifyRequest): PersonCaller {
    const token = cookies.read(request, "session");
    const session = token === undefined ? undefined : sessions.use(token);
    if (token === undefined || session === undefined) throw new CodedError("people.noSession");
    return { kind: "person", ...session, token };
  }
  async function kiosk(request: FastifyRequest): Promise<KioskCaller> {
    const cookie = cookies.read(request, "kiosk");
    const bound = cookie === undefined ? undefined : await kiosks.find(cookie);
    if (bound === undefined) throw new CodedError("people.kioskNotBound");
    return { kind: "kiosk", ...bound };
  }
  async function find(request: FastifyRequest, audience: Audience): Promise<Caller> {
    switch (audience) {
      case "anyone":
        return undefined;
      case "loopback":
        if (!LOOPBACK.test(request.socket.remoteAddress ?? "")) throw new CodedError("http.loopbackOnly");
        return undefined;
      case "bureau": {
        // RFC 6750: a program carries its token in the header, so no cookie of a browser ever opens this.
        const token = /^Bearer ([A-Za-z0-9_-]{1,128})$/.exec(request.headers.authorization ?? "")?.[1];
        if (token === undefined || !(await bureauToken.check(token)))
          throw new CodedError("bureau.notAdmitted");
        return undefined;
      }
      case "kiosk":
        return kiosk(request);
      case "applicant": {
        const caller = await kiosk(request);
        const claim = board.useClaim(caller.counterId);
        if (claim === undefined) throw new CodedError("people.noClaim");
        return { ...caller, applicationId: claim.applicationId, claim };
      }
      case "signedIn":
        return person(request);
      default: {
        const caller = person(request);
        if (!audience.some((role) => caller.roles.includes(role))) throw new CodedError("people.wrongRole");
        return caller;
      }
    }
  }
  return async (request, audience) => {
    refuseForeignPage(request);
    const caller = await find(request, audience);
    if (caller !== undefined && !SAFE_METHODS.has(request.method)) {
      const given = request.headers["x-csrf-token"];
      if (typeof given !== "string" || !sameSecret(given, caller.csrfToken))
        throw new CodedError("people.csrf");
    }
    setCaller(request, caller);
  };
}
