/** Error codes of sync; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const syncErrors = {} as const satisfies Record<string, ErrorRow>;
