/** Error codes of people; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const peopleErrors = {} as const satisfies Record<string, ErrorRow>;
