/** Service guides over HTTP: the supervisor writes and publishes, the kiosk shows what is in force. */
import type { LicenceMatter } from "../domain/catalogue.ts";
import type { GuideDraft } from "../domain/guide/guide.ts";
import type { GuideRow } from "../intake/guides/guides.ts";
import { type GuideRowView, type GuideView, guideRoutes } from "./contract/guides.ts";
import type { HttpDeps } from "./deps.ts";
import type { Mount } from "./mount.ts";
import { bilingual } from "./wording.ts";

function content({ code, name, basis, decision, items }: GuideDraft) {
  return {
    code,
    name: bilingual(name),
    basis,
    legalDays: decision.legalDays,
    promisedDays: decision.promisedDays ?? null,
    items: items.map((item) => ({
      itemId: item.itemId,
      name: bilingual(item.name),
      form: item.form,
      copies: item.copies,
      required: item.required,
      legalForm: bilingual(item.legalForm),
      basis: item.basis,
    })),
  };
}
function guideView(matter: LicenceMatter): GuideView {
  return { ...content(matter), version: matter.version, publishedOn: matter.publishedOn };
}
function rowView({ code, inForce, coming, draft }: GuideRow): GuideRowView {
  return {
    code,
    inForce: inForce === undefined ? null : guideView(inForce),
    coming: coming.map(({ effectiveFrom, matter }) => ({ effectiveFrom, guide: guideView(matter) })),
    draft: draft === undefined ? null : { ...content(draft.guide), by: draft.by, at: draft.atMs },
  };
}

export function mountGuides(mount: Mount, { guides }: Pick<HttpDeps, "guides">): void {
  mount.route(guideRoutes.listGuides, async () => (await guides.rows()).map(rowView));
  mount.route(guideRoutes.importGuides, async ({ caller, body }) => {
    const { applied, matters, problems } = await guides.importText({ ...body, by: caller.userId });
    return { applied, matters: [...matters], problems: [...problems] };
  });
  mount.route(guideRoutes.saveGuideDraft, async ({ caller, body }) =>
    rowView(await guides.saveDraft({ ...body, by: caller.userId })),
  );
  mount.route(guideRoutes.publishGuide, async ({ caller, params, body }) =>
    rowView(await guides.publish({ ...body, ...params, by: caller.userId })),
  );
  mount.route(guideRoutes.kioskGuides, () => guides.matters().map(guideView));
}
