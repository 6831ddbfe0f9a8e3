/** Service 送达 over HTTP: what the clerk records of each attempt. */
import type { PersonRecord } from "../domain/intake/party.ts";
import type { AttemptAsked } from "../intake/service/attempt.ts";
import type { AttemptView, ServiceView as DomainView } from "../intake/service/services.ts";
import { type AttemptField, type ServiceView, serviceRoutes } from "./contract/service.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";
import type { ViewLog } from "./view-log.ts";

/** What the way has to state, one by one, under the names of the request. */
function stated(made: Extract<PersonRecord, { readonly role: "service" }>["made"]) {
  return Object.entries(made)
    .filter(([name]) => name !== "method")
    .map(([name, value]) => ({ name, value: Array.isArray(value) ? value.join("；") : String(value) }));
}

function attemptView({ attempt, words, account, lacking }: AttemptView): ServiceView["attempts"][number] {
  const { attemptId, method, status, happenedMs, recordedMs, by, servers, failed } = attempt;
  return {
    attemptId,
    method,
    status,
    happenedAt: happenedMs,
    recordedAt: recordedMs,
    by,
    servers: servers.map(({ officerId, certNo }) => ({ officerId, certNo: certNo ?? null })),
    credentialsShown: attempt.credentialsShown,
    placeKind: attempt.placeKind,
    words:
      words === undefined
        ? null
        : { recipient: words.recipient, place: words.place, stated: stated(words.made) },
    evidence: attempt.evidence.map((piece) => ({ ...piece })) as ServiceView["attempts"][number]["evidence"],
    lacking: [...lacking],
    failed:
      failed === undefined ? null : { why: failed.why, onDate: failed.onDate, account: account ?? null },
    warnings: [...attempt.warnings],
  };
}

function serviceView({ state, attempts, notified }: DomainView): ServiceView {
  const { documentId, applicationId, title, number, issuedMs, foreign } = state.paper;
  const { served } = state;
  return {
    documentId,
    applicationId,
    title,
    number,
    issuedAt: issuedMs,
    foreign,
    version: state.version,
    attempts: attempts.map(attemptView),
    served:
      served === undefined
        ? null
        : { method: served.method, servedAt: served.servedMs, recordedAt: served.recordedMs },
    notified:
      notified === undefined
        ? null
        : { due: notified.due, firstAttemptAt: notified.firstAttemptMs ?? null, inTime: notified.inTime },
  };
}

function asked({ happenedAt, ...attempt }: AttemptField): AttemptAsked {
  return { ...attempt, happenedMs: happenedAt };
}

export function mountService(mount: Mount, { services }: Pick<HttpDeps, "services">, views: ViewLog): void {
  mount.route(serviceRoutes.readService, async ({ caller, params }) => {
    const view = serviceView(await services.get(params.documentId));
    const { applicationId, documentId } = view;
    await views.once({ by: caller.userId, act: "view", subject: `service/${documentId}`, applicationId });
    return view;
  });
  mount.route(serviceRoutes.servicesOfIntake, async ({ caller, params }) => {
    const found = await services.ofApplication(params.id);
    await views.once({
      by: caller.userId,
      act: "view",
      subject: `service/${params.id}`,
      applicationId: params.id,
    });
    return found.map(serviceView);
  });
  mount.route(serviceRoutes.attemptService, async ({ caller, params, body }) =>
    serviceView(
      await services.attempt({ ...body, ...params, by: caller.userId, attempt: asked(body.attempt) }),
    ),
  );
  mount.route(serviceRoutes.supplyService, async ({ caller, params, body }) =>
    serviceView(
      await services.supply({
        ...body,
        ...params,
        by: caller.userId,
        // Dates are checked by the rules themselves.
        evidence: body.evidence as Parameters<typeof services.supply>[0]["evidence"],
      }),
    ),
  );
  mount.route(serviceRoutes.failService, async ({ caller, params, body }) =>
    serviceView(await services.fail({ ...body, ...params, by: caller.userId })),
  );
  mount.route(serviceRoutes.completeService, async ({ caller, params, body }) =>
    serviceView(await services.complete({ ...body, ...params, by: caller.userId })),
  );
}
