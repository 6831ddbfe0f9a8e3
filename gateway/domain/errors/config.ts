/** Error codes of the site file and the command line; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const configErrors = {
  "config.badArgument": {
    meaning: "a flag or variable at start has no such name or a value that can't be used",
    who: "technician",
    status: 500,
    zh: "启动参数或环境变量不正确。",
    en: "A start-up flag or variable is not usable.",
  },
  "config.siteUnreadable": {
    meaning: "the site file named at start can't be read or is not JSON",
    who: "technician",
    status: 500,
    zh: "站点配置文件无法读取。",
    en: "The site file cannot be read.",
  },
  "config.siteInvalid": {
    meaning:
      "the site file lacks something or says something that the schema does not know; details name the place",
    who: "technician",
    status: 500,
    zh: "站点配置文件内容不符合要求。",
    en: "The site file does not fit its schema.",
  },
} as const satisfies Record<string, ErrorRow>;
