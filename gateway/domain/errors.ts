/**
 * The one table of error codes, put together from one file per area under `errors/`, and the only error
 * class that crosses a use case's border. Invariant: a code not in the table can't be thrown.
 */
import { accessErrors } from "./errors/access.ts";
import { bureauErrors } from "./errors/bureau.ts";
import { configErrors } from "./errors/config.ts";
import { devicesErrors } from "./errors/devices.ts";
import { docksErrors } from "./errors/docks.ts";
import { documentsErrors } from "./errors/documents.ts";
import { evidenceErrors } from "./errors/evidence.ts";
import { guidesErrors } from "./errors/guides.ts";
import { healthErrors } from "./errors/health.ts";
import { httpErrors } from "./errors/http.ts";
import { intakeErrors } from "./errors/intake.ts";
import { oversightErrors } from "./errors/oversight.ts";
import { officersErrors } from "./errors/officers.ts";
import { peopleErrors } from "./errors/people.ts";
import { recordingErrors } from "./errors/recording.ts";
import { scansErrors } from "./errors/scans.ts";
import { serviceErrors } from "./errors/service.ts";
import { recordsErrors } from "./errors/records.ts";
import { storeErrors } from "./errors/store.ts";
import { syncErrors } from "./errors/sync.ts";
import type { ErrorRow } from "./errors/row.ts";

export const errorTable = {
  ...accessErrors,
  ...bureauErrors,
  ...configErrors,
  ...devicesErrors,
  ...docksErrors,
  ...documentsErrors,
  ...evidenceErrors,
  ...guidesErrors,
  ...healthErrors,
  ...httpErrors,
  ...intakeErrors,
  ...oversightErrors,
  ...officersErrors,
  ...peopleErrors,
  ...recordingErrors,
  ...scansErrors,
  ...serviceErrors,
  ...recordsErrors,
  ...storeErrors,
  ...syncErrors,
} satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

/** What a caller may be shown beside the text: plain values, never personal data, never a secret. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A refusal or failure with a code from the table; everything else is a defect (`internal` to people). */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(`${code}: ${errorTable[code].en}`, options);
    this.name = "CodedError";
    this.code = code;
    this.details = details;
  }
}
