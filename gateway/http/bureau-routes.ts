/** The bureau's own system over HTTP: staff's side with a session, its program's side with a token. */
import type { DueRow, InboxRow, Outcome } from "../intake/bureau/bureau.ts";
import { documentId } from "../domain/ids.ts";
import { type CaseView, type DueView, type OutcomeView, bureauRoutes } from "./contract/bureau.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";
import type { ViewLog } from "./view-log.ts";

/** Who acts where a program calls. */
const PROGRAM = "bureau";

function caseView({ caseNo, matterCode, source, cameMs, applicationId, applicant }: InboxRow): CaseView {
  return {
    caseNo,
    matterCode,
    source,
    cameAt: cameMs,
    applicationId: applicationId ?? null,
    applicant: applicant ?? null,
  };
}
function outcomeView({
  id,
  atMs,
  applicationId,
  caseNo,
  kind,
  papers,
  servedDocumentId,
}: Outcome): OutcomeView {
  return {
    id,
    at: atMs,
    applicationId,
    caseNo: caseNo ?? null,
    // The view writes these kinds alone.
    kind: kind as OutcomeView["kind"],
    papers: [...papers],
    servedDocumentId: servedDocumentId === undefined ? null : documentId(servedDocumentId),
  };
}
function dueView(row: DueRow): DueView {
  const { stage, due } = row;
  return {
    applicationId: row.applicationId,
    caseNo: row.caseNo ?? null,
    status: row.status,
    date: row.date,
    decisionDue: due.date,
    provisional: due.provisional,
    effectiveDay: stage.effectiveDay,
    pauses: stage.pauses.map(({ to, ...pause }) => ({ ...pause, to: to ?? null })),
    extensionDays: stage.extension?.days ?? null,
    decided: stage.decided ?? null,
    documentId: row.documentId === undefined ? null : documentId(row.documentId),
  };
}

export function mountBureau(
  mount: Mount,
  { bureau, bureauToken }: Pick<HttpDeps, "bureau" | "bureauToken">,
  views: ViewLog,
): void {
  mount.route(bureauRoutes.listCases, async ({ caller, query }) => {
    await views.once({ by: caller.userId, act: "view", subject: "bureau/cases" });
    return (await bureau.inbox(query.all === undefined ? {} : { all: query.all })).map(caseView);
  });
  mount.route(bureauRoutes.takeCaseQr, async ({ caller, body }) =>
    caseView(await bureau.takeQr({ ...body, by: caller.userId })),
  );
  mount.route(bureauRoutes.importCases, async ({ caller, body }) => {
    const { applied, rows, problems } = await bureau.importTable({ ...body, by: caller.userId });
    return { applied, rows, problems: [...problems] };
  });
  mount.route(bureauRoutes.linkCase, async ({ caller, body }) =>
    caseView(await bureau.link({ ...body, by: caller.userId })),
  );
  mount.route(bureauRoutes.listDue, async () => (await bureau.due()).map(dueView));
  mount.route(bureauRoutes.pauseDecision, async ({ caller, params, body }) => {
    const { commandId, ...pause } = body;
    return dueView(await bureau.pause({ commandId, by: caller.userId, applicationId: params.id, pause }));
  });
  mount.route(bureauRoutes.resumeDecision, async ({ caller, params, body }) =>
    dueView(await bureau.resume({ ...body, by: caller.userId, applicationId: params.id })),
  );
  mount.route(bureauRoutes.extendDecision, async ({ caller, params, body }) => {
    const { commandId, ...extension } = body;
    return dueView(
      await bureau.extend({ commandId, by: caller.userId, applicationId: params.id, extension }),
    );
  });
  mount.route(bureauRoutes.enterDecision, async ({ caller, params, body }) => {
    const { commandId, ...made } = body;
    return dueView(await bureau.decide({ commandId, by: caller.userId, applicationId: params.id, made }));
  });
  mount.route(bureauRoutes.makeBureauToken, async ({ caller }) => ({
    token: await bureauToken.renew(caller.userId),
  }));

  mount.route(bureauRoutes.bureauCase, async ({ body }) => {
    const { commandId, ...given } = body;
    const { caseNo, applicationId } = await bureau.take({
      commandId,
      by: PROGRAM,
      source: "api",
      case: given,
    });
    return { caseNo, applicationId: applicationId ?? null };
  });
  mount.route(bureauRoutes.bureauOutcomes, async ({ query }) => {
    const { rows, next } = await bureau.outcomes(query.after, query.limit);
    return { rows: rows.map(outcomeView), next: next ?? null };
  });
  mount.route(bureauRoutes.bureauDecision, async ({ params, body }) => {
    const { commandId, ...made } = body;
    return dueView(await bureau.decide({ commandId, by: PROGRAM, applicationId: params.id, made }));
  });
  mount.route(bureauRoutes.bureauPause, async ({ params, body }) => {
    const { commandId, ...pause } = body;
    return dueView(await bureau.pause({ commandId, by: PROGRAM, applicationId: params.id, pause }));
  });
  mount.route(bureauRoutes.bureauResume, async ({ params, body }) =>
    dueView(await bureau.resume({ ...body, by: PROGRAM, applicationId: params.id })),
  );
}
