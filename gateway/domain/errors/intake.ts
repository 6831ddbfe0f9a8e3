/** Error codes of intake; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const intakeErrors = {} as const satisfies Record<string, ErrorRow>;
