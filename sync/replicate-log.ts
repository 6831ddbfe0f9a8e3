/**
 * Brings the archive's copy of one log's entries up to the gateway's newest checkpoint and has it co-signed.
 * Invariant: what is already there is never sent again; a mismatch is answered by asking the archive.
 */
import { type EntryType, decodeEntry } from "../gateway/evidence/entry.ts";
import { TILE_WIDTH, decodeBundle } from "../gateway/evidence/tiles.ts";
import type { ArchiveSide } from "./archive-side.ts";
import type { LogHead } from "./archive/contract.ts";
import type { GatewayLog, GatewaySide } from "./gateway-side.ts";
import { HttpRefusal } from "./transport.ts";

/** Bundles joined into one upload: about 300 KiB of entries, seconds on the slowest link. */
const BUNDLES_A_SEND = 4;

/** Entries that only speak of the log itself; alone they call for no new cosignature. */
const BOOKKEEPING: ReadonlySet<EntryType> = new Set<EntryType>(["sighting", "ack", "pack"]);

export interface LogResult {
  readonly head: LogHead;
  readonly entriesSent: number;
  readonly cosigned: boolean;
}

/** Size that a checkpoint's second line states; the archive checks the note itself. */
export function sizeOf(checkpoint: string): number {
  return Number(checkpoint.split("\n")[1]);
}

/** Cuts the first `skip` framed entries off a bundle. */
function skipEntries(framed: Uint8Array, skip: number): Uint8Array {
  const view = new DataView(framed.buffer, framed.byteOffset, framed.byteLength);
  let at = 0;
  for (let i = 0; i < skip; i++) at += 2 + view.getUint16(at);
  return framed.subarray(at);
}

async function sendEntries(
  from: GatewaySide,
  to: ArchiveSide,
  log: GatewayLog,
  start: LogHead,
  size: number,
  signal: AbortSignal,
): Promise<LogHead> {
  let head = start;
  while (head.entries < size) {
    const first = Math.floor(head.entries / TILE_WIDTH);
    const last = Math.min(Math.ceil(size / TILE_WIDTH), first + BUNDLES_A_SEND);
    const bundles = await Promise.all(
      Array.from({ length: last - first }, (_, i) => {
        const width = Math.min(TILE_WIDTH, size - (first + i) * TILE_WIDTH);
        return from.entryBundle(log.logId, first + i, width, signal);
      }),
    );
    const [firstBundle, ...rest] = bundles;
    if (firstBundle === undefined) break;
    const framed = Buffer.concat([skipEntries(firstBundle, head.entries - first * TILE_WIDTH), ...rest]);
    try {
      head = await to.sendEntries(log.origin, head.entries, framed, signal);
    } catch (refusal) {
      if (!(refusal instanceof HttpRefusal) || refusal.status !== 409) throw refusal;
      head = await to.head(log.origin, signal);
    }
  }
  return head;
}

/**
 * Whether nothing but the log's own bookkeeping is new: a cosignature of it would make the next entry of the
 * same kind, and so on for ever.
 */
export async function onlyBookkeeping(
  from: GatewaySide,
  logId: string,
  start: number,
  size: number,
  signal: AbortSignal,
): Promise<boolean> {
  const index = Math.floor(start / TILE_WIDTH);
  if (start === 0 || Math.ceil(size / TILE_WIDTH) - index > 1) return false;
  const width = size - index * TILE_WIDTH;
  const entries = decodeBundle(await from.entryBundle(logId, index, width, signal));
  const fresh = entries.slice(start - index * TILE_WIDTH);
  return fresh.every((bytes) => BOOKKEEPING.has(decodeEntry(bytes).type));
}

/** Has this checkpoint co-signed by the archive, which holds its entries already; false where another was quicker. */
async function cosignAtArchive(
  { from, to, log, signal }: Pass,
  checkpoint: string,
  witnessed: number,
): Promise<boolean> {
  const size = sizeOf(checkpoint);
  const proof = witnessed === 0 ? [] : await from.consistency(log.logId, witnessed, size, signal);
  let line: string;
  try {
    line = await to.addCheckpoint(log.origin, witnessed, proof, checkpoint, signal, log.nationalKey);
  } catch (refusal) {
    // Another replication was quicker: its cosignature serves as well, and the next pass starts from there.
    if (refusal instanceof HttpRefusal && refusal.status === 409) return false;
    throw refusal;
  }
  await from.deliverCosignature(`${checkpoint}${line}`, signal);
  return true;
}

interface Pass {
  readonly from: GatewaySide;
  readonly to: ArchiveSide;
  readonly log: GatewayLog;
  readonly signal: AbortSignal;
}

/** One pass over one log. Throws HttpRefusal where the archive refuses the log (422: it shrank or forked). */
export async function replicateLog(
  from: GatewaySide,
  to: ArchiveSide,
  log: GatewayLog,
  signal: AbortSignal,
): Promise<LogResult> {
  const pass: Pass = { from, to, log, signal };
  const newest = await from.checkpoint(log.logId, signal);
  const before = await to.head(log.origin, signal);
  let head = before;
  let cosigned = false;
  const turnovers = log.turnovers.filter(
    (note) => sizeOf(note) > before.witnessed && sizeOf(note) < sizeOf(newest),
  );
  for (const checkpoint of [...turnovers, newest]) {
    const size = sizeOf(checkpoint);
    head = await sendEntries(from, to, log, head, size, signal);
    const isNewest = checkpoint === newest;
    if (size <= head.witnessed) continue;
    if (isNewest && (await onlyBookkeeping(from, log.logId, head.witnessed, size, signal))) continue;
    if (!(await cosignAtArchive(pass, checkpoint, head.witnessed))) break;
    cosigned = true;
    head = { entries: Math.max(head.entries, size), witnessed: size };
  }
  return { head, entriesSent: head.entries - before.entries, cosigned };
}
