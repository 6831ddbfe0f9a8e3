/** Error codes of store; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const storeErrors = {} as const satisfies Record<string, ErrorRow>;
