/** Error codes of devices; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const devicesErrors = {} as const satisfies Record<string, ErrorRow>;
