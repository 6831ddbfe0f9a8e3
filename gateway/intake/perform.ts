/**
 * Carries one command through: repeat check, turn, state, decision, append, own view, papers. Invariant: after the
 * append nothing can fail the command any more; a paper that isn't finished is finished later (I13).
 */
import type { IntakeCommand } from "../domain/intake/commands.ts";
import { stepsBefore } from "../domain/intake/approvals.ts";
import { decide } from "../domain/intake/decide.ts";
import type { IntakeFact } from "../domain/intake/events.ts";
import type { ApplicationState } from "../domain/intake/state.ts";
import { CodedError, errorTable } from "../domain/errors.ts";
import type { ApplicationId, UserId } from "../domain/ids.ts";
import { beijingDate } from "../domain/time.ts";
import { claimCodeHash, drawClaimCode } from "./claim-codes.ts";
import { refusedDraft } from "./entries.ts";
import type { Finisher } from "./finish.ts";
import { inTurn } from "./in-turn.ts";
import type { IntakeOptions } from "./intake.ts";
import { type NewPerson, issuesPapers, prepare } from "./issue.ts";
import type { ViewTable } from "./ports.ts";
import type { Request } from "./requests.ts";
import type { CommandResult, PaperResult } from "./results.ts";
import type { Stored } from "./stored.ts";
import { key } from "./view-rows.ts";
import { pinnedProfile, worldFor } from "./world.ts";

/** What a use case makes of its request once state and date are known. */
export interface Plan {
  readonly command: IntakeCommand;
  readonly persons?: readonly NewPerson[];
  /** Said once in the result, where the command makes a code of its own. */
  readonly claimCode?: string;
}

export interface Work {
  readonly request: Request;
  readonly applicationId: ApplicationId;
  /** Left out by `start` and by the gateway itself. */
  readonly expectedVersion?: number;
  readonly responsibleOfficerId?: UserId;
  readonly matterCode?: string;
  readonly previousId?: ApplicationId;
  readonly colleagueId?: UserId;
  plan(known: {
    readonly state: ApplicationState | undefined;
    readonly today: string;
    readonly personId: (suffix: string) => string;
  }): Plan;
}

/** Refusals by a rule of law, which the oversight ledger keeps; slips of the pen are not among them. */
const LEDGER_CODES = new Set<string>([
  "intake.itemsUnjudged",
  "intake.itemsDeficient",
  "intake.secondNotice",
  "intake.newDemand",
  "intake.overrideRefused",
  "intake.deemedAccepted",
  "intake.incompleteStaysOpen",
  "intake.rightAuthorityMissing",
  "intake.correctionUnsigned",
  "intake.correctorNotEntitled",
  "intake.correctOnTheSpotFirst",
  "intake.certificateNeeded",
  "intake.noSuchItem",
  "intake.notYourStep",
  "intake.approverTwice",
]);
const REMEMBERED_CODES = 512;

export type Perform = (work: Work) => Promise<CommandResult>;

export function performer(
  options: IntakeOptions,
  table: ViewTable,
  stored: Stored,
  finisher: Finisher,
): Perform {
  const turns = inTurn();
  const claimCodes = new Map<string, string>();

  const rememberCode = (commandId: string, code: string): void => {
    claimCodes.set(commandId, code);
    const oldest = claimCodes.keys().next().value;
    if (claimCodes.size > REMEMBERED_CODES && oldest !== undefined) claimCodes.delete(oldest);
  };

  const firstResult = async (work: Work): Promise<CommandResult | undefined> => {
    const { commandId } = work.request;
    const first = await stored.command(commandId);
    if (first === undefined) return undefined;
    if (work.expectedVersion !== undefined && first.applicationId !== work.applicationId)
      throw new CodedError("intake.commandReused");
    const papers: PaperResult[] = [];
    for (const documentId of first.documentIds) {
      const row = await stored.document(documentId);
      if (row === undefined) continue;
      const { kind, number, ref, rendition } = row;
      papers.push({ documentId, kind, number, ref, finished: rendition !== undefined });
    }
    const { applicationId, version, phase, warnings } = first;
    const claimCode = claimCodes.get(commandId);
    return {
      applicationId,
      version,
      phase,
      papers,
      warnings,
      ...(claimCode === undefined ? {} : { claimCode }),
    };
  };

  const logRefusal = async (work: Work, command: string, error: CodedError): Promise<void> => {
    if (!LEDGER_CODES.has(error.code)) return;
    const row = errorTable[error.code];
    const article = error.details["article"] ?? ("article" in row ? row.article : undefined);
    const appended = await options.append.append([
      refusedDraft({
        v: 1,
        what: "refusedAttempt",
        applicationId: work.applicationId,
        atMs: options.clock.wallMs(),
        userId: work.request.actor.userId,
        role: work.request.actor.role,
        device: work.request.device,
        command,
        code: error.code,
        ...(typeof article === "string" ? { article } : {}),
      }),
    ]);
    const last = appended.at(-1);
    if (last !== undefined) await options.views.applied(last);
  };

  const unusedCode = async (): Promise<{ readonly code: string; readonly hash: string }> => {
    for (;;) {
      const code = drawClaimCode(options.random);
      const hash = claimCodeHash(options.claimKey, code);
      if ((await table.get(key.code(hash))) === undefined) return { code, hash };
    }
  };

  const commit = async (work: Work): Promise<CommandResult> => {
    const { request, applicationId } = work;
    const before = await stored.state(applicationId);
    if (work.expectedVersion !== undefined) {
      if (before === undefined) throw new CodedError("intake.noSuchApplication");
      if (before.version !== work.expectedVersion)
        throw new CodedError("intake.conflict", { expected: work.expectedVersion, actual: before.version });
    }
    const previous = work.previousId === undefined ? undefined : await stored.state(work.previousId);
    const approving = request.actor.role !== "clerk" && before?.proposal !== undefined;
    const sinceMs = await stored.sinceMs();
    const chained = stepsBefore(pinnedProfile(options, before)).length > 0;
    const recorded = chained ? await stored.delegations() : [];
    const delegations = recorded.filter((one) => one.revoked === undefined);
    const world = await worldFor(options, {
      actor: request.actor,
      forProposer: approving,
      delegations,
      ...(sinceMs === undefined ? {} : { sinceMs }),
      ...(work.colleagueId === undefined ? {} : { colleagueId: work.colleagueId }),
      ...(before === undefined ? {} : { state: before }),
      ...(work.responsibleOfficerId === undefined ? {} : { responsibleOfficerId: work.responsibleOfficerId }),
      ...(work.matterCode === undefined ? {} : { matterCode: work.matterCode }),
      ...(previous === undefined ? {} : { previous }),
    });
    const { context } = world;
    const plan = work.plan({
      state: before,
      today: beijingDate(context.now.wallMs),
      personId: (suffix) => `${applicationId}.p${(before?.version ?? 0) + 1}${suffix}`,
    });
    let facts: readonly IntakeFact[];
    try {
      facts = decide(before, plan.command, context);
    } catch (error) {
      if (error instanceof CodedError) await logRefusal(work, plan.command.type, error);
      throw error;
    }
    const issues = issuesPapers(facts, before);
    // A paper that somebody takes home opens the kiosk; one that the gateway makes by itself is handed to nobody yet.
    const opensKiosk = plan.command.type !== "deem" && plan.command.type !== "recordService";
    const minted = issues && opensKiosk ? await unusedCode() : undefined;
    if (minted !== undefined)
      facts = [...facts, { type: "claimCodeIssued", codeHash: minted.hash, revokes: false }];
    const step = {
      applicationId,
      commandId: request.commandId,
      device: request.device,
      before,
      facts,
      persons: plan.persons ?? [],
      world,
    };
    const append = async () => {
      const prepared = await prepare(step, options, table, stored);
      const appended = await options.append.append(prepared.drafts);
      const last = appended.at(-1);
      if (last !== undefined) await options.views.applied(last);
      return prepared;
    };
    const done = issues ? await turns.run("numbers", append) : await append();
    const claimCode = plan.claimCode ?? minted?.code;
    // The code is the applicant's: it goes on the slip that the clerk prints, and is no business of an approver.
    const toldCode = plan.command.type === "approve" ? undefined : claimCode;
    if (toldCode !== undefined) rememberCode(request.commandId, toldCode);
    const papers: PaperResult[] = [];
    for (const { documentId, kind, number } of done.papers) {
      const row = await stored.document(documentId);
      if (row === undefined) throw new RangeError("a paper without its document entry");
      const finished = await finisher.finish(documentId, row.ref, claimCode);
      papers.push({ documentId, kind, number, ref: row.ref, finished });
    }
    return {
      applicationId,
      version: done.after.version,
      phase: done.after.phase,
      papers,
      warnings: done.warnings,
      ...(toldCode === undefined ? {} : { claimCode: toldCode }),
    };
  };

  return (work) =>
    turns.run(`command/${work.request.commandId}`, async () => {
      const first = await firstResult(work);
      return first ?? turns.run(`application/${work.applicationId}`, () => commit(work));
    });
}
