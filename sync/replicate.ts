/**
 * `replicate(from, to)`: one program for pushing from the box and for pulling at the archive. Invariant: both
 * at once are harmless, since every step is decided by the archive and repeats change nothing.
 */
import { replicateLog } from "./replicate-log.ts";
import { type Ends, replicatePacks } from "./replicate-packs.ts";

/** Packs that one acknowledgement lists at most. */
const PACKS_AN_ACK = 256;

export interface PassResult {
  readonly entriesSent: number;
  readonly bytesSent: number;
  readonly packsCompleted: number;
  readonly acknowledged: number;
}

/** One whole pass: entries and cosignatures of every log, then packs, then acknowledgements back to the gateway. */
export async function replicate(ends: Ends, signal: AbortSignal): Promise<PassResult> {
  let entriesSent = 0;
  for (const log of await ends.from.logs(signal)) {
    entriesSent += (await replicateLog(ends.from, ends.to, log, signal)).entriesSent;
  }
  const packs = await replicatePacks(ends, signal);
  let acknowledged = 0;
  for (const [origin, whole] of Map.groupBy(packs.whole, (pack) => pack.origin)) {
    for (let i = 0; i < whole.length; i += PACKS_AN_ACK) {
      const names = whole.slice(i, i + PACKS_AN_ACK).map((pack) => pack.sha256);
      const note = await ends.to.acknowledge(origin, names, signal);
      if (note === null) continue;
      await ends.from.deliverAck(note, signal);
      acknowledged += 1;
    }
  }
  return { entriesSent, bytesSent: packs.bytesSent, packsCompleted: packs.completed, acknowledged };
}
