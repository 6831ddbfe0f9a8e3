/** Error codes of docks; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const docksErrors = {} as const satisfies Record<string, ErrorRow>;
