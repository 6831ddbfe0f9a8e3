/** Holds, destruction lists and media at the desk; each route goes to the use case of its name. */
import { CodedError } from "../domain/errors.ts";
import { cameraId } from "../domain/ids.ts";
import { destructionPage } from "../intake/retention/destruction-page.ts";
import type { DestructionList, HoldRow, MediumRow } from "../intake/retention/retention-view.ts";
import {
  type DestructionView,
  type HoldView,
  type MediumView,
  retentionRoutes,
} from "./contract/retention.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";
import { actorOf } from "./record-routes.ts";

function holdView({ holdId, subject, reason, article, by, atMs, source, lifted }: HoldRow): HoldView {
  return {
    holdId,
    subject:
      subject.kind === "camera" ? { ...subject, cameraId: cameraId(subject.cameraId) } : { ...subject },
    reason,
    article: article ?? null,
    by,
    at: atMs,
    source: source ?? null,
    lifted: lifted === undefined ? null : { by: lifted.by, at: lifted.atMs, why: lifted.why },
  };
}

function listView(list: DestructionList): DestructionView {
  const { listId, items, entries, drawnBy, drawnMs, appraisal, approvals, rejected, done } = list;
  return {
    listId,
    items: items.map((item) => ({ ...item })),
    bodies: entries.reduce((sum, { seqs }) => sum + seqs.length, 0),
    drawn: { by: drawnBy, at: drawnMs },
    appraisal:
      appraisal === undefined ? null : { by: appraisal.by, at: appraisal.atMs, opinion: appraisal.opinion },
    approvals: approvals.map(({ by, atMs }) => ({ by, at: atMs })),
    rejected: rejected === undefined ? null : { by: rejected.by, at: rejected.atMs, why: rejected.why },
    done: done === undefined ? null : { by: done.by, at: done.atMs },
  };
}

function mediumView({ atMs, caseId, holdId, ...row }: MediumRow): MediumView {
  return { ...row, caseId: caseId ?? null, holdId: holdId ?? null, at: atMs };
}

export function mountRetention(mount: Mount, deps: HttpDeps): void {
  const { retention, pages, office, clock } = deps;
  const { setHold, liftHold, drawUpDestruction, registerMedium } = retentionRoutes;
  mount.route(retentionRoutes.listHolds, async () => (await retention.holds()).map(holdView));
  mount.route(setHold, async ({ caller, body }) =>
    holdView(await retention.hold({ ...body, ...actorOf(caller, setHold.audience) })),
  );
  mount.route(liftHold, async ({ caller, params, body }) =>
    holdView(await retention.lift({ ...body, ...params, ...actorOf(caller, liftHold.audience) })),
  );
  mount.route(retentionRoutes.listWarnings, async () =>
    (await retention.warnings()).map(({ atMs, horizonMs, items }) => ({
      at: atMs,
      horizonAt: horizonMs,
      items: items.map(({ what, of, endsMs }) => ({ what, of, endsAt: endsMs })),
    })),
  );
  mount.route(retentionRoutes.listDestructions, async () => (await retention.lists()).map(listView));
  mount.route(drawUpDestruction, async ({ caller, body }) =>
    listView(await retention.drawUp({ ...body, ...actorOf(caller, drawUpDestruction.audience) })),
  );
  mount.route(retentionRoutes.appraiseDestruction, async ({ caller, params, body }) =>
    listView(
      await retention.appraise({
        ...body,
        ...params,
        ...actorOf(caller, retentionRoutes.appraiseDestruction.audience),
      }),
    ),
  );
  mount.route(retentionRoutes.approveDestruction, async ({ caller, params, body }) =>
    listView(
      await retention.approve({
        ...body,
        ...params,
        ...actorOf(caller, retentionRoutes.approveDestruction.audience),
      }),
    ),
  );
  mount.route(retentionRoutes.rejectDestruction, async ({ caller, params, body }) =>
    listView(
      await retention.reject({
        ...body,
        ...params,
        ...actorOf(caller, retentionRoutes.rejectDestruction.audience),
      }),
    ),
  );
  mount.route(retentionRoutes.carryOutDestruction, async ({ caller, params, body }) =>
    listView(
      await retention.carryOut({
        ...body,
        ...params,
        ...actorOf(caller, retentionRoutes.carryOutDestruction.audience),
      }),
    ),
  );
  mount.route(retentionRoutes.destructionPage, async ({ params, reply }) => {
    const list = (await retention.lists()).find(({ listId }) => listId === params.listId);
    if (list === undefined) throw new CodedError("retention.noSuchList");
    reply.header("content-disposition", `inline; filename="destruction.pdf"`);
    return pages.pdf(destructionPage(office.authority.name.zh, list), clock.wallMs());
  });
  mount.route(retentionRoutes.listMedia, async () => (await retention.media()).map(mediumView));
  mount.route(registerMedium, async ({ caller, body }) => {
    const { caseId, holdId, ...rest } = body;
    return mediumView(
      await retention.registerMedium({
        ...rest,
        ...actorOf(caller, registerMedium.audience),
        ...(caseId === undefined ? {} : { caseId }),
        ...(holdId === undefined ? {} : { holdId }),
      }),
    );
  });
}
