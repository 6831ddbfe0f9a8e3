/** What health needs from others; main.ts wires it. Invariant: asking never blocks on a disk or a camera. */
export type { Append, Projection, Views } from "../evidence/append.ts";
export type { JsonObject } from "../evidence/record.ts";

export interface CameraFigures {
  readonly id: string;
  readonly state: string;
  /** Milliseconds since the newest durable fragment; null before the first. */
  readonly lastFragmentAgeMs: number | null;
}

export interface LogFigures {
  /** Durable entries of the current log. */
  readonly size: number;
  /** Undefined before the first checkpoint. */
  readonly checkpointAgeMs?: number;
  readonly freeBytes: number;
  readonly queueBytes: number;
  readonly appendedBytes: number;
}

export interface Sources {
  cameras(): readonly CameraFigures[];
  log(): LogFigures;
  /** The exposure window: for how long no other party has seen what was logged. */
  exposureMs(): number;
  /** Above it there is an alarm. */
  readonly exposureLimitMs: number;
}
