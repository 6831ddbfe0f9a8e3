/** Error codes of health; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const healthErrors = {
  "health.noSuchAlarm": {
    meaning: "no open alarm has this code and subject",
    who: "technician",
    status: 404,
    zh: "没有该告警。",
    en: "There is no such alarm.",
  },
} as const satisfies Record<string, ErrorRow>;
