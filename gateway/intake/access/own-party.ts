/** Whether who asks as the party is the matter's own applicant (S3-C-5: papers about oneself). */
import { CodedError } from "../../domain/errors.ts";
import type { PersonRecord } from "../../domain/intake/party.ts";
import { type Profile, articleOf } from "../../domain/profile.ts";
import { personOf } from "../entries.ts";
import type { Matters } from "./matter-view.ts";
import type { LogReader } from "./ports.ts";

const MOST_LOOKED_AT = 5000;

const numberOf = (person: PersonRecord): string | undefined =>
  person.role !== "applicant"
    ? undefined
    : person.applicant.kind === "person"
      ? person.applicant.idNumber
      : person.applicant.creditCode;

/** Passes where no applicant is on record. Throws `access.notTheParty`. */
export async function isOwnParty(
  parts: { readonly reader: LogReader; readonly matters: Matters },
  matterId: string,
  number: string,
  profile: Profile,
): Promise<void> {
  const { reader, matters } = parts;
  const numbers: string[] = [];
  for (const ref of (await matters.entriesOf(matterId)).slice(0, MOST_LOOKED_AT)) {
    if ((await reader.readEntry(ref)).type !== "person") continue;
    const { body } = await reader.readRecord(ref);
    const person = personOf(body.json)?.person;
    const own = person === undefined ? undefined : numberOf(person);
    if (own !== undefined) numbers.push(own);
  }
  if (numbers.length === 0 || numbers.includes(number)) return;
  const article = articleOf(profile.rule("access.partyConclusive"));
  throw new CodedError("access.notTheParty", article === undefined ? {} : { article });
}
