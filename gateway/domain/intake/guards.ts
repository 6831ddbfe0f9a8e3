/**
 * Whether a step follows from where an application stands, before anybody looks at what the step says. `decide` and
 * the screens' list of next actions ask here, so a button and the refusal behind it can't differ.
 */
import type { IntakeCommandType } from "./commands.ts";
import { type DecideContext, refusal } from "./context.ts";
import { hasActed, mayTake } from "./approvals.ts";
import { deemedStatus } from "./clocks.ts";
import type { ApplicationState, ItemState, Phase } from "./state.ts";

const UNDER_REVIEW: readonly Phase[] = [
  "RECEIVED",
  "REVIEWING",
  "ON_SPOT_SUPPLEMENT",
  "ON_SPOT_CORRECTING",
  "SUPPLEMENT_RECEIVED",
];
/** What waits for the chain changes only by the chain, by the clerk taking it back, or by law. */
const PENDING: Phase = "PENDING_APPROVAL";
const FINAL: readonly Phase[] = ["ACCEPTED", "NOT_ACCEPTED", "WITHDRAWN"];

type Guard = (state: ApplicationState, context: DecideContext) => void;

export function hasOpenSession(state: ApplicationState): boolean {
  const last = state.sessions.at(-1);
  return last !== undefined && last.toMs === undefined;
}

const inPhase =
  (phases: readonly Phase[]): Guard =>
  (state, context) => {
    if (!phases.includes(state.phase))
      throw refusal("intake.wrongPhase", context, undefined, { phase: state.phase });
  };
const notFinal: Guard = (state, context) => {
  if (FINAL.includes(state.phase))
    throw refusal("intake.wrongPhase", context, undefined, { phase: state.phase });
};
const atCounter: Guard = (state, context) => {
  if (!hasOpenSession(state)) throw refusal("intake.sessionClosed", context);
};

export function itemsWith(state: ApplicationState, kind: "deficient" | "verify"): readonly ItemState[] {
  return state.items.filter((item) => item.verdict?.kind === kind);
}

function ids(items: readonly ItemState[]): { readonly items: readonly string[] } {
  return { items: items.map((item) => item.itemId) };
}

/** I3: nothing is told or accepted while an item is unjudged. */
const allJudged: Guard = (state, context) => {
  const unjudged = state.items.filter((item) => item.verdict === undefined);
  if (unjudged.length > 0)
    throw refusal("intake.itemsUnjudged", context, "notice.oneTimeOnly", ids(unjudged));
};

const correctionsSigned: Guard = (state, context) => {
  const unsigned = state.items.filter((item) => item.corrections.some((one) => one.signature === undefined));
  if (unsigned.length > 0)
    throw refusal("intake.correctionUnsigned", context, "correction.signAndDate", ids(unsigned));
};

const noneDeficient: Guard = (state, context) => {
  const deficient = itemsWith(state, "deficient");
  if (deficient.length > 0) throw refusal("intake.itemsDeficient", context, undefined, ids(deficient));
};

/** I6: after the limit nothing may be asked or refused any more. */
export const notDeemed: Guard = (state, context) => {
  const { status, limit } = deemedStatus(state, context);
  if (status === "due")
    throw refusal("intake.deemedAccepted", context, "notice.deemedAcceptance", { limit: limit ?? "" });
};

const certified: Guard = (_state, context) => {
  const named = context.responsible ?? context.actor;
  if (context.profile.rule("officers.certRequired").value === "refuse" && named.certNo === undefined)
    throw refusal("intake.certificateNeeded", context, "officers.certRequired");
  if (context.profile.rule("officers.minCount.counter").value > 1 && context.responsible === undefined)
    throw refusal("intake.secondOfficerNeeded", context, "officers.minCount.counter");
};

const deficientAndNotCorrectable: Guard = (state, context) => {
  const deficient = itemsWith(state, "deficient");
  if (deficient.length === 0) throw refusal("intake.nothingDeficient", context);
  const correctable = deficient.filter(
    (item) => item.verdict?.kind === "deficient" && item.verdict.correctableOnSpot,
  );
  if (correctable.length > 0 && context.profile.rule("notice.onlyIfNotCorrectableOnSpot").value)
    throw refusal(
      "intake.correctOnTheSpotFirst",
      context,
      "notice.onlyIfNotCorrectableOnSpot",
      ids(correctable),
    );
};

/** I1: one notice; a second one only as an override that a supervisor gives. */
const oneNotice: Guard = (state, context) => {
  if (state.notices.length > 0 && context.actor.role !== "supervisor")
    throw refusal("intake.secondNotice", context, "notice.oneTimeOnly");
};

/** Items the first notice named: only these may be asked for again (I2). */
export function firstNoticeItems(state: ApplicationState): readonly string[] {
  return state.notices[0]?.itemIds ?? [];
}

/** Deficient now, and not named by any notice so far. */
export function newDemands(state: ApplicationState): readonly ItemState[] {
  const told = new Set(state.notices.flatMap((notice) => notice.itemIds));
  return itemsWith(state, "deficient").filter((item) => !told.has(item.itemId));
}

const onlyOldDemands: Guard = (state, context) => {
  if (state.notices.length === 0)
    throw refusal("intake.wrongPhase", context, undefined, { phase: state.phase });
  if (itemsWith(state, "deficient").length === 0) throw refusal("intake.nothingDeficient", context);
  const added = newDemands(state);
  if (added.length > 0) throw refusal("intake.newDemand", context, "notice.oneTimeOnly", ids(added));
};

const beforeNotice: Guard = (state, context) => {
  if (state.notices.length > 0)
    throw refusal("intake.wrongPhase", context, undefined, { phase: state.phase });
};
const afterNotice: Guard = (state, context) => {
  if (state.notices.length === 0)
    throw refusal("intake.wrongPhase", context, undefined, { phase: state.phase });
};
const hasPapers: Guard = (state, context) => {
  if (state.papers.length === 0) throw refusal("intake.noSuchDocument", context);
};
const hasUnserved: Guard = (state, context) => {
  const open = state.papers.filter((paper) => paper.kind !== "serviceReceipt" && paper.voided === undefined);
  if (open.length === 0) throw refusal("intake.noSuchDocument", context);
  if (open.every((paper) => paper.servedMs !== undefined)) throw refusal("intake.alreadyServed", context);
};
const noSession: Guard = (state, context) => {
  if (hasOpenSession(state)) throw refusal("intake.sessionOpen", context);
};
const deemable: Guard = (state, context) => {
  if (deemedStatus(state, context).status !== "due")
    throw refusal("intake.notDeemedYet", context, "notice.deemedAcceptance");
};
const bySystem: Guard = (_state, context) => {
  if (context.actor.role !== "system") throw refusal("intake.wrongRole", context);
};
/** 承办人 proposes; whoever judged or proposed is no step of the chain, and nobody is two steps. */
const isNextStep: Guard = (state, context) => {
  const { proposal } = state;
  const step = proposal?.steps[proposal.given.length];
  if (proposal === undefined || step === undefined)
    throw refusal("intake.wrongPhase", context, undefined, { phase: state.phase });
  const { userId, role } = context.actor;
  if (!mayTake(step, role)) throw refusal("intake.notYourStep", context, "approvals.chain", { step });
  if (hasActed(state).includes(userId))
    throw refusal("intake.approverTwice", context, "approvals.chain", { step });
};
const byClerk: Guard = (_state, context) => {
  if (context.actor.role !== "clerk") throw refusal("intake.wrongRole", context);
};
const hasVoidable: Guard = (state, context) => {
  const kept = state.papers.filter((paper) => paper.kind !== "serviceReceipt" && paper.voided === undefined);
  if (kept.length === 0) throw refusal("intake.noSuchDocument", context);
  if (kept.every((paper) => paper.servedMs !== undefined)) throw refusal("intake.alreadyServed", context);
};
const awaitsScan: Guard = (state, context) => {
  if (!state.papers.some(({ ink }) => ink !== undefined && ink.closedMs === undefined))
    throw refusal("intake.noScanAwaited", context);
};
const reviewing = inPhase(UNDER_REVIEW);

const GUARDS: Readonly<Record<Exclude<IntakeCommandType, "start">, readonly Guard[]>> = {
  reopen: [noSession],
  showNotice: [atCounter],
  register: [inPhase(["STARTED"]), atCounter],
  receive: [inPhase(["REGISTERED"]), atCounter],
  judge: [reviewing],
  supplementOnSpot: [reviewing, beforeNotice, atCounter],
  correctOnSpot: [reviewing, atCounter],
  accept: [reviewing, allJudged, correctionsSigned, noneDeficient, certified],
  notifyCorrection: [
    reviewing,
    notDeemed,
    allJudged,
    correctionsSigned,
    deficientAndNotCorrectable,
    oneNotice,
    certified,
  ],
  notAccept: [inPhase(["REGISTERED", ...UNDER_REVIEW]), beforeNotice, notDeemed, certified],
  receiveSupplement: [
    inPhase(["CORRECTION_NOTIFIED", "SUPPLEMENT_RECEIVED", "REVIEWING", "ON_SPOT_CORRECTING"]),
    afterNotice,
    atCounter,
  ],
  remind: [reviewing, allJudged, correctionsSigned, onlyOldDemands],
  withdraw: [inPhase(["REGISTERED", ...UNDER_REVIEW, PENDING, "CORRECTION_NOTIFIED"]), notFinal],
  approve: [inPhase([PENDING]), isNextStep],
  recallProposal: [inPhase([PENDING]), byClerk],
  handToColleague: [notFinal, byClerk],
  voidPaper: [hasVoidable],
  closeOnScan: [awaitsScan],
  handOver: [atCounter, hasUnserved],
  recordService: [hasPapers],
  reissueClaimCode: [hasPapers],
  closeSession: [atCounter],
  deem: [bySystem, deemable],
};

/** Throws the refusal that stands in the way of this step, whatever the step's content. */
export function guard(
  command: Exclude<IntakeCommandType, "start">,
  state: ApplicationState,
  context: DecideContext,
): void {
  if (context.actor.role === "system" && command !== "deem") throw refusal("intake.wrongRole", context);
  for (const check of GUARDS[command]) check(state, context);
}
