/**
 * The record of a `pack` entry: the sealed manifest. It lies in the log, so packs are the same after every
 * rebuild, and the archive can tell from the log alone which packs there must be.
 */
import { type Sha256Hex, sha256Hex } from "../domain/ids.ts";
import { type SeqRange, formatRanges, parseRanges } from "../evidence/ranges.ts";
import type { JsonObject } from "../evidence/record.ts";
import { SEAL_REASONS, type SealReason } from "./contract.ts";
import { type Portion, decodePortion, encodePortion } from "./pending.ts";

export interface Seal {
  readonly portion: Portion;
  readonly sha256: Sha256Hex;
  readonly sizeBytes: number;
  readonly reason: SealReason;
  /** Sequence numbers whose body was gone or damaged: the pack holds their entry alone. */
  readonly alone: readonly SeqRange[];
}

export function encodeSeal(seal: Seal): JsonObject {
  const { portion, sha256, sizeBytes, reason, alone } = seal;
  return { ...encodePortion(portion), sha256, sizeBytes, reason, alone: formatRanges(alone) };
}

/** Throws RangeError when the record is not a seal. */
export function decodeSeal(json: JsonObject): Seal {
  const { sha256, sizeBytes, reason, alone } = json;
  const known = SEAL_REASONS.find((one) => one === reason);
  if (known === undefined || typeof sizeBytes !== "number") throw new RangeError("not a seal");
  if (typeof sha256 !== "string" || typeof alone !== "string") throw new RangeError("not a seal");
  return {
    portion: decodePortion(json),
    sha256: sha256Hex(sha256),
    sizeBytes,
    reason: known,
    alone: parseRanges(alone),
  };
}
