/** The shape of a row in the table of error codes. */

/** Who has to act when the code appears. */
export type ErrorActor = "applicant" | "clerk" | "technician" | "supervisor" | "archive" | "developer";

export interface ErrorRow {
  /** What happened and what it means for the record, for whoever maintains the box. */
  readonly meaning: string;
  readonly who: ErrorActor;
  /** HTTP status when the code reaches a caller over HTTP. */
  readonly status: number;
  /** The sentence people see in Chinese. */
  readonly zh: string;
  readonly en: string;
  /** The article behind a refusal, where there is one, such as `S1-6(4)`. */
  readonly article?: string;
}
