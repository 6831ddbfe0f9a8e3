/** Case files at the desk; each route goes to the use case of its name. */
import {
  CHECK_OF,
  type FourPropertyReport,
  PROPERTIES,
  outcomeOf,
} from "../domain/case-files/four-properties.ts";
import { CodedError } from "../domain/errors.ts";
import { fourPropertyPage, handOverPage } from "../intake/case-files/case-pages.ts";
import type { CaseListRow, CaseView } from "../intake/case-files/case-files.ts";
import type { HandOverRow } from "../intake/case-files/case-rows.ts";
import {
  type CaseDetail,
  type CaseRowView,
  type FourProperties,
  type HandOverView,
  caseFileRoutes,
} from "./contract/case-files.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";
import { actorOf, recordRow } from "./record-routes.ts";

function rowView({ row, title, due, state }: CaseListRow): CaseRowView {
  return {
    caseId: row.caseId,
    title: title ?? null,
    activity: row.activity,
    atCounter: row.applicationId !== undefined,
    openedAt: row.openedMs,
    endedAt: row.endedMs ?? null,
    due:
      due === undefined
        ? null
        : {
            lastDay: due.lastDay,
            days: due.days,
            article: due.article ?? null,
            inferred: due.inferred,
            overdue: due.overdue,
          },
    state,
    archivalCode: row.filed?.archivalCode ?? null,
    keep: row.filed?.keep ?? null,
  };
}

function reportView(report: FourPropertyReport): FourProperties {
  return {
    checkedAt: report.checkedMs,
    properties: PROPERTIES.map((property) => ({ property, outcome: outcomeOf(report, property) })),
    results: report.results.map(({ check, outcome, counted, wrong }) => ({
      check,
      property: CHECK_OF[check],
      outcome,
      counted,
      wrong: [...wrong],
    })),
  };
}

function detailView(view: CaseView): CaseDetail {
  return {
    row: rowView(view),
    members: view.members.map(({ type, what, atMs, scanId }) => ({
      type,
      what,
      at: atMs,
      ...(scanId === undefined ? {} : { scanId }),
    })),
    records: view.records.map(recordRow),
    missing: view.missing.map(({ what, of, lacks }) => ({ what, of, lacks: [...lacks] })),
    report: view.report === undefined ? null : reportView(view.report),
  };
}

function handOverView({ listId, caseIds, from, fromSignedMs, to, toSignedMs }: HandOverRow): HandOverView {
  return {
    listId,
    caseIds: [...caseIds],
    from,
    fromSignedAt: fromSignedMs,
    to: to ?? null,
    toSignedAt: toSignedMs ?? null,
  };
}

export function mountCaseFiles(mount: Mount, deps: HttpDeps): void {
  const { caseFiles, archivalMetadata, pages, office, clock, health } = deps;
  const authority = office.authority.name.zh;
  mount.route(caseFileRoutes.listCaseFiles, async ({ query }) => {
    const rows = await caseFiles.list({ limit: query.limit ?? 100, overdueOnly: query.overdue === true });
    return rows.map(rowView);
  });
  mount.route(caseFileRoutes.caseDetail, async ({ params }) =>
    detailView(await caseFiles.get(params.caseId)),
  );
  mount.route(caseFileRoutes.endAct, async ({ caller, params, body }) => {
    const { lawLimit, ...rest } = body;
    await caseFiles.end({
      ...rest,
      ...params,
      ...actorOf(caller, caseFileRoutes.endAct.audience),
      ...(lawLimit === undefined ? {} : { lawLimit }),
    });
    return rowView(await caseFiles.get(params.caseId));
  });
  mount.route(caseFileRoutes.checkCase, async ({ params }) =>
    reportView(await caseFiles.check(params.caseId)),
  );
  mount.route(caseFileRoutes.fileCase, async ({ caller, params, body }) => {
    const { explained, ...rest } = body;
    return detailView(
      await caseFiles.file({
        ...rest,
        ...params,
        ...actorOf(caller, caseFileRoutes.fileCase.audience),
        ...(explained === undefined ? {} : { explained }),
      }),
    );
  });
  mount.route(caseFileRoutes.caseReportPage, async ({ params, reply }) => {
    const view = await caseFiles.get(params.caseId);
    if (view.report === undefined) throw new CodedError("http.notFound");
    reply.header("content-disposition", `inline; filename="four-properties.pdf"`);
    return pages.pdf(fourPropertyPage(authority, view, view.report, deps.kinds), clock.wallMs());
  });
  mount.route(caseFileRoutes.caseMetadata, async ({ params }) => {
    const lists = await caseFiles.metadata(params.caseId, {
      elements: archivalMetadata,
      authority,
      software: health.figures().version,
    });
    return lists.map((elements) =>
      elements.map(({ name, zh, group, obligation, value }) => ({
        name,
        zh,
        group,
        obligation,
        value: Array.isArray(value) ? [...value] : (value as string | number | null),
      })),
    );
  });
  mount.route(caseFileRoutes.handOverCases, async ({ caller, body }) =>
    handOverView(
      await caseFiles.handOver({ ...body, ...actorOf(caller, caseFileRoutes.handOverCases.audience) }),
    ),
  );
  mount.route(caseFileRoutes.takeOverCases, async ({ caller, params, body }) =>
    handOverView(
      await caseFiles.takeOver({
        ...body,
        ...params,
        ...actorOf(caller, caseFileRoutes.takeOverCases.audience),
      }),
    ),
  );
  mount.route(caseFileRoutes.listHandOvers, async () => (await caseFiles.handOvers()).map(handOverView));
  mount.route(caseFileRoutes.handOverPage, async ({ params, reply }) => {
    const list = (await caseFiles.handOvers()).find(({ listId }) => listId === params.listId);
    if (list === undefined) throw new CodedError("filing.noSuchList");
    const cases = await Promise.all(list.caseIds.map((id) => caseFiles.get(id)));
    reply.header("content-disposition", `inline; filename="hand-over.pdf"`);
    return pages.pdf(handOverPage(authority, list, cases), clock.wallMs());
  });
}
