/** Records at the desk; each route goes to the use case of its name. Invariant: what was written is shown only after its row in the ledger. */
import { avMattersPage } from "../intake/records/av-matters-page.ts";
import type { RecordView } from "../intake/records/records.ts";
import type { PersonCaller } from "./caller.ts";
import { type RecordRow, recordRoutes } from "./contract/records.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

const DESK = "desk";

/** The strongest role of those the route admits; it stands in the entry. */
export function actorOf(caller: PersonCaller, admitted: readonly string[]) {
  const role = caller.roles.find((one) => admitted.includes(one)) ?? "clerk";
  return { actor: { userId: caller.userId, role }, device: DESK };
}

export function recordRow(view: RecordView): RecordRow {
  const { facts, row, lacks } = view;
  return {
    recordId: facts.recordId,
    caseId: facts.caseId,
    kind: facts.kind,
    name: { ...row.name },
    activity: facts.activity,
    stage: row.stage,
    articles: [...view.articles],
    startMs: facts.startMs,
    endMs: facts.endMs,
    recordedMs: facts.recordedMs,
    by: facts.by,
    av: view.av,
    deficient: view.deficient,
    lacks: lacks.map(({ lack, what, article }) => ({ lack, what: what ?? null, article: article ?? null })),
    interruptions: view.interruptions.map((hole) => ({ ...hole })),
    lateMs: view.lateMs,
    footage: facts.footage.length,
    scans: facts.scans.length,
    uninformed: view.uninformed,
    approvedBy: facts.approved?.by ?? null,
  };
}

/** Leaves out what is undefined, as optional properties want it. */
function given<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [Key in keyof Value]: Exclude<Value[Key], undefined>;
  };
}

export function mountRecords(mount: Mount, deps: HttpDeps): void {
  const { records, kinds, profiles, people, pages, office, clock } = deps;
  mount.route(recordRoutes.recordCatalogue, () => {
    const profile = profiles.current();
    return {
      kinds: kinds.kinds.map(({ name, av, hold, continuous: _continuous, ...row }) => ({
        ...row,
        name: { ...name },
        activities: [...row.activities],
        articles: [...row.articles],
        fields: [...row.fields],
        signers: row.signers.map((one) => ({ ...one, roles: [...one.roles] })),
        av: av.map(({ context }) => context),
        hold: hold ?? null,
      })),
      matters: kinds.matters.map(({ context, name, rules }) => {
        const rule = rules[profile.regulation];
        return {
          context,
          name: { ...name },
          rule:
            rule === undefined
              ? null
              : { rule: rule.rule, article: rule.article, photoFallback: rule.photoFallback },
        };
      }),
      words: kinds.words,
      activities: kinds.kinds
        .flatMap(({ activities }) => activities)
        .filter((one, at, all) => all.indexOf(one) === at)
        .filter((one) => profile.rule("activityKinds").value.includes(one)),
      avReasons: [...profile.rule("av.exemptionReasons").value],
    };
  });
  mount.route(recordRoutes.avMattersPage, async ({ reply }) => {
    reply.header("content-disposition", `inline; filename="av-matters.pdf"`);
    const content = avMattersPage(office.authority.name.zh, profiles.current(), kinds);
    return pages.pdf(content, clock.wallMs());
  });
  mount.route(recordRoutes.listRecords, async ({ query }) => {
    const { deficient, uninformed, ...filter } = query;
    const views = await records.list(
      given({ ...filter, deficientOnly: deficient, uninformedOnly: uninformed }),
    );
    return views.map(recordRow);
  });
  mount.route(recordRoutes.openCase, async ({ caller, body }) => {
    const { caseId } = await records.openCase({
      ...given(body),
      ...actorOf(caller, recordRoutes.openCase.audience),
    });
    return { caseId };
  });
  mount.route(recordRoutes.makeRecord, async ({ caller, params, body }) =>
    recordRow(
      await records.make({ ...given(body), ...params, ...actorOf(caller, recordRoutes.makeRecord.audience) }),
    ),
  );
  mount.route(recordRoutes.recordDetail, async ({ caller, params }) => {
    const view = await records.get(params.recordId);
    await people.access.record({ by: caller.userId, act: "view", subject: `record/${params.recordId}` });
    const { place, fields, officers, signatures, avReason, interruptionReason, erased } =
      await records.content(params.recordId);
    return {
      row: recordRow(view),
      place: place ?? null,
      fields: { ...fields },
      officers: officers.map((one) => ({ ...one })),
      signatures: signatures.map((one) => ({ ...one })),
      avReason: avReason ?? null,
      interruptionReason: interruptionReason ?? null,
      erased,
    };
  });
  mount.route(recordRoutes.supplementRecord, async ({ caller, params, body }) =>
    recordRow(
      await records.supplement({
        ...given(body),
        ...params,
        ...actorOf(caller, recordRoutes.supplementRecord.audience),
      }),
    ),
  );
  mount.route(recordRoutes.approveRecord, async ({ caller, params, body }) =>
    recordRow(
      await records.approve({ ...body, ...params, ...actorOf(caller, recordRoutes.approveRecord.audience) }),
    ),
  );
}
