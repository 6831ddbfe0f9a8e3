/**
 * Checks who is named on an application and brings names and numbers into one form. Invariant: what passes may be
 * printed on a paper; what fails is refused with a code and never half kept.
 */
import { CodedError } from "../errors.ts";
import { isCreditCode, isPersonId, isPhone, plainName, plainNumber } from "../identity.ts";
import type { Agent, Applicant, PersonIdKind, Signatory } from "./party.ts";

const LONGEST_TEXT = 2000;

function name(typed: string, field: string): string {
  const plain = plainName(typed);
  if (plain === undefined) throw new CodedError("intake.badName", { field });
  return plain;
}

function phone(typed: string): string {
  if (!isPhone(typed)) throw new CodedError("intake.badPhone", {});
  return typed.normalize("NFKC").trim();
}

function personId(kind: PersonIdKind, typed: string, today: string): string {
  const number = plainNumber(typed);
  if (!isPersonId(kind, number, today)) throw new CodedError("intake.badIdNumber", { kind });
  return number;
}

/** A text that has to be said. Throws `intake.badText` naming the field. */
export function requiredText(typed: string, field: string): string {
  const text = typed.trim();
  if (text === "" || text.length > LONGEST_TEXT) throw new CodedError("intake.badText", { field });
  return text;
}

/** `today` is the civil date in Beijing. Throws `intake.bad*`. */
export function checkedApplicant(applicant: Applicant, today: string): Applicant {
  const address =
    applicant.address === undefined ? {} : { address: requiredText(applicant.address, "address") };
  if (applicant.kind === "person")
    return {
      kind: "person",
      name: name(applicant.name, "name"),
      idKind: applicant.idKind,
      idNumber: personId(applicant.idKind, applicant.idNumber, today),
      phone: phone(applicant.phone),
      ...address,
    };
  const creditCode = plainNumber(applicant.creditCode);
  if (!isCreditCode(creditCode)) throw new CodedError("intake.badCreditCode", {});
  return {
    kind: "company",
    name: name(applicant.name, "name"),
    creditCode,
    representative: name(applicant.representative, "representative"),
    contactName: name(applicant.contactName, "contactName"),
    phone: phone(applicant.phone),
    ...address,
  };
}

export function checkedAgent(agent: Agent, today: string): Agent {
  return {
    name: name(agent.name, "agent"),
    idKind: agent.idKind,
    idNumber: personId(agent.idKind, agent.idNumber, today),
    phone: phone(agent.phone),
    authorisation: requiredText(agent.authorisation, "authorisation"),
  };
}

export function checkedSignatory(signatory: Signatory): Signatory {
  return {
    name: name(signatory.name, "signatory"),
    relation: requiredText(signatory.relation, "relation"),
  };
}
