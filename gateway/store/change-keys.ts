/**
 * A change of the log's keys: announced as entries, in force with the checkpoint of the old and the new ones.
 * Invariant: the announcement is durable before the signer is asked, and its mark asks again after any crash.
 */
import { CodedError } from "../domain/errors.ts";
import { seq } from "../domain/ids.ts";
import type { Append, Checkpoints, KeyDraft, StoredCheckpoint } from "../evidence/append.ts";
import { parseNote } from "../evidence/note.ts";
import { parseVerifierKey, signatureOf } from "../evidence/verifier-key.ts";
import type { KeyChange } from "./contract.ts";
import { LOG_STREAM, type LogSeries } from "./log-series.ts";

export interface KeyChangeParts {
  readonly series: LogSeries;
  readonly append: Append;
  readonly checkpoints: Pick<Checkpoints, "covering">;
  /** See Store.currentOrigin. */
  readonly currentOrigin: () => Promise<string>;
}

/** See Store.changeKeys. */
export async function changeKeys(parts: KeyChangeParts, change: KeyChange): Promise<StoredCheckpoint> {
  const { series, append, checkpoints } = parts;
  // The change goes into the new year's log where one is due: its beginning must not come between the two steps.
  const origin = await parts.currentOrigin();
  // The old keys are destroyed: what an earlier log still lacks would never be signed.
  for (const log of series.logs) {
    if (log === series.current) break;
    const last = await log.log.entry(log.size - 1);
    if (last.entry.type === "close" && (log.checkpoint?.size ?? 0) < log.size)
      throw new CodedError("store.signerAway", { logId: log.logId });
  }
  const { keys, why, by } = change;
  if (keys.some(({ to }) => parseVerifierKey(to).name !== origin))
    throw new CodedError("store.keysNotTaken", { logId: series.current.logId, seq: series.current.size });
  const drafts = keys.map(({ from, to }): KeyDraft => ({
    type: "key",
    stream: LOG_STREAM,
    vkey: to,
    record: { json: { from, to, why, by } },
  }));
  const newest = await finishInterrupted(parts);
  if (newest !== undefined && turnsTo(newest, keys)) return newest;
  const last = (await append.append(drafts)).at(-1);
  if (last === undefined) throw new RangeError("a change of keys names a key");
  const checkpoint = await checkpoints.covering(last);
  if (!turnsTo(checkpoint, keys))
    throw new CodedError("store.keysNotTaken", { logId: last.logId, seq: last.seq });
  return checkpoint;
}

/**
 * A change that a crash left announced comes into force or is dropped before another one is announced: a key that
 * signs already needs no second announcement. Returns the newest checkpoint after that.
 */
async function finishInterrupted({
  series,
  checkpoints,
}: KeyChangeParts): Promise<StoredCheckpoint | undefined> {
  const { log, logId, size, checkpoint } = series.current;
  if (log.keyTurn.announced.length === 0) return checkpoint;
  return checkpoints.covering({ logId, seq: seq(size - 1) });
}

function turnsTo({ note: text }: StoredCheckpoint, keys: KeyChange["keys"]): boolean {
  const note = parseNote(text);
  return keys.length > 0 && keys.every(({ to }) => signatureOf(note, parseVerifierKey(to)) !== undefined);
}
