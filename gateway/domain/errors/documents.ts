/** Error codes of documents; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const documentsErrors = {} as const satisfies Record<string, ErrorRow>;
