/** The intake's own view put into the contract's form. Invariant: nothing is decided here; only names and shapes change. */
import { errorTable } from "../domain/errors.ts";
import type { RunningClock } from "../domain/intake/clocks.ts";
import type { NextAction } from "../domain/intake/next-actions.ts";
import { BEIJING_OFFSET_MS } from "../domain/time.ts";
import type {
  CommandResult,
  FootageOfApplication,
  IntakeListRow,
  IntakeView as DomainView,
  ItemView,
} from "../intake/results.ts";
import { counterId } from "../domain/ids.ts";
import { cameraId } from "../domain/ids.ts";
import type { Proposal } from "../domain/intake/state.ts";
import type { ProposalView } from "./contract/proposal-view.ts";
import type {
  ActionView,
  ChecklistItemView,
  ClockView,
  CommandAnswer,
  IntakeFootage,
  IntakeRow,
  IntakeView,
} from "./contract/intake-view.ts";
import { bilingual } from "./wording.ts";

const DAY_MS = 86_400_000;

export function clockView(clock: RunningClock, nowMs: number): ClockView {
  const { kind, due, fromDay, provisional, status, article } = clock;
  const endMs = Date.parse(`${due}T00:00:00Z`) + DAY_MS - BEIJING_OFFSET_MS;
  const leftMs = Math.round(endMs - nowMs);
  const toldOn = clock.toldDue ?? null;
  return { kind, fromDay, dueOn: due, leftMs, status, article, toldOn, provisional };
}

function actionView(action: NextAction): ActionView {
  if (action.allowed) return { action: action.action, allowed: true, refusal: null };
  const { zh, en } = errorTable[action.code];
  return {
    action: action.action,
    allowed: false,
    refusal: {
      code: action.code,
      message: { zh, en },
      ...(action.article === undefined ? {} : { article: action.article }),
    },
  };
}

function itemView(item: ItemView): ChecklistItemView {
  const correction = item.corrections.at(-1);
  return {
    itemId: item.itemId,
    itemVersion: item.itemVersion,
    name: bilingual(item.requirement.name),
    requirement: bilingual(item.requirement.legalForm),
    required: item.required,
    wanted: { form: item.requirement.form, copies: item.requirement.copies },
    handed: item.handed ?? null,
    verdict: item.verdict ?? null,
    comment: item.comment ?? null,
    correction:
      correction === undefined
        ? null
        : { place: correction.place, signed: correction.signature !== undefined },
  };
}

export function proposalView({ outcome, by, atMs, steps, given }: Proposal): ProposalView {
  return {
    outcome: outcome.type,
    by,
    at: atMs,
    steps: [...steps],
    given: given.map(opinionView),
    nextStep: steps[given.length] ?? null,
  };
}

function opinionView({ atMs, ...given }: Proposal["given"][number]): ProposalView["given"][number] {
  return { ...given, at: atMs };
}

export function intakeView(view: DomainView, nowMs: number): IntakeView {
  const { state } = view;
  const session = state.sessions.at(-1);
  const isOpen = session !== undefined && session.toMs === undefined;
  return {
    applicationId: state.applicationId,
    version: state.version,
    phase: state.phase,
    counterId: session?.counterId ?? null,
    session: {
      open: isOpen,
      openedAt: session?.fromMs ?? null,
      noticeShown: state.noticeShown !== undefined,
    },
    profile: { id: view.profile.id, version: view.profile.version, title: bilingual(view.profile.name) },
    matter:
      view.matter === undefined
        ? null
        : { code: view.matter.code, version: view.matter.version, name: bilingual(view.matter.name) },
    applicant: view.applicant ?? null,
    agent: view.agent ?? null,
    receivedOn: state.received?.receiptDay ?? null,
    handler: state.handlers.at(-1)?.userId ?? null,
    approvalSteps: [...view.approvalSteps],
    proposal: state.proposal === undefined ? null : proposalView(state.proposal),
    sentBack: state.sentBack === undefined ? null : opinionView(state.sentBack),
    checklist: view.items.map(itemView),
    clocks: view.clocks.map((clock) => clockView(clock, nowMs)),
    actions: view.actions.map(actionView),
    papers: view.papers.map((paper) => ({
      documentId: paper.documentId,
      kind: paper.kind,
      title: bilingual(paper.title),
      number: paper.number,
      issuedAt: paper.issuedMs,
      finished: paper.finished,
      service: paper.served ? "served" : paper.attempts.length > 0 ? "unsigned" : "open",
      awaitsScan: paper.ink !== undefined && paper.ink.closedMs === undefined,
      voided:
        paper.voided === undefined
          ? null
          : { at: paper.voided.atMs, by: paper.voided.by, reason: paper.voided.reason },
    })),
    titles: {
      acceptance: bilingual(view.titles.acceptance),
      correction: bilingual(view.titles.correction),
      withCorrection: view.titles.withCorrection.map(bilingual),
      nonAcceptance: bilingual(view.titles.nonAcceptance),
    },
    history: view.ledger.map((row) => ({
      at: row.atMs,
      what: row.what,
      by: row.userId,
      role: row.role,
      certNo: row.certNo ?? null,
      device: row.device,
      warnings: [...row.warnings],
      refused: row.refused ?? null,
      article: row.article ?? null,
    })),
  };
}

export function intakeRow(row: IntakeListRow, nowMs: number): IntakeRow {
  return {
    applicationId: row.applicationId,
    version: row.version,
    phase: row.phase,
    counterId: row.counterId === undefined ? null : counterId(row.counterId),
    sessionOpen: row.sessionOpen,
    matterName: row.matter === undefined ? null : bilingual(row.matter),
    applicantMasked: row.applicantMasked ?? null,
    startedAt: row.startedMs,
    nextDue: row.nextDue === undefined ? null : clockView(row.nextDue, nowMs),
  };
}

export function commandAnswer(result: CommandResult, view: DomainView, nowMs: number): CommandAnswer {
  return {
    intake: intakeView(view, nowMs),
    issued: result.papers.map(({ documentId, kind, number, finished }) => ({
      documentId,
      kind,
      number,
      finished,
    })),
    warnings: [...result.warnings],
    claimCode: result.claimCode ?? null,
  };
}

export function intakeFootage(footage: FootageOfApplication): IntakeFootage {
  return {
    applicationId: footage.applicationId,
    sessions: footage.sessions.map(({ fromMs, toMs, open, coverage }) => ({
      fromMs,
      toMs,
      open,
      coverage: coverage.map((one) => ({
        cameraId: cameraId(one.cameraId),
        fromMs: one.from,
        toMs: one.to,
        spans: one.spans.map(({ from, to }) => ({ fromMs: from, toMs: to })),
        gaps: one.gaps.map(({ from, to, cause }) => ({
          cameraId: cameraId(one.cameraId),
          fromMs: from,
          toMs: to,
          causes: [cause],
        })),
        complete: one.gaps.length === 0,
      })),
    })),
    agreement: footage.agreement.map(({ footage: span, article, ...one }) => ({
      ...one,
      footage: span === undefined ? null : { ...span },
      article: article ?? null,
    })),
  };
}
