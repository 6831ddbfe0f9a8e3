/**
 * What a decision may look at, gathered for one moment: pinned profile and matter, calendar, certificates, clocks.
 */
import type { LicenceMatter } from "../domain/catalogue.ts";
import { CodedError } from "../domain/errors.ts";
import type { Delegation } from "../domain/intake/approval-steps.ts";
import type { DecideContext } from "../domain/intake/context.ts";
import type { EventActor, Moment } from "../domain/intake/events.ts";
import type { ApplicationState } from "../domain/intake/state.ts";
import type { UserId } from "../domain/ids.ts";
import type { Profile } from "../domain/profile.ts";
import { beijingDate } from "../domain/time.ts";
import type { FactsInput } from "./facts/input.ts";
import type { IntakeOptions } from "./intake.ts";
import type { CertifiedOfficer } from "./ports.ts";
import type { Actor } from "./requests.ts";

/** A context with the names behind the user ids, which only papers need. */
export interface World {
  readonly context: DecideContext;
  /** In whose hands the paper is: the actor, or the proposer where the chain carries the outcome out. */
  readonly handling: CertifiedOfficer;
  readonly responsible?: CertifiedOfficer;
  readonly receivedBy?: CertifiedOfficer;
  readonly approvals: FactsInput["approvals"];
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

/** Whose names the chain puts on the paper: those who agreed, and the one who agrees now. */
async function approvalsOf(
  options: IntakeOptions,
  state: ApplicationState | undefined,
  actor: { readonly person: CertifiedOfficer },
  now: Moment,
): Promise<World["approvals"]> {
  const { proposal } = state ?? {};
  if (proposal === undefined) return [];
  const earlier: CertifiedOfficer[] = [];
  for (const { by } of proposal.given)
    earlier.push((await officer(options, { userId: by, role: "leader" }, now)).person);
  return [...earlier, actor.person].map((person, index) => ({
    ...person,
    role: index === proposal.steps.length - 1 ? "approving" : "reviewing",
  }));
}

export interface WorldAsked {
  readonly state?: ApplicationState;
  readonly actor: Actor;
  readonly responsibleOfficerId?: UserId;
  readonly matterCode?: string;
  readonly previous?: ApplicationState;
  readonly colleagueId?: UserId;
  readonly delegations?: readonly Delegation[];
  readonly sinceMs?: number;
  /** The step carries out what somebody else proposed: the paper names them. */
  readonly forProposer?: boolean;
}

export async function worldFor(options: IntakeOptions, asked: WorldAsked): Promise<World> {
  const { clock } = options;
  const now: Moment = {
    wallMs: clock.wallMs(),
    monotonicMs: Math.floor(clock.monotonicMs()),
    boot: clock.boot,
    ntp: clock.ntp(),
  };
  const profile = pinnedProfile(options, asked.state);
  const acting = await officer(options, asked.actor, now);
  const clerk = async (userId: UserId | undefined) =>
    userId === undefined || userId === asked.actor.userId
      ? undefined
      : officer(options, { userId, role: "clerk" }, now);
  const proposal = asked.forProposer === true ? asked.state?.proposal : undefined;
  const proposer = await clerk(proposal?.by);
  const responsible = await clerk(asked.responsibleOfficerId ?? proposal?.responsible);
  const receivedBy = asked.state?.received?.by;
  const receiver =
    receivedBy === (proposal?.by ?? asked.actor.userId) || receivedBy === asked.responsibleOfficerId
      ? undefined
      : await clerk(receivedBy);
  const colleague =
    asked.colleagueId === undefined || (await options.officers.of(asked.colleagueId)) === undefined
      ? undefined
      : await officer(options, { userId: asked.colleagueId, role: "clerk" }, now);
  const answers = responsible ?? proposer;
  const matter = pinnedMatter(options, asked.state, asked.matterCode);
  return {
    context: {
      now,
      actor: acting.actor,
      ...(answers === undefined ? {} : { responsible: answers.actor }),
      profile,
      calendar: options.calendars.forRegion(profile.rule("region").value),
      ...(matter === undefined ? {} : { matter }),
      authorityName: options.office.authority.name.zh,
      ...(asked.previous === undefined ? {} : { previous: asked.previous }),
      delegations: asked.delegations ?? [],
      ...(colleague === undefined ? {} : { colleague: colleague.actor }),
      ...(asked.sinceMs === undefined ? {} : { sinceMs: asked.sinceMs }),
    },
    handling: (proposer ?? acting).person,
    ...(responsible === undefined ? {} : { responsible: responsible.person }),
    ...(receiver === undefined ? {} : { receivedBy: receiver.person }),
    approvals: proposal === undefined ? [] : await approvalsOf(options, asked.state, acting, now),
  };
}
