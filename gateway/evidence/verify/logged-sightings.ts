/**
 * The sightings that a log itself holds: cosigned checkpoints as records. Invariant: one that verifies is held
 * against the tree of its size, whatever became of the files in which cosignatures are kept besides.
 */
import { equalBytes, toHex } from "../bytes.ts";
import { parseCheckpoint } from "../checkpoint.ts";
import { checkCosignature } from "../cosignature.ts";
import type { Entry } from "../entry.ts";
import { treeRoot } from "../merkle/proof.ts";
import { parseNote } from "../note.ts";
import { decodeRecord } from "../record.ts";
import type { Sha256, VerifyEd25519 } from "../suite.ts";
import type { Trust } from "../trust.ts";
import { foundEntry } from "./finding.ts";
import type { FindingList } from "./finding-list.ts";
import type { LogEvidence } from "./source.ts";
import type { TimeBounds } from "./time-bounds.ts";

export interface LoggedSightingsOptions {
  readonly log: LogEvidence;
  readonly origin: string | undefined;
  readonly trust: Trust | undefined;
  readonly sha256: Sha256;
  readonly verify: VerifyEd25519;
  readonly bounds: TimeBounds;
  readonly findings: FindingList;
}

/** Takes a `sighting` entry whose body was found to be its own. */
export async function takeSighting(options: LoggedSightingsOptions, entry: Entry): Promise<void> {
  const { log, origin, trust, verify, bounds, findings } = options;
  const body = await log.body(entry.seq);
  if (body.state !== "found" || toHex(options.sha256(body.body)) !== entry.sha256) return;
  const note = noteIn(body.body);
  if (note === undefined || note.checkpoint.origin !== origin) return;
  for (const { key } of trust?.witnesses ?? []) {
    const cosignature = await checkCosignature(note.signed, key, verify);
    if (cosignature.state !== "good") continue;
    const { size, root } = note.checkpoint;
    const own = size > entry.seq ? undefined : await rootAt(options, size);
    if (own === "unknown") continue;
    if (own === undefined || !equalBytes(own, root))
      findings.add("sighting.differs", log.label, foundEntry(entry), `of size ${size}`);
    else bounds.sightingLogged(size, cosignature.timeS);
  }
}

function noteIn(bytes: Uint8Array) {
  try {
    const text = decodeRecord(bytes).json["note"];
    if (typeof text !== "string") return undefined;
    const signed = parseNote(text);
    return { signed, checkpoint: parseCheckpoint(signed.text) };
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError)
      return undefined;
    throw error;
  }
}

/** `unknown` where a tile hash is missing, which the first pass has named. */
async function rootAt(
  { log, sha256 }: LoggedSightingsOptions,
  size: number,
): Promise<Uint8Array | "unknown"> {
  const read = async (level: number, start: number, count: number): Promise<readonly Uint8Array[]> =>
    (await log.tileHashes(level, start, count)).filter((hash) => hash !== undefined);
  try {
    return await treeRoot({ sha256, read }, size);
  } catch (error) {
    if (error instanceof RangeError) return "unknown";
    throw error;
  }
}
