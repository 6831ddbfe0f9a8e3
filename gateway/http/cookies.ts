/** The two cookies of the gateway. Invariant: no script reads them and no other site's page sends them. */
import type { FastifyReply, FastifyRequest } from "fastify";

/** A kiosk stays bound; browsers keep a cookie for at most 400 days. */
const KIOSK_MAX_AGE_S = 400 * 86_400;

type CookieName = "session" | "kiosk";

/** `__Host-` ties a cookie to this host and to TLS; browsers refuse it on plain HTTP. */
const nameOf = (name: CookieName, secure: boolean): string => (secure ? `__Host-${name}` : name);

export interface Cookies {
  read(request: FastifyRequest, name: CookieName): string | undefined;
  set(reply: FastifyReply, name: CookieName, value: string): void;
  clear(reply: FastifyReply, name: CookieName): void;
}

export function createCookies(secure: boolean): Cookies {
  const flags = { path: "/", httpOnly: true, sameSite: "strict", secure } as const;
  return {
    read: (request, name) => request.cookies[nameOf(name, secure)],
    set(reply, name, value) {
      reply.setCookie(nameOf(name, secure), value, {
        ...flags,
        ...(name === "kiosk" ? { maxAge: KIOSK_MAX_AGE_S } : {}),
      });
    },
    clear(reply, name) {
      reply.clearCookie(nameOf(name, secure), flags);
    },
  };
}
