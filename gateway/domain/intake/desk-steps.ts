/**
 * Steps between people and papers: the chain's opinions, an intake handed to a colleague, a number made void, a signed
 * paper closed by its scan. Guards have passed already.
 */
import type { IntakeCommand } from "./commands.ts";
import { checkSignature } from "./content-checks.ts";
import { type DecideContext, refusal } from "./context.ts";
import type { IntakeFact } from "./events.ts";
import { notDeemed } from "./guards.ts";
import { carriedOut } from "./outcomes.ts";
import { requiredText } from "./party-checks.ts";
import type { ApplicationState, PaperState } from "./state.ts";

type Command<Type extends IntakeCommand["type"]> = Extract<IntakeCommand, { readonly type: Type }>;

const SCAN = /^[0-9]{4}(\.[1-9][0-9]{0,3})?\/[0-9]{1,15}$/;

/** The last step that agrees carries the outcome out in the same act; what the law made meanwhile stands. */
export function approved(
  command: Command<"approve">,
  state: ApplicationState,
  context: DecideContext,
): readonly IntakeFact[] {
  const { proposal } = state;
  const next = proposal?.steps[proposal.given.length];
  if (proposal === undefined || next !== command.step)
    throw refusal("intake.notYourStep", context, "approvals.chain", { step: next ?? "" });
  checkSignature(command.signature, context);
  const { step, decision, signature } = command;
  const opinion = requiredText(command.opinion, "opinion");
  const given: IntakeFact = { type: "approvalGiven", step, decision, opinion, signature };
  if (decision === "return") return [given];
  if (proposal.outcome.type !== "accept") notDeemed(state, context);
  if (proposal.given.length + 1 < proposal.steps.length) return [given];
  return [given, ...carriedOut(proposal.outcome, state, context)];
}

export function handedToColleague(
  command: Command<"handToColleague">,
  state: ApplicationState,
  context: DecideContext,
): IntakeFact {
  const fromUserId = state.handlers.at(-1)?.userId ?? context.actor.userId;
  if (context.colleague === undefined || command.toUserId === fromUserId)
    throw refusal("intake.noSuchColleague", context);
  const reason = requiredText(command.reason, "reason");
  return { type: "handedToColleague", fromUserId, toUserId: command.toUserId, reason };
}

function paperOf(state: ApplicationState, documentId: string, context: DecideContext): PaperState {
  const paper = state.papers.find((candidate) => candidate.documentId === documentId);
  if (paper === undefined || paper.kind === "serviceReceipt") throw refusal("intake.noSuchDocument", context);
  return paper;
}

/** Only what nobody has in hands can be made void; the act itself stands and is told by the paper issued anew. */
export function paperVoided(
  command: Command<"voidPaper">,
  state: ApplicationState,
  context: DecideContext,
): IntakeFact {
  const { documentId, number, voided, servedMs } = paperOf(state, command.documentId, context);
  if (voided !== undefined) throw refusal("intake.paperVoided", context, undefined, { number });
  if (servedMs !== undefined) throw refusal("intake.alreadyServed", context);
  return { type: "paperVoided", documentId, reason: requiredText(command.reason, "reason") };
}

export function signedPaperScanned(
  command: Command<"closeOnScan">,
  state: ApplicationState,
  context: DecideContext,
): IntakeFact {
  const paper = paperOf(state, command.documentId, context);
  if (paper.ink === undefined || paper.ink.closedMs !== undefined)
    throw refusal("intake.noScanAwaited", context);
  if (!SCAN.test(command.scan)) throw refusal("intake.badText", context, undefined, { field: "scan" });
  return { type: "signedPaperScanned", documentId: paper.documentId, scan: command.scan };
}
