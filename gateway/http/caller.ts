/** Who calls, as the guard found out; a handler sees only callers its contract admits. */
import type { FastifyRequest } from "fastify";
import type { ApplicationId, CounterId, UserId } from "../domain/ids.ts";
import type { Role } from "../domain/roles.ts";
import type { Claim } from "./kiosk-board.ts";
import type { Audience } from "./contract/route.ts";

export interface PersonCaller {
  readonly kind: "person";
  readonly userId: UserId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly csrfToken: string;
  readonly idleLeftMs: number;
  readonly absoluteLeftMs: number;
  /** The session's own token, to end it or spare it. */
  readonly token: string;
}

export interface KioskCaller {
  readonly kind: "kiosk";
  readonly kioskId: string;
  readonly counterId: CounterId;
  readonly csrfToken: string;
}

export interface ApplicantCaller extends KioskCaller {
  readonly applicationId: ApplicationId;
  readonly claim: Claim;
}

export type Caller = PersonCaller | KioskCaller | ApplicantCaller | undefined;

export type CallerOf<A extends Audience> = A extends "anyone" | "loopback" | "bureau"
  ? undefined
  : A extends "kiosk"
    ? KioskCaller
    : A extends "applicant"
      ? ApplicantCaller
      : PersonCaller;

const callers = new WeakMap<FastifyRequest, Caller>();

export function setCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

/** The type follows from the audience that the guard held the request against. */
export function callerOf<A extends Audience>(request: FastifyRequest): CallerOf<A> {
  return callers.get(request) as CallerOf<A>;
}
