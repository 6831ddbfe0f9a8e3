/**
 * Puts the hand-over together. Call it before the store's views catch up; it takes up by itself what an earlier
 * run left. Invariant: it holds nothing that the log does not tell.
 */
import { CodedError } from "../domain/errors.ts";
import { seq, logId as toLogId } from "../domain/ids.ts";
import { decodeBodyValue } from "../evidence/body-value.ts";
import { decodeRecord } from "../evidence/record.ts";
import type { Handover, SealReason } from "./contract.ts";
import { type ExposureState, exposureAfter, exposureMs } from "./exposure.ts";
import { ForeignNotes } from "./foreign-notes.ts";
import { packBytes } from "./pack-bytes.ts";
import { PackTable, type StoredPack, packProjection } from "./pack-view.ts";
import type { HandoverOptions, SealLimits } from "./ports.ts";
import { Sealer } from "./sealer.ts";

export const SEAL_LIMITS: SealLimits = {
  targetBytes: 64 * 1024 * 1024,
  ageMs: 15 * 60_000,
  paperQuietMs: 5000,
  paperAgeMs: 60_000,
  tickMs: 1000,
};

const DEFAULT_LIST = 100;
const MAX_LIST = 1000;

export function createHandover(options: HandoverOptions): Handover {
  const { store, views, clock } = options;
  const limits = { ...SEAL_LIMITS, ...options.limits };
  const table = new PackTable(views.register(packProjection(limits.targetBytes)));
  const sealer = new Sealer(options, limits, table);
  const notes = new ForeignNotes(options, table);
  const startedMs = clock.monotonicMs();
  const ending = new AbortController();
  /** Unknown until the view has caught up. */
  let exposure: ExposureState | undefined;
  /** What was heard since, which the view may not have yet. */
  let heard: ExposureState = {};

  const stopHearing = store.onAppended((appended) => {
    sealer.heard(appended);
    for (const one of appended) heard = exposureAfter(heard, one);
    if (exposure !== undefined && heard.last !== undefined) exposure = { ...exposure, last: heard.last };
    // A sighting's size is in its record, which is not here: the view is asked again.
    if (appended.some(({ entry }) => entry.type === "sighting")) void refresh();
  });

  /** Reads the exposure from the view once that has all entries of now; a wait that ended early is repeated. */
  async function refresh(): Promise<void> {
    while (!ending.signal.aborted) {
      const [newest] = store.logs().slice(-1);
      if (newest === undefined || newest.size === 0) return;
      try {
        await views.applied({ logId: newest.logId, seq: seq(newest.size - 1) });
        const known = await table.exposure();
        exposure = heard.last === undefined ? known : { ...known, last: heard.last };
        return;
      } catch (cause) {
        if (!(cause instanceof CodedError && cause.code === "store.viewsBehind")) {
          if (!ending.signal.aborted) options.onFault?.(cause);
          return;
        }
      }
    }
  }

  const begun = (async () => {
    await refresh();
    if (!ending.signal.aborted) await sealer.begin();
  })().catch((cause: unknown) => {
    if (!ending.signal.aborted) options.onFault?.(cause);
  });

  async function contentOf(sha256: string): Promise<StoredPack & { readonly origin: string }> {
    const pack = await table.find(sha256);
    const origin = store.logs().find(({ logId }) => logId === pack?.logId)?.origin;
    if (pack === undefined || origin === undefined) throw new CodedError("sync.noSuchPack", { sha256 });
    return { ...pack, origin };
  }

  return {
    listPacks: (asked) =>
      table.list(asked.after, asked.class, Math.min(asked.limit ?? DEFAULT_LIST, MAX_LIST)),
    findPack: (sha256) => table.find(sha256),
    async *readPack(sha256, range) {
      const pack = await contentOf(sha256);
      const { offset, length } = range;
      const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
      if (!whole || offset < 0 || length < 0 || offset + length > pack.sizeBytes)
        throw new CodedError("sync.badRange", { sizeBytes: pack.sizeBytes });
      if ((await options.withheld?.(pack.logId, pack.ranges)) === true)
        throw new CodedError("sync.packWithheld", { sha256 });
      yield* packBytes(store, pack, range);
    },
    acceptAck: (note) => notes.acceptAck(note),
    acceptCosignature: (note) => notes.acceptCosignature(note),
    sealNow: (reason: SealReason) => sealer.sealNow(reason),
    exposureMs: () =>
      exposure === undefined
        ? Math.max(0, clock.monotonicMs() - startedMs)
        : exposureMs(exposure, clock.wallMs()),
    async cosigned(logId) {
      const { seen } = await table.exposure();
      if (seen === undefined || seen.logId !== logId) return undefined;
      const value = await store.bodyValue({ logId: toLogId(seen.entry.logId), seq: seq(seen.entry.seq) });
      const { note } = decodeRecord(decodeBodyValue(value).body).json;
      return typeof note === "string" ? note : undefined;
    },
    async close() {
      ending.abort();
      stopHearing();
      await sealer.close();
      await begun;
    },
  };
}
