/**
 * Folds events into the state of one application. Invariant: total and pure; replaying the same events gives the same
 * state on every machine (I10), whatever profile or clock is there at the time.
 */
import type { HandedItem } from "./commands.ts";
import type { IntakeEvent } from "./events.ts";
import type { ApplicationState, ItemState, PaperState, Phase } from "./state.ts";

function started(event: IntakeEvent & { readonly type: "started" }): ApplicationState {
  const { applicationId, counterId, cameraIds, meta } = event;
  return {
    applicationId,
    version: event.version,
    phase: "STARTED",
    profile: meta.profile,
    startedMs: meta.at.wallMs,
    lastMs: meta.at.wallMs,
    lastCommandId: meta.commandId,
    sessions: [{ counterId, cameraIds, fromMs: meta.at.wallMs }],
    handlers: [{ userId: meta.actor.userId, fromMs: meta.at.wallMs }],
    items: [],
    notices: [],
    judges: [],
    reminders: 0,
    materialsReturned: false,
    papers: [],
    claimCodeHashes: [],
  };
}

function changeItem(
  items: readonly ItemState[],
  itemId: string,
  change: (item: ItemState) => ItemState,
): readonly ItemState[] {
  return items.map((item) => (item.itemId === itemId ? change(item) : item));
}

/** Newly handed papers are judged anew. */
function hand(items: readonly ItemState[], handed: readonly HandedItem[]): readonly ItemState[] {
  return handed.reduce<readonly ItemState[]>(
    (all, paper) =>
      changeItem(all, paper.itemId, ({ verdict: _judgedBefore, ...item }) => ({ ...item, handed: paper })),
    items,
  );
}

function correct(
  items: readonly ItemState[],
  event: IntakeEvent & { readonly type: "correctedOnSpot" },
): readonly ItemState[] {
  const { place, correctorPersonId, signature, meta } = event;
  const correction = {
    place,
    correctorPersonId,
    atMs: meta.at.wallMs,
    ...(signature === undefined ? {} : { signature }),
  };
  return changeItem(items, event.itemId, ({ verdict: _judgedBefore, ...item }) => ({
    ...item,
    corrections: [
      ...item.corrections.filter((one) => one.place !== place || one.signature !== undefined),
      correction,
    ],
  }));
}

function reviewPhase(items: readonly ItemState[]): Phase {
  const unsigned = items.some((item) => item.corrections.some((one) => one.signature === undefined));
  return unsigned ? "ON_SPOT_CORRECTING" : "REVIEWING";
}

function handOver(
  papers: readonly PaperState[],
  event: IntakeEvent & { readonly type: "handedOver" },
): readonly PaperState[] {
  const atMs = event.meta.at.wallMs;
  const signed = event.signature !== undefined;
  return papers.map((paper) =>
    paper.documentId === event.documentId
      ? {
          ...paper,
          attempts: [...paper.attempts, { atMs, recipientPersonId: event.recipientPersonId, signed }],
          ...(signed ? { servedMs: atMs } : {}),
          ...(event.signature?.mode === "ink" ? { ink: { sinceMs: atMs } } : {}),
        }
      : paper,
  );
}

function changePaper(
  papers: readonly PaperState[],
  documentId: PaperState["documentId"],
  change: (paper: PaperState) => PaperState,
): readonly PaperState[] {
  return papers.map((paper) => (paper.documentId === documentId ? change(paper) : paper));
}

/** The outcome ends the proposal behind it, also where the law made it first. */
function withoutProposal({ proposal: _ended, ...state }: ApplicationState): ApplicationState {
  return state;
}

function recordService(
  papers: readonly PaperState[],
  event: IntakeEvent & { readonly type: "serviceRecorded" },
): readonly PaperState[] {
  const { documentId, step, personId, servedMs } = event;
  const atMs = event.meta.at.wallMs;
  return papers.map((paper) => {
    if (paper.documentId !== documentId) return paper;
    if (step === "completed") return { ...paper, servedMs: servedMs ?? atMs };
    return { ...paper, attempts: [...paper.attempts, { atMs, recipientPersonId: personId, signed: false }] };
  });
}

/** What the event changes beside version, time and papers. */
// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which the compiler proves
function changes(state: ApplicationState, event: IntakeEvent): Partial<ApplicationState> {
  const atMs = event.meta.at.wallMs;
  switch (event.type) {
    case "started":
      return {};
    case "reopened": {
      const { counterId, cameraIds } = event;
      return { sessions: [...state.sessions, { counterId, cameraIds, fromMs: atMs }] };
    }
    case "noticeShown":
      return { noticeShown: { version: event.noticeVersion, language: event.language, atMs } };
    case "registered": {
      const { matterCode, matterVersion, applicantKind, applicantPersonId, agentPersonId } = event;
      const { previousApplicationId } = event;
      return {
        phase: "REGISTERED",
        // Pinned: a profile installed later does not change the rules of this application.
        profile: event.meta.profile,
        items: event.items.map((item) => ({ ...item, corrections: [] })),
        registered: {
          atMs,
          matterCode,
          matterVersion,
          applicantKind,
          applicantPersonId,
          oral: event.oral !== undefined,
          ...(agentPersonId === undefined ? {} : { agentPersonId }),
          ...(previousApplicationId === undefined ? {} : { previousApplicationId }),
        },
      };
    }
    case "received":
      return {
        phase: "RECEIVED",
        items: hand(state.items, event.items),
        received: {
          t0Ms: event.late?.atMs ?? atMs,
          receiptDay: event.receiptDay,
          ...(event.provisional === undefined ? {} : { provisional: true }),
          ntp: event.meta.at.ntp,
          by: (event.meta.responsible ?? event.meta.actor).userId,
          told: event.told ?? [],
          ...(event.late === undefined ? {} : { enteredMs: atMs }),
        },
      };
    case "judged": {
      const { verdict, comment, meta } = event;
      const items = changeItem(state.items, event.itemId, (item) => ({
        ...item,
        verdict,
        // A correction nobody signed falls away when the item is found deficient after all.
        corrections:
          verdict.kind === "deficient"
            ? item.corrections.filter((one) => one.signature !== undefined)
            : item.corrections,
        ...(comment === undefined ? {} : { comment }),
      }));
      const { userId } = meta.actor;
      const judges = state.judges.includes(userId) ? state.judges : [...state.judges, userId];
      return { phase: reviewPhase(items), items, judges };
    }
    case "supplementedOnSpot":
      return { phase: "ON_SPOT_SUPPLEMENT", items: hand(state.items, [event.item]) };
    case "correctedOnSpot": {
      const items = correct(state.items, event);
      return { phase: reviewPhase(items), items };
    }
    case "accepted": {
      const { kind, effectiveDay, documentDay, told = [] } = event;
      const outcome = { kind: "accepted", atMs, how: kind, effectiveDay, documentDay, told } as const;
      return { phase: "ACCEPTED", outcome };
    }
    case "correctionNotified": {
      const notice = { atMs, itemIds: event.itemIds, overridden: event.override !== undefined };
      return { phase: "CORRECTION_NOTIFIED", notices: [...state.notices, notice] };
    }
    case "notAccepted":
      return {
        phase: "NOT_ACCEPTED",
        outcome: { kind: "notAccepted", atMs, reason: event.reason },
        materialsReturned: event.returned.length > 0 || state.materialsReturned,
      };
    case "supplementReceived":
      return {
        phase: "SUPPLEMENT_RECEIVED",
        items: hand(state.items, event.items),
        supplemented: { atMs: event.late?.atMs ?? atMs, receiptDay: event.receiptDay },
      };
    case "proposed": {
      const { outcome, steps, meta } = event;
      const by = meta.actor.userId;
      const named = meta.responsible === undefined ? {} : { responsible: meta.responsible.userId };
      return { phase: "PENDING_APPROVAL", proposal: { outcome, steps, by, ...named, atMs, given: [] } };
    }
    case "approvalGiven": {
      if (state.proposal === undefined) throw new RangeError("an approval without a proposal");
      const { step, decision, opinion, meta } = event;
      const one = { step, by: meta.actor.userId, atMs, decision, opinion };
      if (decision === "return") return { phase: "REVIEWING", sentBack: one };
      return { proposal: { ...state.proposal, given: [...state.proposal.given, one] } };
    }
    case "proposalRecalled":
      return { phase: "REVIEWING" };
    case "handedToColleague":
      return { handlers: [...state.handlers, { userId: event.toUserId, fromMs: atMs }] };
    case "paperVoided": {
      const voided = { atMs, reason: event.reason, by: event.meta.actor.userId };
      return { papers: changePaper(state.papers, event.documentId, (paper) => ({ ...paper, voided })) };
    }
    case "signedPaperScanned": {
      const { documentId, scan } = event;
      return {
        papers: changePaper(state.papers, documentId, (paper) => ({
          ...paper,
          ink: { sinceMs: paper.ink?.sinceMs ?? atMs, scan, closedMs: atMs },
        })),
      };
    }
    case "reminded":
      return { phase: "CORRECTION_NOTIFIED", reminders: state.reminders + 1 };
    case "withdrawn":
      return {
        phase: "WITHDRAWN",
        outcome: { kind: "withdrawn", atMs },
        materialsReturned: event.returned.length > 0 || state.materialsReturned,
      };
    case "handedOver":
      return { papers: handOver(state.papers, event) };
    case "serviceRecorded":
      return { papers: recordService(state.papers, event) };
    case "claimCodeIssued":
      return {
        claimCodeHashes: event.revokes ? [event.codeHash] : [...state.claimCodeHashes, event.codeHash],
      };
    case "sessionClosed":
      return {
        sessions: state.sessions.map((session, index) =>
          index === state.sessions.length - 1 ? { ...session, toMs: atMs } : session,
        ),
      };
  }
}

/** A paper that is signed in ink as it is issued. */
function signedInInk(event: IntakeEvent, kind: PaperState["kind"]): boolean {
  return (
    event.type === "registered" && kind === "oralApplicationRecord" && event.oral?.signature.mode === "ink"
  );
}

/** Throws RangeError when the event can't follow: another version, or no `started` before it. */
export function evolve(state: ApplicationState | undefined, event: IntakeEvent): ApplicationState {
  if (event.version !== (state?.version ?? 0) + 1)
    throw new RangeError(`event ${event.version} does not follow version ${state?.version ?? 0}`);
  if (state === undefined) {
    if (event.type !== "started") throw new RangeError("an application begins with `started`");
    return started(event);
  }
  const next: ApplicationState = { ...state, ...changes(state, event) };
  const changed = next.phase === "PENDING_APPROVAL" ? next : withoutProposal(next);
  const issuedMs = event.meta.at.wallMs;
  const papers = event.papers.map(({ documentId, kind, number }): PaperState => ({
    documentId,
    kind,
    number,
    issuedMs,
    version: event.version,
    attempts: [],
    ...(signedInInk(event, kind) ? { ink: { sinceMs: issuedMs } } : {}),
  }));
  return {
    ...changed,
    version: event.version,
    lastMs: issuedMs,
    lastCommandId: event.meta.commandId,
    papers: [...changed.papers, ...papers],
  };
}
