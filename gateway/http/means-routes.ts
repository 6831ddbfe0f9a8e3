/** The report of means at the desk: as a table, a page and a CSV of the same figures. */
import { COUNTER_SESSION } from "../domain/oversight/means.ts";
import type { DocumentKinds } from "../domain/records/document-kinds.ts";
import { meansCsv, meansPage } from "../intake/oversight/means-page.ts";
import type { MeansReport } from "../intake/oversight/means.ts";
import { MOST_NOTED, type MeansView, oversightRoutes } from "./contract/oversight.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

type Words = MeansView["kinds"][number]["kind"];

function wordsOf(kinds: DocumentKinds) {
  const own = (id: string, found: Words | undefined): Words => ({ zh: found?.zh ?? id, en: found?.en ?? id });
  return {
    activity: (id: string) => own(id, kinds.words.activities[id]),
    stage: (id: string) => own(id, kinds.words.stages[id]),
    kind: (id: string) =>
      own(id, id === COUNTER_SESSION ? kinds.matter("counterAcceptance")?.name : kinds.find(id)?.name),
  };
}

function meansView({ period, kinds, sums, sections, withoutPurpose }: MeansReport): MeansView {
  const words = wordsOf(kinds);
  const rows = (of: MeansReport["sections"]): MeansView["sections"] =>
    of.map((row) => ({ of: row.of, counts: { ...row.counts } }));
  return {
    period,
    kinds: sums.kinds.map(({ activity, stage, kind, rule, article, counts }) => ({
      activity: words.activity(activity),
      stage: words.stage(stage),
      kind: words.kind(kind),
      rule,
      article: article ?? null,
      counts: { ...counts },
    })),
    sections: rows(sections),
    officers: rows(sums.officers),
    choices: sums.choices.map(({ kind, of, acts, recorded }) => ({
      kind: words.kind(kind),
      of,
      acts,
      recorded,
    })),
    noted: sums.noted.slice(0, MOST_NOTED).map(({ id, matterId, kind, by, atMs, remarks }) => ({
      id,
      matterId,
      kind: words.kind(kind),
      by,
      at: atMs,
      remarks: remarks.map(({ remark, article }) => ({ remark, article: article ?? null })),
    })),
    notedCount: sums.noted.length,
    withoutPurpose: withoutPurpose.map(({ of, files }) => ({ of, files })),
  };
}

export function mountMeans(mount: Mount, { inspections, office, pages, clock }: HttpDeps): void {
  const authority = office.authority.name.zh;
  mount.route(oversightRoutes.meansReport, async ({ query }) =>
    meansView(await inspections.means(query.period)),
  );
  mount.route(oversightRoutes.meansReportPdf, async ({ query, reply }) => {
    const content = meansPage(authority, await inspections.means(query.period));
    reply.header("content-disposition", `inline; filename="means-${query.period}.pdf"`);
    return pages.pdf(content, clock.wallMs());
  });
  mount.route(oversightRoutes.meansReportCsv, async ({ query, reply }) => {
    reply.header("content-disposition", `attachment; filename="means-${query.period}.csv"`);
    reply.type("text/csv; charset=utf-8");
    return meansCsv(authority, await inspections.means(query.period));
  });
}
