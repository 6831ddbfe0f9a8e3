/**
 * Sends sealed packs in lanes: papers on a connection of their own, then the rest by class. Invariant: offsets
 * are the archive's, so a pack begun by one side is finished by the other from the same byte.
 */
import type { SyncPack } from "../gateway/http/contract/sync.ts";
import type { ArchiveSide } from "./archive-side.ts";
import type { OfferAnswer } from "./archive/contract.ts";
import type { ByteRate } from "./byte-rate.ts";
import type { GatewaySide } from "./gateway-side.ts";
import { HttpRefusal } from "./transport.ts";

const CHUNK_BYTES = 4 * 1024 * 1024;
const PAGE = 200;
const OFFERS_AT_ONCE = 64;
/** Connections that carry footage at once. */
const STREAMS = 4;

export interface PacksResult {
  readonly bytesSent: number;
  readonly completed: number;
  /** Packs that the archive has whole and the gateway has no acknowledgement of. */
  readonly whole: readonly SyncPack[];
}

export interface Ends {
  readonly from: GatewaySide;
  readonly to: ArchiveSide;
  readonly rate: ByteRate;
}

/** Every pack that no acknowledgement covers yet, in order. */
async function openPacks(from: GatewaySide, signal: AbortSignal): Promise<readonly SyncPack[]> {
  const open: SyncPack[] = [];
  for (let after = 0; ;) {
    const page = await from.packs(after, PAGE, signal);
    open.push(...page.filter((pack) => !pack.acked));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return open;
    after = last.no;
  }
}

/** Sends what the archive misses of one pack; resolves with the bytes sent and whether it is complete. */
async function sendPack(
  ends: Ends,
  pack: SyncPack,
  answer: OfferAnswer,
  signal: AbortSignal,
): Promise<{ readonly sent: number; readonly complete: boolean }> {
  let { offset } = answer;
  let sent = 0;
  while (offset < pack.sizeBytes) {
    const bytes = await ends.from.packBytes(
      pack.sha256,
      offset,
      Math.min(CHUNK_BYTES, pack.sizeBytes - offset),
      signal,
    );
    await ends.rate.take(bytes.length, signal);
    try {
      const durable = await ends.to.sendChunk(
        pack.origin,
        pack.sha256,
        answer.lease ?? "",
        offset,
        bytes,
        signal,
      );
      sent += bytes.length;
      if (durable.complete) return { sent, complete: true };
      offset = durable.offset;
    } catch (refusal) {
      // Somebody else holds the pack now, or it failed its hash and starts again: the next pass asks anew.
      if (
        refusal instanceof HttpRefusal &&
        (refusal.status === 409 || refusal.status === 423 || refusal.status === 422)
      )
        return { sent, complete: false };
      throw refusal;
    }
  }
  return { sent, complete: false };
}

/** Sends what is missing of one batch, `streams` packs at a time. */
async function sendBatch(
  ends: Ends,
  batch: readonly SyncPack[],
  streams: number,
  signal: AbortSignal,
): Promise<PacksResult> {
  const [first] = batch;
  if (first === undefined) return { bytesSent: 0, completed: 0, whole: [] };
  const offers = batch.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes }));
  const answers = await ends.to.offer(first.origin, offers, signal);
  const answerOf = new Map(answers.map((answer) => [answer.sha256, answer]));
  const whole = batch.filter((pack) => answerOf.get(pack.sha256)?.state === "complete");
  const waiting = batch.filter((pack) => answerOf.get(pack.sha256)?.state === "missing");
  let bytesSent = 0;
  let completed = 0;
  const worker = async (): Promise<void> => {
    for (let pack = waiting.shift(); pack !== undefined; pack = waiting.shift()) {
      const answer = answerOf.get(pack.sha256);
      if (answer === undefined) continue;
      const result = await sendPack(ends, pack, answer, signal);
      bytesSent += result.sent;
      if (!result.complete) continue;
      completed += 1;
      whole.push(pack);
    }
  };
  await Promise.all(Array.from({ length: Math.min(streams, waiting.length) }, worker));
  return { bytesSent, completed, whole };
}

function together(results: readonly PacksResult[]): PacksResult {
  return {
    bytesSent: results.reduce((sum, result) => sum + result.bytesSent, 0),
    completed: results.reduce((sum, result) => sum + result.completed, 0),
    whole: results.flatMap((result) => result.whole),
  };
}

async function sendLane(
  ends: Ends,
  packs: readonly SyncPack[],
  streams: number,
  signal: AbortSignal,
): Promise<PacksResult> {
  const results: PacksResult[] = [];
  for (const own of Map.groupBy(packs, (pack) => pack.origin).values()) {
    for (let i = 0; i < own.length; i += OFFERS_AT_ONCE) {
      results.push(await sendBatch(ends, own.slice(i, i + OFFERS_AT_ONCE), streams, signal));
    }
  }
  return together(results);
}

/** One pass over all open packs: both lanes at once, the papers' lane never behind footage. */
export async function replicatePacks(ends: Ends, signal: AbortSignal): Promise<PacksResult> {
  const open = await openPacks(ends.from, signal);
  const papers = open.filter((pack) => pack.class === 0);
  const rest = open.filter((pack) => pack.class !== 0).sort((a, b) => a.class - b.class || a.no - b.no);
  return together(
    await Promise.all([sendLane(ends, papers, 1, signal), sendLane(ends, rest, STREAMS, signal)]),
  );
}
