/**
 * What a decision may look at, gathered for one moment: pinned profile and matter, calendar, certificates, clocks.
 */
import type { LicenceMatter } from "../domain/catalogue.ts";
import { CodedError } from "../domain/errors.ts";
import type { DecideContext } from "../domain/intake/context.ts";
import type { EventActor, Moment } from "../domain/intake/events.ts";
import type { ApplicationState } from "../domain/intake/state.ts";
import type { UserId } from "../domain/ids.ts";
import type { Profile } from "../domain/profile.ts";
import { beijingDate } from "../domain/time.ts";
import type { IntakeOptions } from "./intake.ts";
import type { CertifiedOfficer } from "./ports.ts";
import type { Actor } from "./requests.ts";

/** A context with the names behind the user ids, which only papers need. */
export interface World {
  readonly context: DecideContext;
  readonly handling: CertifiedOfficer;
  readonly responsible?: CertifiedOfficer;
}

export function pinnedProfile(options: IntakeOptions, state: ApplicationState | undefined): Profile {
  if (state?.registered === undefined) return options.profiles.current();
  const profile = options.profiles.find(state.profile.id, state.profile.version);
  if (profile === undefined) throw new CodedError("intake.profileMissing", { ...state.profile });
  return profile;
}

export function pinnedMatter(
  options: IntakeOptions,
  state: ApplicationState | undefined,
  asked?: string,
): LicenceMatter | undefined {
  const { registered } = state ?? {};
  if (registered !== undefined)
    return options.catalogue.find(registered.matterCode, registered.matterVersion);
  return asked === undefined ? undefined : options.catalogue.find(asked);
}

async function officer(
  options: IntakeOptions,
  actor: Actor,
  now: Moment,
): Promise<{ readonly person: CertifiedOfficer; readonly actor: EventActor }> {
  const found = actor.role === "system" ? undefined : await options.officers.of(actor.userId);
  const { certNo, certValidUntil } = found ?? {};
  const valid =
    certNo !== undefined && (certValidUntil === undefined || certValidUntil >= beijingDate(now.wallMs));
  return {
    person: { name: found?.name ?? actor.userId, ...(valid ? { certNo } : {}) },
    actor: { userId: actor.userId, role: actor.role, ...(valid ? { certNo } : {}) },
  };
}

export async function worldFor(
  options: IntakeOptions,
  asked: {
    readonly state?: ApplicationState;
    readonly actor: Actor;
    readonly responsibleOfficerId?: UserId;
    readonly matterCode?: string;
    readonly previous?: ApplicationState;
  },
): Promise<World> {
  const { clock } = options;
  const now: Moment = {
    wallMs: clock.wallMs(),
    monotonicMs: Math.floor(clock.monotonicMs()),
    boot: clock.boot,
    ntp: clock.ntp(),
  };
  const profile = pinnedProfile(options, asked.state);
  const handling = await officer(options, asked.actor, now);
  const responsible =
    asked.responsibleOfficerId === undefined || asked.responsibleOfficerId === asked.actor.userId
      ? undefined
      : await officer(options, { userId: asked.responsibleOfficerId, role: "clerk" }, now);
  const matter = pinnedMatter(options, asked.state, asked.matterCode);
  return {
    context: {
      now,
      actor: handling.actor,
      ...(responsible === undefined ? {} : { responsible: responsible.actor }),
      profile,
      calendar: options.calendars.forRegion(profile.rule("region").value),
      ...(matter === undefined ? {} : { matter }),
      authorityName: options.office.authority.name.zh,
      ...(asked.previous === undefined ? {} : { previous: asked.previous }),
    },
    handling: handling.person,
    ...(responsible === undefined ? {} : { responsible: responsible.person }),
  };
}
