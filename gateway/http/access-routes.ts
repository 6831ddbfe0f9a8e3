/** Requests for viewing and copying, labels and seals at the desk; each goes to the use case of its name. */
import { CodedError } from "../domain/errors.ts";
import type { RequestView } from "../intake/access/access-desk.ts";
import { type AccessRequestView, accessRoutes } from "./contract/access.ts";
import { DONE } from "./contract/fields.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

function answerOf({ request, status, person }: RequestView): AccessRequestView {
  const { requester, matterId, footage, decision, approvals, supplies, shown, receipt } = request;
  return {
    requestId: request.requestId,
    status,
    at: request.atMs,
    registeredBy: request.registeredBy,
    requester: requester.kind,
    person: person ?? null,
    act: request.act,
    material: request.material,
    inProceeding: request.inProceeding,
    matterId: matterId ?? null,
    footage: (footage ?? null) as AccessRequestView["footage"],
    purpose: request.purpose,
    article: decision.article ?? null,
    outsideThisRule: decision.outsideThisRule,
    credentials: decision.credentials.map((group) => [...group]),
    shown: shown.map(({ kind, scan }) => ({ kind, scan })),
    steps: decision.steps.map(({ office, article }) => ({ office, article: article ?? null })),
    approvals: approvals.map(({ office, by, atMs, approved, opinion }) => ({
      office,
      by,
      at: atMs,
      approved,
      opinion,
    })),
    looks: request.looks,
    supplies: supplies.map(({ ref, atMs, by, sha256, what }) => ({
      ref,
      at: atMs,
      by,
      sha256: sha256 as AccessRequestView["supplies"][number]["sha256"],
      what,
    })),
    receiptAt: receipt?.atMs ?? null,
  };
}

export function mountAccess(mount: Mount, deps: HttpDeps): void {
  const { access } = deps;
  mount.route(accessRoutes.newAccessRequest, async ({ caller, body }) =>
    answerOf(await access.request({ ...body, caller })),
  );
  mount.route(accessRoutes.listAccessRequests, async ({ caller, query }) =>
    (await access.listFor(caller, query)).map(answerOf),
  );
  mount.route(accessRoutes.readAccessRequest, async ({ caller, params }) =>
    answerOf(await access.read(caller, params.requestId)),
  );
  mount.route(accessRoutes.checkAccessCredentials, async ({ caller, params, body }) =>
    answerOf(await access.checkCredentials({ ...body, ...params, caller })),
  );
  mount.route(accessRoutes.decideAccessRequest, async ({ caller, params, body }) =>
    answerOf(await access.decide({ ...body, ...params, caller })),
  );
  mount.route(accessRoutes.signAccessReceipt, async ({ caller, params, body }) =>
    answerOf(await access.receipt({ ...body, ...params, caller })),
  );
  mount.route(accessRoutes.closeAccessRequest, async ({ caller, params, body }) =>
    answerOf(await access.close({ ...body, ...params, caller })),
  );
  mount.route(accessRoutes.retainedCopy, async ({ params }) => {
    const { request } = await access.get(params.requestId);
    const supply = request.supplies[Number(params.index)];
    if (supply === undefined) throw new CodedError("http.notFound");
    return access.retained(supply.ref);
  });
  mount.route(accessRoutes.labelMatter, async ({ caller, params, body }) => {
    const target = `matter/${params.matterId}`;
    await access.label({ ...body, target, caller });
    return { labels: [...(await access.labelsOf(target))] };
  });
  mount.route(accessRoutes.labelFile, async ({ caller, params, body }) => {
    const target = `file/${params.fileId}`;
    await access.label({ ...body, target, caller });
    return { labels: [...(await access.labelsOf(target))] };
  });
  mount.route(accessRoutes.sealMatter, async ({ caller, params, body }) => {
    await access.seal({ ...body, ...params, caller });
    return DONE;
  });
  mount.route(accessRoutes.decideSeal, async ({ caller, params, body }) => {
    await access.decideSeal({ ...body, ...params, caller });
    return DONE;
  });
  mount.route(accessRoutes.listSeals, async () =>
    (await access.seals()).map(({ sealedMs, ...seal }) => ({ ...seal, sealedAt: sealedMs })),
  );
}
