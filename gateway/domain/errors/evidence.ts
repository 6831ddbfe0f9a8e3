/** Error codes of evidence; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const evidenceErrors = {} as const satisfies Record<string, ErrorRow>;
