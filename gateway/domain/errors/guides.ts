/** Codes of the service guide 服务指南. */
import type { ErrorRow } from "./row.ts";

export const guidesErrors = {
  "guides.badDraft": {
    meaning: "a guide that was written is not of its form; `place` names where",
    who: "supervisor",
    status: 422,
    zh: "服务指南填写不完整，请检查标出的项目。",
    en: "The guide is not complete. Check the place that is marked.",
  },
  "guides.noDraft": {
    meaning: "there is no draft of this matter to publish",
    who: "supervisor",
    status: 404,
    zh: "该事项没有待发布的草稿。",
    en: "This matter has no draft to publish.",
  },
  "guides.badDate": {
    meaning: "a version would come into force before today, or before one that is published already",
    who: "supervisor",
    status: 422,
    zh: "生效日期不能早于今天，也不能早于已发布的版本。",
    en: "A guide can't come into force before today or before an earlier version.",
  },
  "guides.unchanged": {
    meaning: "the draft says the same as the newest published version",
    who: "supervisor",
    status: 422,
    zh: "草稿与已发布版本内容相同，无需发布。",
    en: "The draft says the same as the published version.",
  },
} as const satisfies Record<string, ErrorRow>;
