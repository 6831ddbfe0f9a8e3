/**
 * What `decide` may look at beside the state: all of it given, so that the decision is a pure function.
 */
import type { WorkingDayCalendar } from "../calendar.ts";
import type { LicenceMatter } from "../catalogue.ts";
import { CodedError, type ErrorCode, type ErrorDetails } from "../errors.ts";
import { type Profile, articleOf } from "../profile.ts";
import type { ParameterKey } from "../profile-parameters.ts";
import { type CivilDate, beijingDate } from "../time.ts";
import type { Delegation } from "./approval-steps.ts";
import type { EventActor, Moment } from "./events.ts";
import type { ApplicationState } from "./state.ts";

export interface DecideContext {
  readonly now: Moment;
  readonly actor: EventActor;
  /** The certified officer named as responsible, where that isn't the actor. */
  readonly responsible?: EventActor;
  /** The version the application is pinned to. */
  readonly profile: Profile;
  readonly calendar: WorkingDayCalendar;
  /** The pinned matter, or the one to register. */
  readonly matter?: LicenceMatter;
  readonly authorityName: string;
  /** The application named as the previous one, where it is known here (I5). */
  readonly previous?: ApplicationState;
  /** What was delegated to the window by a recorded document, beside the profile's own. */
  readonly delegations: readonly Delegation[];
  /** The colleague named to go on with it, where they are known here. */
  readonly colleague?: EventActor;
  /** When this gateway's record began, UTC ms: nothing can have happened here before. */
  readonly sinceMs?: number;
}

export function today(context: DecideContext): CivilDate {
  return beijingDate(context.now.wallMs);
}

/** A refusal with the article of the rule behind it, by the application's own profile. */
export function refusal(
  code: ErrorCode,
  context: Pick<DecideContext, "profile">,
  rule?: ParameterKey,
  details: ErrorDetails = {},
): CodedError {
  const article = rule === undefined ? undefined : articleOf(context.profile.rule(rule));
  return new CodedError(code, { ...details, ...(article === undefined ? {} : { article }) });
}
