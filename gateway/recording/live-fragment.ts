/**
 * What live viewers get: a fragment as it was cut, perhaps before it is durable.
 * Invariant: it confirms nothing; evidence is read from the log.
 */

export interface LiveFragment {
  readonly init: Uint8Array;
  readonly bytes: Uint8Array;
  readonly t: number;
  readonly durMs: number;
  readonly codec: string;
  readonly cont: boolean;
}
