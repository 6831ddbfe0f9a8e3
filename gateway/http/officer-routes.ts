/** The registry of officers over HTTP. */
import { type Officer, standingOn } from "../domain/officers/officer.ts";
import { beijingDate } from "../domain/time.ts";
import { type OfficerView, officerRoutes } from "./contract/officers.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";

export function mountOfficers(mount: Mount, { officers, clock }: Pick<HttpDeps, "officers" | "clock">): void {
  const view = (officer: Officer): OfficerView => {
    const { officerId, name, kind, section, certificate, active, training } = officer;
    return {
      officerId,
      name,
      kind,
      section,
      certificate: certificate ?? null,
      active,
      standing: standingOn(officer, beijingDate(clock.wallMs())),
      training: [...training],
    };
  };
  mount.route(officerRoutes.listOfficers, async () => (await officers.list()).map(view));
  mount.route(officerRoutes.putOfficer, async ({ caller, params, body }) => {
    const { commandId, ...fields } = body;
    return view(await officers.put({ commandId, by: caller.userId, officer: { ...params, ...fields } }));
  });
  mount.route(officerRoutes.trainOfficer, async ({ caller, params, body }) => {
    const { commandId, ...training } = body;
    return view(await officers.train({ commandId, by: caller.userId, ...params, training }));
  });
  mount.route(officerRoutes.setOfficerActive, async ({ caller, params, body }) =>
    view(await officers.setActive({ ...body, by: caller.userId, ...params })),
  );
  mount.route(officerRoutes.importOfficers, async ({ caller, body }) => {
    const { applied, rows, problems } = await officers.importTable({ ...body, by: caller.userId });
    return { applied, rows, problems: [...problems] };
  });
}
