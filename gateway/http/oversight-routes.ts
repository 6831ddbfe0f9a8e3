/** Oversight at the desk; each route goes to the use case of its name, pages are set by the documents' own renderer. */
import type { FindingView as Found } from "../intake/oversight/inspections.ts";
import type { SampleRow } from "../intake/oversight/checks-view.ts";
import { reportCsv, reportPage } from "../intake/oversight/report-page.ts";
import { bookPage } from "./book-pages.ts";
import { DONE } from "./contract/fields.ts";
import { type FindingView, type SampleView, oversightRoutes } from "./contract/oversight.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

function sampleView({ period, askedBy, candidates, count, drawn }: SampleRow): SampleView {
  if (drawn === undefined) return { period, askedBy, candidates, count, drawn: null };
  const { atMs, items, ...rest } = drawn;
  return { period, askedBy, candidates, count, drawn: { ...rest, at: atMs, items: [...items] } };
}

type Said = { readonly atMs: number; readonly by: Found["by"]; readonly text: string };
const answered = (said: Said | undefined): FindingView["closed"] =>
  said === undefined ? null : { at: said.atMs, by: said.by, text: said.text };

function findingView(found: Found): FindingView {
  const { findingId, atMs, by, subject, text, order, responsible, dueOn, isOverdue } = found;
  return {
    findingId,
    at: atMs,
    by,
    subject,
    text,
    order,
    responsible,
    dueOn,
    isOverdue,
    article: found.article ?? null,
    rectified: answered(found.rectified),
    closed: answered(found.closed),
  };
}

export function mountOversight(mount: Mount, deps: HttpDeps): void {
  const { inspections, office, people, pages, clock } = deps;
  const authority = office.authority.name.zh;
  mount.route(oversightRoutes.drawSample, async ({ caller, body }) =>
    sampleView(await inspections.draw({ ...body, by: caller.userId })),
  );
  mount.route(oversightRoutes.listSamples, async () => (await inspections.samples()).map(sampleView));
  mount.route(oversightRoutes.commentCheck, async ({ caller, body }) => {
    await inspections.comment({ ...body, by: caller.userId });
    return DONE;
  });
  mount.route(oversightRoutes.newFinding, async ({ caller, body }) =>
    findingView(await inspections.find({ ...body, by: caller.userId })),
  );
  mount.route(oversightRoutes.listFindings, async () => (await inspections.findings()).map(findingView));
  mount.route(oversightRoutes.rectifyFinding, async ({ caller, params, body }) =>
    findingView(await inspections.rectify({ ...body, ...params, by: caller.userId })),
  );
  mount.route(oversightRoutes.closeFinding, async ({ caller, params, body }) =>
    findingView(await inspections.closeFinding({ ...body, ...params, by: caller.userId })),
  );
  mount.route(oversightRoutes.checkLedger, async ({ query }) =>
    (await inspections.ledger(query)).map(({ ref, atMs, by, kind, subject, text, momentMs }) => ({
      ref,
      at: atMs,
      by,
      kind,
      subject,
      text,
      momentMs: momentMs ?? null,
    })),
  );
  mount.route(oversightRoutes.oversightReport, async ({ query }) => {
    const report = await inspections.report(query.period);
    const rows = (of: typeof report.cameras) =>
      of.map((row) => ({ of: row.of, figures: { ...row.figures } }));
    return {
      period: report.period,
      officers: rows(report.officers),
      counters: rows(report.counters),
      cameras: rows(report.cameras),
      bodyCameras: rows(report.bodyCameras),
      inspections: { ...report.inspections },
      listed: report.listed.map(({ kind, atMs, applicationId, by, detail }) => ({
        kind,
        at: atMs,
        applicationId,
        by,
        detail: detail ?? null,
      })),
      uninformedComplaints: report.uninformedComplaints.length,
      overdue: report.overdue.length,
    };
  });
  mount.route(oversightRoutes.oversightReportPdf, async ({ query, reply }) => {
    const content = reportPage(authority, await inspections.report(query.period));
    reply.header("content-disposition", `inline; filename="report-${query.period}.pdf"`);
    return pages.pdf(content, clock.wallMs());
  });
  mount.route(oversightRoutes.oversightReportCsv, async ({ query, reply }) => {
    reply.header("content-disposition", `attachment; filename="report-${query.period}.csv"`);
    reply.type("text/csv; charset=utf-8");
    return reportCsv(authority, await inspections.report(query.period));
  });
  mount.route(oversightRoutes.bookPage, async ({ caller, params, query, reply }) => {
    const subject = `book/${params.book}`;
    await people.access.record({ by: caller.userId, act: "view", subject, ...query });
    reply.header("content-disposition", `inline; filename="${params.book}.pdf"`);
    return pages.pdf(await bookPage(deps, params.book, query), clock.wallMs());
  });
}
