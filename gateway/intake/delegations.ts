/**
 * Outcomes delegated to the window in advance: recorded by a leader with the document behind it and its term. Invariant:
 * a delegation is an entry before anybody acts on it, and its end takes nothing back that was done under it.
 */
import { addDays, isCivilDate } from "../domain/calendar.ts";
import { CodedError } from "../domain/errors.ts";
import { requiredText } from "../domain/intake/party-checks.ts";
import { type CivilDate, beijingDate } from "../domain/time.ts";
import { type DelegationAct, delegationDraft } from "./entries.ts";
import { inTurn } from "./in-turn.ts";
import type { Intake, IntakeOptions } from "./intake.ts";
import type { ViewTable } from "./ports.ts";
import type { DelegateRequest, Request } from "./requests.ts";
import type { RecordedDelegation } from "./results.ts";
import type { Stored } from "./stored.ts";
import { key } from "./view-rows.ts";

/** Longer than any term of office; a later day is a slip of the pen. */
const LONGEST_TERM_DAYS = 5 * 366;

function checkedTerm(
  request: DelegateRequest,
  today: CivilDate,
  since: CivilDate,
): { readonly from: CivilDate; readonly until: CivilDate } {
  const { from, until } = request;
  const holds =
    isCivilDate(from) &&
    isCivilDate(until) &&
    from >= since &&
    until >= from &&
    until >= today &&
    until <= addDays(from, LONGEST_TERM_DAYS);
  if (!holds) throw new CodedError("intake.badDelegation", { field: "term" });
  return { from, until };
}

function byLeader({ actor }: Request): void {
  if (actor.role !== "leader") throw new CodedError("intake.wrongRole");
}

export function delegations(
  options: IntakeOptions,
  table: ViewTable,
  stored: Stored,
): Pick<Intake, "delegate" | "revokeDelegation" | "delegations"> {
  const turns = inTurn();
  const log = async (act: DelegationAct): Promise<void> => {
    const [appended] = await options.append.append([delegationDraft(act)]);
    if (appended !== undefined) await options.views.applied(appended);
  };
  const find = async (id: string): Promise<RecordedDelegation | undefined> =>
    (await table.get(key.delegation(id))) as unknown as RecordedDelegation | undefined;

  return {
    delegate: async (request) =>
      turns.run("delegations", async () => {
        byLeader(request);
        // The command's own id names it, so that a repeat finds what the first one recorded.
        const delegationId = request.commandId.toLowerCase();
        const first = await find(delegationId);
        if (first !== undefined) return first;
        const atMs = options.clock.wallMs();
        const since = beijingDate((await stored.sinceMs()) ?? atMs);
        const document = requiredText(request.document, "document");
        const term = checkedTerm(request, beijingDate(atMs), since);
        const { outcome, actor } = request;
        const delegation = { delegationId, outcome, document, ...term, by: actor.userId, atMs };
        await log({ v: 1, what: "delegation", ...delegation });
        return delegation;
      }),
    revokeDelegation: async (request) =>
      turns.run("delegations", async () => {
        byLeader(request);
        const standing = await find(request.delegationId);
        if (standing === undefined || standing.revoked !== undefined)
          throw new CodedError("intake.noSuchDelegation");
        await log({
          v: 1,
          what: "delegationRevoked",
          delegationId: request.delegationId,
          by: request.actor.userId,
          atMs: options.clock.wallMs(),
          reason: requiredText(request.reason, "reason"),
        });
      }),
    delegations: async () => stored.delegations(),
  };
}
