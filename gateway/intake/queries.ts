/**
 * What screens read. Invariant: clocks and allowed actions come from the same functions that decide, at the moment of
 * the question.
 */
import { addDays } from "../domain/calendar.ts";
import { CodedError } from "../domain/errors.ts";
import { maskedName } from "../domain/identity.ts";
import { timeAgreement } from "../domain/intake/agreement.ts";
import { clocksOf } from "../domain/intake/clocks.ts";
import { hasOpenSession } from "../domain/intake/guards.ts";
import { hasActed, stepsBefore } from "../domain/intake/approvals.ts";
import { nextActions } from "../domain/intake/next-actions.ts";
import type { ApplicationState } from "../domain/intake/state.ts";
import { userId } from "../domain/ids.ts";
import { beijingDate } from "../domain/time.ts";
import { papersWithCorrection, titleOf } from "./facts/titles.ts";
import { requirementOf } from "./facts/material.ts";
import type { Intake, IntakeOptions } from "./intake.ts";
import type { ViewTable } from "./ports.ts";
import type { Actor } from "./requests.ts";
import type { IntakeListRow, IntakeView, LedgerRow, PaperView, PendingApproval } from "./results.ts";
import type { Stored } from "./stored.ts";
import { refIn, under } from "./view-rows.ts";
import { pinnedProfile, worldFor } from "./world.ts";

const MOST_ROWS = 500;
const MOST_LEDGER_ROWS = 1000;
/** A notice issued today may run into a year that begins within this many days. */
const CALENDAR_AHEAD_DAYS = 30;
/** Whom a screen is drawn for when nobody in particular asks: a clerk without a certificate. */
const ANYBODY: Actor = { userId: userId("nobody"), role: "clerk" };

export function queries(
  options: IntakeOptions,
  table: ViewTable,
  stored: Stored,
): Pick<Intake, "matters" | "list" | "get" | "footageOf" | "pendingApprovals" | "missingCalendars"> {
  const required = async (id: string): Promise<ApplicationState> => {
    const state = await stored.state(id);
    if (state === undefined) throw new CodedError("intake.noSuchApplication");
    return state;
  };

  const clocksNow = async (state: ApplicationState) => {
    const { context } = await worldFor(options, { state, actor: { userId: ANYBODY.userId, role: "system" } });
    return { context, clocks: clocksOf(state, context) };
  };

  const listRow = async (state: ApplicationState): Promise<IntakeListRow> => {
    const { context, clocks } = await clocksNow(state);
    const { registered, sessions } = state;
    const person = registered === undefined ? undefined : await stored.person(registered.applicantPersonId);
    const applicant = person?.role === "applicant" ? person.applicant : undefined;
    const nextDue = clocks
      .filter((clock) => clock.status === "running" || clock.status === "breached")
      .toSorted((a, b) => (a.due < b.due ? -1 : 1))[0];
    const counterId = sessions.at(-1)?.counterId;
    return {
      applicationId: state.applicationId,
      version: state.version,
      phase: state.phase,
      startedMs: state.startedMs,
      sessionOpen: hasOpenSession(state),
      ...(context.matter === undefined
        ? {}
        : { matter: context.matter.name, matterCode: context.matter.code }),
      ...(applicant === undefined
        ? {}
        : { applicantMasked: applicant.kind === "person" ? maskedName(applicant.name) : applicant.name }),
      ...(counterId === undefined ? {} : { counterId }),
      ...(nextDue === undefined ? {} : { nextDue }),
    };
  };

  const papersOf = async (state: ApplicationState): Promise<readonly PaperView[]> => {
    const views: PaperView[] = [];
    for (const paper of state.papers) {
      const row = await stored.document(paper.documentId);
      if (row === undefined) continue;
      const finished = row.rendition !== undefined;
      views.push({
        ...paper,
        ref: row.ref,
        title: row.title,
        finished,
        served: paper.servedMs !== undefined,
      });
    }
    return views;
  };

  const ledgerOf = async (id: string): Promise<readonly LedgerRow[]> => {
    const rows = await table.range({ ...under(`ledger/${id}/`), limit: MOST_LEDGER_ROWS });
    return rows.map(([, row]) => {
      const ref = refIn(row);
      // Written by the projection in this form.
      return { ...(row as unknown as LedgerRow), ...(ref === undefined ? {} : { ref }) };
    });
  };

  return {
    matters: () => options.catalogue.matters(),
    async list(filter = {}) {
      const rows: IntakeListRow[] = [];
      const limit = Math.min(filter.limit ?? 100, MOST_ROWS);
      const { from } = under("list/");
      let { to } = under("list/");
      while (rows.length < limit) {
        const page = await table.range({ from, to, limit, reverse: true });
        for (const [at, { applicationId }] of page) {
          to = at;
          const state = typeof applicationId === "string" ? await stored.state(applicationId) : undefined;
          if (state === undefined || rows.length >= limit) continue;
          if (filter.openOnly === true && state.outcome !== undefined && !hasOpenSession(state)) continue;
          rows.push(await listRow(state));
        }
        if (page.length < limit) break;
      }
      return rows;
    },
    async get(applicationId, viewer = ANYBODY) {
      const state = await required(applicationId);
      const { context } = await worldFor(options, { state, actor: viewer });
      const { registered, outcome } = state;
      const { matter, profile } = context;
      const applicant =
        registered === undefined ? undefined : await stored.person(registered.applicantPersonId);
      const agent =
        registered?.agentPersonId === undefined ? undefined : await stored.person(registered.agentPersonId);
      const items =
        matter === undefined
          ? []
          : state.items.map((item) => ({ ...item, requirement: requirementOf(matter, item.itemId) }));
      const view: IntakeView = {
        state,
        items,
        clocks: clocksOf(state, context),
        actions: nextActions(state, context),
        papers: await papersOf(state),
        ledger: await ledgerOf(applicationId),
        profile: { id: profile.id, version: profile.version, name: profile.name },
        titles: {
          acceptance: titleOf("acceptanceNotice", profile),
          correction: titleOf("correctionNotice", profile),
          withCorrection: papersWithCorrection(profile).map((kind) => titleOf(kind, profile)),
          nonAcceptance: titleOf("nonAcceptanceNotice", profile),
        },
        ...(matter === undefined
          ? {}
          : { matter: { code: matter.code, version: matter.version, name: matter.name } }),
        ...(applicant?.role === "applicant" ? { applicant: applicant.applicant } : {}),
        ...(agent?.role === "agent" ? { agent: agent.agent } : {}),
        ...(outcome?.kind === "notAccepted" ? { notAccepted: outcome.reason } : {}),
        approvalSteps: stepsBefore(profile),
      };
      return view;
    },
    async pendingApprovals(limit = 100) {
      const rows = await table.range({ ...under("pending/"), limit: MOST_ROWS });
      const pending: PendingApproval[] = [];
      for (const [, { applicationId }] of rows) {
        const state = typeof applicationId === "string" ? await stored.state(applicationId) : undefined;
        if (state?.proposal === undefined) continue;
        const {
          phase: _phase,
          startedMs: _started,
          matterCode: _code,
          counterId: _counter,
          ...row
        } = await listRow(state);
        const nextStep = state.proposal.steps[state.proposal.given.length];
        pending.push({
          ...row,
          proposal: state.proposal,
          hasActed: hasActed(state),
          ...(nextStep === undefined ? {} : { nextStep }),
        });
      }
      return pending.toSorted((a, b) => a.proposal.atMs - b.proposal.atMs).slice(0, limit);
    },
    missingCalendars() {
      const today = beijingDate(options.clock.wallMs());
      const calendar = options.calendars.forRegion(options.profiles.current().rule("region").value);
      const years = [today, addDays(today, CALENDAR_AHEAD_DAYS)].map((day) => Number(day.slice(0, 4)));
      return [...new Set(years)].filter((year) => !calendar.knows(year));
    },
    async footageOf(applicationId) {
      const state = await required(applicationId);
      const sessions = await Promise.all(
        state.sessions.map(async ({ cameraIds, fromMs, toMs }) => {
          const to = toMs ?? options.clock.wallMs();
          const coverage = await options.footage.coverage(cameraIds, fromMs, to);
          return { fromMs, toMs: to, open: toMs === undefined, coverage };
        }),
      );
      const spans = sessions.flatMap(({ coverage }) =>
        coverage.flatMap((one) => one.spans.map(({ from, to }) => ({ fromMs: from, toMs: to }))),
      );
      const agreement = timeAgreement(state.papers, spans, pinnedProfile(options, state));
      return { applicationId, sessions, agreement };
    },
  };
}

/** Applications whose notice clock runs. */
export async function dueApplications(
  table: ViewTable,
  stored: Stored,
): Promise<readonly ApplicationState[]> {
  const states: ApplicationState[] = [];
  const { to } = under("due/");
  let { from } = under("due/");
  for (;;) {
    const page = await table.range({ from, to, limit: MOST_ROWS });
    for (const [at, { applicationId }] of page) {
      from = `${at}!`;
      const state = typeof applicationId === "string" ? await stored.state(applicationId) : undefined;
      if (state !== undefined) states.push(state);
    }
    if (page.length < MOST_ROWS) return states;
  }
}
