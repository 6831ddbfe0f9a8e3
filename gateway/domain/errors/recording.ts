/** Error codes of recording; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const recordingErrors = {} as const satisfies Record<string, ErrorRow>;
