/**
 * Repeats passes for as long as it is wanted, with a pause that grows while the link is down. Invariant: a
 * failed pass loses nothing; the next one asks the archive where it stands.
 */
import { setTimeout as pause } from "node:timers/promises";
import { ArchiveSide } from "./archive-side.ts";
import { UNLIMITED, byteRate } from "./byte-rate.ts";
import { GatewaySide } from "./gateway-side.ts";
import { type PassResult, replicate } from "./replicate.ts";
import { HttpRefusal, type TlsIdentity, Transport } from "./transport.ts";

export interface Peer {
  readonly url: string;
  readonly tls: TlsIdentity;
}

export interface ReplicatorOptions {
  readonly gateway: Peer;
  readonly archive: Peer;
  /** Pause after a pass that went through, ms. */
  readonly pauseMs: number;
  /** Upper limit of footage and papers together; none when absent. */
  readonly bytesPerSecond?: number;
  readonly onReport: (report: ReplicationReport) => void;
}

export type ReplicationReport =
  | ({ readonly kind: "pass" } & PassResult)
  /** `refused`: the archive or gateway said no (status, code); `away`: no answer. Repeats are counted. */
  | {
      readonly kind: "fault";
      readonly fault: "refused" | "away";
      readonly status?: number;
      readonly code: string;
      readonly times: number;
    };

const MOST_PAUSE_MS = 2000;
const FIRST_PAUSE_MS = 250;
/** No pass is longer; what is not done by then goes on in the next one. */
const PASS_LIMIT_MS = 15 * 60_000;

function faultOf(error: unknown, times: number): ReplicationReport {
  if (error instanceof HttpRefusal) {
    return { kind: "fault", fault: "refused", status: error.status, code: error.code ?? "", times };
  }
  const code =
    error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
  return { kind: "fault", fault: "away", code, times };
}

/** Resolves when the signal is aborted; a fault never ends it. */
export async function runReplicator(options: ReplicatorOptions, signal: AbortSignal): Promise<void> {
  const gateway = new Transport(options.gateway.url, options.gateway.tls, 8);
  const archive = new Transport(options.archive.url, options.archive.tls, 8);
  const rate =
    options.bytesPerSecond === undefined
      ? UNLIMITED
      : byteRate(
          options.bytesPerSecond,
          () => performance.now(),
          (ms, stop) => pause(ms, undefined, { signal: stop }),
        );
  const ends = { from: new GatewaySide(gateway), to: new ArchiveSide(archive), rate };
  let faults = 0;
  try {
    while (!signal.aborted) {
      let waitMs = options.pauseMs;
      try {
        const result = await replicate(ends, AbortSignal.any([signal, AbortSignal.timeout(PASS_LIMIT_MS)]));
        faults = 0;
        options.onReport({ kind: "pass", ...result });
      } catch (error) {
        if (signal.aborted) break;
        faults += 1;
        options.onReport(faultOf(error, faults));
        // Jitter keeps many boxes from dialling a returning archive in step.
        waitMs =
          Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(faults, 10)) * (0.5 + Math.random() / 2);
      }
      await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await Promise.all([gateway.close(), archive.close()]);
  }
}
