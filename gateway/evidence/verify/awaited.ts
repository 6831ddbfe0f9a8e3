/**
 * Which bodies a copy that grows by packs still awaits. Invariant: a body that a seal lists, or that is a day older
 * than the log's newest entry, is never awaited: a gateway seals within minutes, so such a one is missing.
 */
import { toHex } from "../bytes.ts";
import type { Entry } from "../entry.ts";
import { type SeqRange, checkRanges, joinRanges, rangesHold } from "../ranges.ts";
import { type JsonObject, decodeRecord } from "../record.ts";
import type { Sha256 } from "../suite.ts";
import type { IndexPassResult } from "./index-pass.ts";
import type { LogEvidence } from "./source.ts";

/** Far above the 15 minutes after which a gateway seals, so that a night without a link is no alarm. */
const LATEST_MS = 24 * 3_600_000;

/** The ranges of a `pack` entry's record; throws RangeError when it lists none. */
function sealedRanges({ ranges }: JsonObject): readonly SeqRange[] {
  if (!Array.isArray(ranges)) throw new RangeError("a seal lists ranges");
  const pairs = ranges.map((pair): SeqRange => {
    const [from, to] = Array.isArray(pair) ? pair : [];
    if (typeof from !== "number" || typeof to !== "number") throw new RangeError("not a range");
    return [from, to];
  });
  checkRanges(pairs);
  return pairs;
}

/** Reads every seal that is here; one that is not lists nothing, and its own body is judged like any other. */
export async function awaitedBodies(
  log: LogEvidence,
  { seals, newestMs }: IndexPassResult,
  sha256: Sha256,
): Promise<(entry: Entry) => boolean> {
  let sealed: readonly SeqRange[] = [];
  for (const seal of seals) {
    const body = await log.body(seal.seq);
    if (body.state !== "found" || toHex(sha256(body.body)) !== seal.sha256) continue;
    try {
      sealed = joinRanges(sealed, sealedRanges(decodeRecord(body.body).json));
    } catch (error) {
      // An honest gateway writes no other record here; it just explains nothing.
      if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    }
  }
  return (entry) => !rangesHold(sealed, entry.seq) && entry.t > newestMs - LATEST_MS;
}
