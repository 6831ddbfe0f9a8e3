/**
 * `replicate(from, to)`: one program for pushing from the box and for pulling at the archive. Invariant: both
 * at once are harmless, since every step is decided by the archive and repeats change nothing.
 */
import type { ArchiveSide } from "./archive-side.ts";
import type { GatewaySide } from "./gateway-side.ts";
import { replicateLog } from "./replicate-log.ts";
import type { PackLane, PacksResult } from "./replicate-packs.ts";

export interface Ends {
  readonly from: GatewaySide;
  readonly to: ArchiveSide;
}

export interface PassResult {
  readonly entriesSent: number;
  readonly bytesSent: number;
  readonly packsCompleted: number;
  readonly acknowledged: number;
  /** Packs of sealed matters that stay at the gateway until an officer decides. */
  readonly withheld: number;
}

/** Entries and cosignatures of every log; resolves with the number of entries sent. */
export async function replicateLogs({ from, to }: Ends, signal: AbortSignal): Promise<number> {
  let entriesSent = 0;
  for (const log of await from.logs(signal))
    entriesSent += (await replicateLog(from, to, log, signal)).entriesSent;
  return entriesSent;
}

/** Passes until the lane has nothing more. Throws the refusal of a pack; what is withheld by law is none. */
async function drain(lane: PackLane, signal: AbortSignal): Promise<readonly PacksResult[]> {
  const results: PacksResult[] = [];
  do {
    results.push(await lane.pass(signal));
  } while (results.at(-1)?.more === true);
  if (lane.refusal !== undefined) throw lane.refusal;
  return results;
}

/** Everything once: the logs first, since the archive keeps no pack that its co-signed log does not cover. */
export async function replicate(
  ends: Ends,
  lanes: readonly PackLane[],
  signal: AbortSignal,
): Promise<PassResult> {
  const entriesSent = await replicateLogs(ends, signal);
  const drained = await Promise.all(lanes.map((lane) => drain(lane, signal)));
  const all = drained.flat();
  const sum = (field: "bytesSent" | "packsCompleted" | "acknowledged"): number =>
    all.reduce((total, result) => total + result[field], 0);
  return {
    entriesSent,
    bytesSent: sum("bytesSent"),
    packsCompleted: sum("packsCompleted"),
    acknowledged: sum("acknowledged"),
    withheld: drained.reduce((total, results) => total + (results.at(-1)?.withheld ?? 0), 0),
  };
}
