/**
 * How logs follow each other: the first entry of a log names the one before and its last known checkpoint.
 * Invariant: what a first entry says is one more signed head of the log before, never more than that.
 */
import { logIdOfOrigin } from "../checkpoint.ts";
import { type JsonObject, decodeRecord } from "../record.ts";
import type { FindingList } from "./finding-list.ts";
import { originOf } from "./seen.ts";
import type { EvidenceSource, LogEvidence } from "./source.ts";

/** What the `open` entry of a log says. */
interface Opening {
  readonly log: LogEvidence;
  /** Origin of the log itself, by its checkpoint. */
  readonly origin: string | undefined;
  /** Id and checkpoint of the log before; undefined for the first log, and for one that does not say. */
  readonly before: { readonly origin: string; readonly note: string | undefined } | undefined;
}

export interface Series {
  readonly openings: readonly Opening[];
  /** Notes about a log that the first entry of the next one holds, by origin. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
}

/** Bodies are read unjudged: a note counts by its own signature, and the body pass judges the body. */
export async function readSeries(logs: readonly LogEvidence[]): Promise<Series> {
  const openings: Opening[] = [];
  const notes = new Map<string, string[]>();
  for (const log of logs) {
    const own = await log.checkpoint();
    const origin = own === undefined ? undefined : originOf(own);
    const before = origin === undefined ? undefined : await previousOf(log, origin);
    openings.push({ log, origin, before });
    if (before?.note !== undefined)
      notes.set(before.origin, [...(notes.get(before.origin) ?? []), before.note]);
  }
  return { openings, notes };
}

async function previousOf(log: LogEvidence, origin: string): Promise<Opening["before"]> {
  const body = await log.body(0);
  if (body.state !== "found") return undefined;
  let json: JsonObject;
  try {
    json = decodeRecord(body.body).json;
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError)
      return undefined;
    throw error;
  }
  const previous = json["previous"];
  if (typeof previous !== "object" || previous === null || !("logId" in previous)) return undefined;
  const { logId, note } = previous;
  if (typeof logId !== "string") return undefined;
  const text = typeof note === "string" ? note : undefined;
  const before = `${origin.slice(0, origin.lastIndexOf("/"))}/${logId}`;
  return text !== undefined && originOf(text) !== before
    ? { origin: before, note: undefined }
    : { origin: before, note: text };
}

/** Logs that lie under another's name, and logs that somebody tells of and that are not here. */
export function reportSeries(
  source: EvidenceSource,
  { openings }: Series,
  seen: Iterable<string>,
  findings: FindingList,
): void {
  const here = new Set(openings.map(({ origin }) => origin));
  for (const { log, origin } of openings) {
    const place = /(?:^|\/)([0-9]{4}(?:\.[1-9][0-9]{0,3})?)$/.exec(log.label)?.[1];
    if (origin !== undefined && place !== undefined && place !== logIdOfOrigin(origin))
      findings.add("log.misplaced", log.label, undefined, origin);
  }
  const absent = new Set<string>();
  for (const origin of seen) if (!here.has(origin)) absent.add(origin);
  if (source.holdsAllLogs === true)
    for (const { before } of openings)
      if (before !== undefined && !here.has(before.origin)) absent.add(before.origin);
  for (const origin of absent) findings.add("log.absent", origin);
}
