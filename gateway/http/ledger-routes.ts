/** The ledgers and the alarms: what supervisors and technicians look over. */
import { healthRoutes } from "./contract/health.ts";
import { supervisorRoutes } from "./contract/supervisor.ts";
import type { Alarm } from "../health/alarms.ts";
import type { AlarmView } from "./contract/health.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

/** Leaves out what is undefined, as optional properties want it. */
const nextOf = (next: string | undefined): { next?: string } => (next === undefined ? {} : { next });

function alarmView(alarm: Alarm): AlarmView {
  const { code, subject, sinceMs, lastMs, count, seenBy, clearedMs, detail } = alarm;
  return { code, subject, since: sinceMs, lastAt: lastMs, count, seenBy, clearedAt: clearedMs, detail };
}

export function mountLedgers(mount: Mount, deps: HttpDeps): void {
  const { people, gaps, oversight, alarms } = deps;
  mount.route(supervisorRoutes.accessLedger, async ({ query }) => {
    const { rows, next } = await people.access.page(query);
    return {
      rows: rows.map(({ atMs, reason, applicationId, fromMs, toMs, basis, requestId, ...row }) => ({
        ...row,
        at: atMs,
        reason: reason ?? null,
        applicationId: applicationId ?? null,
        fromMs: fromMs ?? null,
        toMs: toMs ?? null,
        basis: basis ?? null,
        requestId: requestId ?? null,
      })),
      ...nextOf(next),
    };
  });
  mount.route(supervisorRoutes.gapLedger, async ({ query }) => {
    const { rows, next } = await gaps.page(query);
    return {
      rows: rows.map(({ cameraId, fromMs, toMs, causes }) => ({
        cameraId,
        fromMs: Math.round(fromMs),
        toMs: toMs === null ? null : Math.round(toMs),
        causes: [...causes],
      })),
      ...nextOf(next),
    };
  });
  mount.route(supervisorRoutes.overrideLedger, async ({ query }) => {
    const { rows, next } = await oversight.overrides(query);
    return { rows: rows.map(({ atMs, ...row }) => ({ ...row, at: atMs })), ...nextOf(next) };
  });
  mount.route(supervisorRoutes.documentLedger, async ({ query }) => {
    const { rows, next } = await oversight.issued(query);
    return {
      rows: rows.map(({ atMs, prints, ...row }) => ({ ...row, issuedAt: atMs, printCount: prints })),
      ...nextOf(next),
    };
  });
  mount.route(healthRoutes.listAlarms, async ({ query }) => (await alarms.list(query)).map(alarmView));
  mount.route(healthRoutes.seeAlarm, async ({ caller, body }) =>
    alarmView(await alarms.see({ ...body, by: caller.userId })),
  );
}
