/** What a paper's facts are built from: the application before and after the event, the people, the office. */
import type { LicenceMatter } from "../../domain/catalogue.ts";
import type { DocumentFactsBase, Officer, Wording } from "../../domain/document.ts";
import type { ClockContext } from "../../domain/intake/clocks.ts";
import type { IntakeEvent } from "../../domain/intake/events.ts";
import type { Agent, Applicant, PersonRecord } from "../../domain/intake/party.ts";
import type { ApplicationState } from "../../domain/intake/state.ts";
import type { Profile } from "../../domain/profile.ts";
import type { CertifiedOfficer, Office } from "../ports.ts";
import { contactOf, officersOf, partyOf } from "./material.ts";

export interface FactsInput {
  readonly event: IntakeEvent;
  readonly after: ApplicationState;
  readonly number: string;
  readonly profile: Profile;
  readonly matter: LicenceMatter;
  readonly office: Office;
  readonly clock: ClockContext;
  readonly applicant: Applicant;
  readonly agent?: Agent;
  readonly handling: CertifiedOfficer;
  readonly responsible?: CertifiedOfficer;
  /** Who received the materials, where that is somebody else than whoever acts now. */
  readonly receivedBy?: CertifiedOfficer;
  /** The steps of the chain that agreed, in order. */
  readonly approvals: readonly (CertifiedOfficer & { readonly role: "reviewing" | "approving" })[];
  /** Bodies of `person` entries that this paper needs beside applicant and agent. */
  readonly person: (personId: string) => PersonRecord | undefined;
}

export function base(input: FactsInput, title: Wording): Omit<DocumentFactsBase, "basis"> {
  const { event, office, applicant, agent, matter } = input;
  return {
    authority: office.authority,
    title,
    number: input.number,
    issuedAtMs: event.meta.at.wallMs,
    timeProvisional: event.meta.at.ntp === "unsynced",
    applicant: partyOf(applicant),
    ...(agent === undefined ? {} : { agent: { name: agent.name, authorisation: agent.authorisation } }),
    matter: { name: matter.name, code: matter.code },
    officers: officersOn(input),
    phone: office.phone,
    copies: [
      { to: "applicant", count: 1 },
      { to: "file", count: 1 },
    ],
    claimable: true,
  };
}

/** What the gateway derives by itself is in the name of whoever received the materials. */
export function officersOn(
  input: Pick<FactsInput, "event" | "handling" | "responsible" | "receivedBy" | "approvals">,
): readonly Officer[] {
  const { event, handling, responsible, receivedBy, approvals } = input;
  if (event.meta.actor.role === "system" && responsible !== undefined)
    return [{ ...named(responsible), role: "responsible" }];
  return [
    ...officersOf(named(handling), responsible && named(responsible), receivedBy && named(receivedBy)),
    ...approvals.map((one) => ({ ...named(one), role: one.role })),
  ];
}

function named({ name, certNo }: CertifiedOfficer): { readonly name: string; readonly certNo?: string } {
  return { name, ...(certNo === undefined ? {} : { certNo }) };
}

/** What the counter's papers add: contact and t0 (or the registration, where nothing was taken in). */
export function counterPaper(input: FactsInput) {
  const { after, applicant, agent } = input;
  return {
    contact: contactOf(applicant, agent),
    receivedAtMs: after.received?.t0Ms ?? after.registered?.atMs ?? after.startedMs,
  };
}
