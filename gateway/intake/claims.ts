/**
 * Claims at the kiosk: a code with the last four characters of a number opens the papers of one application. Invariant:
 * every attempt is an entry before it is answered, and a wrong pair never says which half was wrong.
 */
import { timingSafeEqual } from "node:crypto";
import { CodedError } from "../domain/errors.ts";
import { plainNumber } from "../domain/identity.ts";
import type { PersonRecord } from "../domain/intake/party.ts";
import type { ApplicationState } from "../domain/intake/state.ts";
import { claimCodeHash, isClaimCode } from "./claim-codes.ts";
import { type ClaimAttempt, claimDraft } from "./entries.ts";
import { inTurn } from "./in-turn.ts";
import type { Intake, IntakeOptions } from "./intake.ts";
import type { ViewTable } from "./ports.ts";
import type { ClaimResult } from "./results.ts";
import type { Stored } from "./stored.ts";
import { key } from "./view-rows.ts";
import { pinnedMatter } from "./world.ts";

const LAST = 4;
const WINDOW_MS = 10 * 60_000;
const MOST_WRONG_PER_KIOSK = 10;
const MOST_WRONG_PER_CODE = 5;
/** A code works once; the same visit may come back to it after the screen was wiped. */
const SAME_VISIT_MS = 30 * 60_000;

function numbersOf(person: PersonRecord | undefined): readonly string[] {
  if (person?.role === "agent") return [person.agent.idNumber];
  if (person?.role !== "applicant") return [];
  const { applicant } = person;
  return [applicant.kind === "person" ? applicant.idNumber : applicant.creditCode];
}

function sameText(one: string, other: string): boolean {
  const a = Buffer.from(one);
  const b = Buffer.from(other);
  return a.length === b.length && timingSafeEqual(a, b);
}

export function claims(options: IntakeOptions, table: ViewTable, stored: Stored): Intake["claim"] {
  const turns = inTurn();

  const wrongLately = async (where: string, now: number): Promise<number> => {
    const times = (await table.get(key.wrongAt(where)))?.["times"];
    if (!Array.isArray(times)) return 0;
    return (times as readonly number[]).filter((at) => at <= now && at > now - WINDOW_MS).length;
  };

  const log = async (attempt: ClaimAttempt): Promise<void> => {
    const [appended] = await options.append.append([claimDraft(attempt)]);
    if (appended !== undefined) await options.views.applied(appended);
  };

  const matches = async (state: ApplicationState, last4: string): Promise<boolean> => {
    const { applicantPersonId, agentPersonId } = state.registered ?? {};
    let found = false;
    for (const personId of [applicantPersonId, agentPersonId]) {
      if (personId === undefined) continue;
      for (const number of numbersOf(await stored.person(personId)))
        if (sameText(number.slice(-LAST), last4)) found = true;
    }
    return found;
  };

  const papersOf = async (state: ApplicationState): Promise<ClaimResult> => {
    const papers: ClaimResult["papers"][number][] = [];
    for (const { documentId, kind, number, issuedMs, servedMs, voided } of state.papers) {
      const row = await stored.document(documentId);
      if (row === undefined || voided !== undefined || kind === "serviceReceipt") continue;
      const { title, ref } = row;
      papers.push({ documentId, kind, title, number, issuedMs, served: servedMs !== undefined, ref });
    }
    const matter = pinnedMatter(options, state)?.name ?? { zh: state.registered?.matterCode ?? "" };
    return { applicationId: state.applicationId, matter, phase: state.phase, papers };
  };

  return async ({ code, last4, kioskId }) =>
    turns.run(kioskId, async () => {
      const atMs = options.clock.wallMs();
      const attempt = { v: 1, what: "claim", kioskId, atMs } as const;
      const typed = plainNumber(last4);
      const codeHash = isClaimCode(code) ? claimCodeHash(options.claimKey, code) : undefined;
      const row = codeHash === undefined ? undefined : await table.get(key.code(codeHash));
      const id = row?.["applicationId"];
      const state = typeof id === "string" ? await stored.state(id) : undefined;
      const known = state === undefined ? {} : { applicationId: state.applicationId };
      // Only a code that exists is named in the log; a mistyped one would be somebody else's.
      const named = state === undefined || codeHash === undefined ? {} : { codeHash };

      const tooMany =
        (await wrongLately(kioskId, atMs)) >= MOST_WRONG_PER_KIOSK ||
        (named.codeHash !== undefined && (await wrongLately(named.codeHash, atMs)) >= MOST_WRONG_PER_CODE);
      if (tooMany) {
        await log({ ...attempt, ...known, outcome: "blocked" });
        throw new CodedError("intake.claimBlocked");
      }
      if (state === undefined || typed.length !== LAST || !(await matches(state, typed))) {
        await log({ ...attempt, ...known, ...named, outcome: "refused" });
        throw new CodedError("intake.claimRefused");
      }
      const redeemedMs = row?.["redeemedMs"];
      if (typeof redeemedMs === "number" && atMs - redeemedMs > SAME_VISIT_MS) {
        await log({ ...attempt, ...known, ...named, outcome: "spent" });
        throw new CodedError("intake.claimSpent");
      }
      await log({ ...attempt, ...known, ...named, outcome: "granted" });
      return papersOf(state);
    });
}
