/**
 * The second pass: every body against its entry, and every absent body against what the log says of it.
 * Invariant: one body is held at a time; a body that is absent without a release or erase entry is missing.
 */
import { equalBytes, toHex } from "../bytes.ts";
import type { Entry } from "../entry.ts";
import type { Sha256 } from "../suite.ts";
import { foundEntry } from "./finding.ts";
import type { FindingList } from "./finding-list.ts";
import type { LawfulAbsences } from "./lawful-absences.ts";
import { type ResolvedPlace, walkPlaces } from "./places.ts";
import type { LogEvidence } from "./source.ts";

export interface BodyPassOptions {
  readonly log: LogEvidence;
  readonly sha256: Sha256;
  readonly useTiles: boolean;
  readonly claimedSize: number;
  readonly absences: LawfulAbsences;
  /** Of a copy that grows by packs: whether this body has not been handed over yet. */
  readonly awaits?: (entry: Entry) => boolean;
  readonly findings: FindingList;
  /** Called for every genuine entry, in log order. */
  readonly onEntry?: (entry: Entry) => Promise<void>;
  readonly onProgress?: (place: number) => void;
}

export interface BodyPassResult {
  /** Bodies that are here and match. */
  readonly bodies: number;
  readonly bodyBytes: number;
}

export async function bodyPass(options: BodyPassOptions): Promise<BodyPassResult> {
  let bodies = 0;
  let bodyBytes = 0;
  for await (const block of walkPlaces(options))
    for (const place of block) {
      const bytes = await checkBody(options, place);
      if (bytes !== undefined) {
        bodies++;
        bodyBytes += bytes;
      }
      if (place.entry !== undefined) await options.onEntry?.(place.entry);
      options.onProgress?.(place.index);
    }
  return { bodies, bodyBytes };
}

/** Returns the length of a body that matches its entry. */
export async function checkBody(
  options: Pick<BodyPassOptions, "log" | "sha256" | "absences" | "awaits" | "findings">,
  place: Pick<ResolvedPlace, "entry" | "bytes" | "index">,
): Promise<number | undefined> {
  const { log, sha256, absences, awaits, findings } = options;
  const { entry, bytes, index } = place;
  // Without the genuine entry there is nothing to judge a body by; the first pass has named the place.
  if (entry === undefined || bytes === undefined) return undefined;
  const about = { ...foundEntry(entry), seq: index };
  const found = await log.body(index);
  if (found.state === "unreadable") findings.add("body.unreadable", log.label, about, found.why);
  else if (found.state === "absent") {
    const reason = absences.reasonFor(entry);
    if (reason === "released" && !absences.isAcked(entry)) findings.add("release.unbacked", log.label, about);
    findings.add(`body.${reason ?? (awaits?.(entry) === true ? "awaited" : "missing")}`, log.label, about);
  } else {
    if (!equalBytes(found.entryBytes, bytes)) findings.add("body.otherEntry", log.label, about);
    if (found.body.length === entry.len && toHex(sha256(found.body)) === entry.sha256)
      return found.body.length;
    findings.add("body.altered", log.label, about);
  }
  return undefined;
}
