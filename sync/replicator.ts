/**
 * Repeats the passes of three lanes side by side for as long as it is wanted: the log, papers, footage. Invariant:
 * a failed pass loses nothing, since the next one asks the archive where it stands; no lane waits for another.
 */
import { setTimeout as pause } from "node:timers/promises";
import { ArchiveSide } from "./archive-side.ts";
import { type ByteRate, UNLIMITED, byteRate } from "./byte-rate.ts";
import { GatewaySide } from "./gateway-side.ts";
import { PackLane, type PackLaneName } from "./replicate-packs.ts";
import { replicateLogs } from "./replicate.ts";
import { HttpRefusal, type TlsIdentity, Transport } from "./transport.ts";

export interface Peer {
  readonly url: string;
  readonly tls: TlsIdentity;
}

export interface ReplicatorOptions {
  readonly gateway: Peer;
  readonly archive: Peer;
  /** Pause of a lane after a pass that went through, ms. */
  readonly pauseMs: number;
  /** Upper limit of footage and papers together; none when absent. */
  readonly bytesPerSecond?: number;
  readonly onReport: (report: ReplicationReport) => void;
}

export type Lane = "log" | PackLaneName;

export type ReplicationReport =
  | {
      readonly kind: "pass";
      readonly lane: Lane;
      readonly entriesSent?: number;
      readonly bytesSent?: number;
      readonly packsCompleted?: number;
      /** Packs of sealed matters that stay at the gateway until an officer decides. */
      readonly withheld?: number;
    }
  /** `refused`: the archive or gateway said no (status, code); `away`: no answer. Repeats are counted. */
  | {
      readonly kind: "fault";
      readonly lane: Lane;
      readonly fault: "refused" | "away";
      readonly status?: number;
      readonly code: string;
      readonly times: number;
    };

const MOST_PAUSE_MS = 2000;
const FIRST_PAUSE_MS = 250;
/** No pass is longer; what is not done by then goes on in the next one. */
const PASS_LIMIT_MS = 15 * 60_000;
/** Part of a limited rate that footage can never take from papers. */
const PAPERS_SHARE = 0.1;
const CONNECTIONS = 8;

function faultOf(lane: Lane, error: unknown, times: number): ReplicationReport {
  if (error instanceof HttpRefusal) {
    return { kind: "fault", lane, fault: "refused", status: error.status, code: error.code ?? "", times };
  }
  const code =
    error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
  return { kind: "fault", lane, fault: "away", code, times };
}

interface LanePass {
  readonly report: Extract<ReplicationReport, { kind: "pass" }>;
  readonly more: boolean;
  /** A pack that is held back while the others go. */
  readonly refusal?: HttpRefusal | undefined;
}

/** Resolves when the signal is aborted; a fault never ends it. */
async function runLane(
  lane: Lane,
  options: ReplicatorOptions,
  onePass: (signal: AbortSignal) => Promise<LanePass>,
  signal: AbortSignal,
): Promise<void> {
  let faults = 0;
  while (!signal.aborted) {
    let waitMs = options.pauseMs;
    try {
      const { report, more, refusal } = await onePass(
        AbortSignal.any([signal, AbortSignal.timeout(PASS_LIMIT_MS)]),
      );
      if (more) waitMs = 0;
      faults = refusal === undefined ? 0 : faults + 1;
      options.onReport(refusal === undefined ? report : faultOf(lane, refusal, faults));
    } catch (error) {
      if (signal.aborted) return;
      faults += 1;
      options.onReport(faultOf(lane, error, faults));
      // Jitter keeps many boxes from dialling a returning archive in step.
      waitMs =
        Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(faults, 10)) * (0.5 + Math.random() / 2);
    }
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

function rateOf(bytesPerSecond: number | undefined, share: number): ByteRate {
  if (bytesPerSecond === undefined) return UNLIMITED;
  return byteRate(
    bytesPerSecond * share,
    () => performance.now(),
    (ms, stop) => pause(ms, undefined, { signal: stop }),
  );
}

/** Resolves when the signal is aborted and nothing is under way any more. */
export async function runReplicator(options: ReplicatorOptions, signal: AbortSignal): Promise<void> {
  const gateway = new Transport(options.gateway.url, options.gateway.tls, CONNECTIONS);
  const archive = new Transport(options.archive.url, options.archive.tls, CONNECTIONS);
  const ends = { from: new GatewaySide(gateway), to: new ArchiveSide(archive) };
  const packs = (name: PackLaneName, share: number): Promise<void> => {
    const rate = rateOf(options.bytesPerSecond, share);
    const lane = new PackLane({ ...ends, name, rate, monotonicMs: () => performance.now() });
    const onePass = async (stop: AbortSignal): Promise<LanePass> => {
      const { more, acknowledged: _, ...sent } = await lane.pass(stop);
      const report = { kind: "pass", lane: name, ...sent } as const;
      return { report, more, refusal: lane.refusal };
    };
    return runLane(name, options, onePass, signal);
  };
  const log = async (stop: AbortSignal): Promise<LanePass> => ({
    report: { kind: "pass", lane: "log", entriesSent: await replicateLogs(ends, stop) },
    more: false,
  });
  try {
    await Promise.all([
      runLane("log", options, log, signal),
      packs("papers", PAPERS_SHARE),
      packs("footage", 1 - PAPERS_SHARE),
    ]);
  } finally {
    await Promise.all([gateway.close(), archive.close()]);
  }
}
