/** The figures of /healthz: whether the box records, signs, is seen by others and has room. */
import type { Clock } from "../domain/time.ts";
import type { CameraFigures, Sources } from "./ports.ts";

export interface Figures {
  readonly version: string;
  readonly uptimeS: number;
  readonly cameras: readonly CameraFigures[];
  readonly log: { readonly size: number; readonly checkpointAgeMs: number | null };
  /** The exposure window: for how long no other party has seen what was logged. */
  readonly exposureMs: number;
  readonly freeBytes: number;
}

export interface Health {
  figures(): Figures;
}

/** Uptime counts from this call. */
export function createHealth(parts: {
  readonly version: string;
  readonly clock: Clock;
  readonly sources: Sources;
}): Health {
  const { version, clock, sources } = parts;
  const startedMs = clock.monotonicMs();
  return {
    figures() {
      const log = sources.log();
      return {
        version,
        uptimeS: Math.floor((clock.monotonicMs() - startedMs) / 1000),
        cameras: sources.cameras().map(({ id, state, lastFragmentAgeMs }) => ({
          id,
          state,
          lastFragmentAgeMs: lastFragmentAgeMs === null ? null : Math.max(0, Math.round(lastFragmentAgeMs)),
        })),
        log: {
          size: log.size,
          checkpointAgeMs:
            log.checkpointAgeMs === undefined ? null : Math.max(0, Math.round(log.checkpointAgeMs)),
        },
        exposureMs: Math.max(0, Math.round(sources.exposureMs())),
        freeBytes: log.freeBytes,
      };
    },
  };
}
