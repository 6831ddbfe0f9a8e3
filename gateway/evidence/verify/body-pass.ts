/**
 * The second pass: every body against its entry, and every absent body against what the log says of it.
 * Invariant: one body is held at a time; a body that is absent without a release or erase entry is missing.
 */
import { equalBytes, toHex } from "../bytes.ts";
import type { Entry } from "../entry.ts";
import type { Sha256, Sm3 } from "../suite.ts";
import { foundEntry } from "./finding.ts";
import type { FindingList } from "./finding-list.ts";
import type { LawfulAbsences } from "./lawful-absences.ts";
import { type ResolvedPlace, walkPlaces } from "./places.ts";
import type { LogEvidence, SourceDigest } from "./source.ts";

export interface BodyPassOptions {
  readonly log: LogEvidence;
  readonly sha256: Sha256;
  /** Undefined: digests of the national suite are passed over. */
  readonly sm3: Sm3 | undefined;
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

/** Blocks whose bodies are being hashed while an earlier one is judged. */
const AHEAD = 8;

interface Block {
  readonly places: readonly ResolvedPlace[];
  /** By place; undefined where the source hands over bodies only, or where there is no entry to judge by. */
  readonly digests: Promise<ReadonlyMap<number, SourceDigest>>;
}

/** The blocks in order, with the hashing of the next ones under way. */
async function* blocksAhead(options: BodyPassOptions): AsyncGenerator<Block, void, undefined> {
  const queue: Block[] = [];
  for await (const places of walkPlaces(options)) {
    const indexes = places.filter(({ entry }) => entry !== undefined).map(({ index }) => index);
    const withSm3 = options.sm3 !== undefined && places.some(({ entry }) => entry?.sm3 !== undefined);
    const digests = digestsOf(options.log, indexes, withSm3);
    // Whoever takes the block hears of it; until then nobody listens.
    digests.catch(() => undefined);
    queue.push({ places, digests });
    if (queue.length > AHEAD) {
      const first = queue.shift();
      if (first !== undefined) yield first;
    }
  }
  yield* queue;
}

async function digestsOf(
  log: LogEvidence,
  indexes: readonly number[],
  withSm3: boolean,
): Promise<ReadonlyMap<number, SourceDigest>> {
  const digests = (await log.digests?.(indexes, withSm3)) ?? [];
  return new Map(digests.map((digest, i) => [indexes[i] ?? -1, digest]));
}

async function digestOf(
  { log, sha256, sm3 }: Pick<BodyPassOptions, "log" | "sha256" | "sm3">,
  index: number,
  withSm3: boolean,
): Promise<SourceDigest> {
  const found = await log.body(index);
  if (found.state !== "found") return found;
  const { entryBytes, body } = found;
  return {
    state: "found",
    entryBytes,
    bodyBytes: body.length,
    sha256: sha256(body),
    ...(withSm3 && sm3 !== undefined ? { sm3: sm3(body) } : {}),
  };
}

export async function bodyPass(options: BodyPassOptions): Promise<BodyPassResult> {
  let bodies = 0;
  let bodyBytes = 0;
  for await (const block of blocksAhead(options)) {
    const digests = await block.digests;
    for (const place of block.places) {
      const bytes = await checkBody(options, place, digests.get(place.index));
      if (bytes !== undefined) {
        bodies++;
        bodyBytes += bytes;
      }
      if (place.entry !== undefined) await options.onEntry?.(place.entry);
      options.onProgress?.(place.index);
    }
  }
  return { bodies, bodyBytes };
}

/** Returns the length of a body that matches its entry. */
export async function checkBody(
  options: Pick<BodyPassOptions, "log" | "sha256" | "sm3" | "absences" | "awaits" | "findings">,
  place: Pick<ResolvedPlace, "entry" | "bytes" | "index">,
  digest?: SourceDigest,
): Promise<number | undefined> {
  const { log, absences, awaits, findings } = options;
  const { entry, bytes, index } = place;
  // Without the genuine entry there is nothing to judge a body by; the first pass has named the place.
  if (entry === undefined || bytes === undefined) return undefined;
  const about = { ...foundEntry(entry), seq: index };
  const found = digest ?? (await digestOf(options, index, entry.sm3 !== undefined));
  if (found.state === "unreadable") findings.add("body.unreadable", log.label, about, found.why);
  else if (found.state === "absent") {
    const reason = absences.reasonFor(entry);
    if (reason === "released" && !absences.isAcked(entry)) findings.add("release.unbacked", log.label, about);
    findings.add(`body.${reason ?? (awaits?.(entry) === true ? "awaited" : "missing")}`, log.label, about);
  } else {
    if (!equalBytes(found.entryBytes, bytes)) findings.add("body.otherEntry", log.label, about);
    const national = entry.sm3 === undefined || found.sm3 === undefined || toHex(found.sm3) === entry.sm3;
    if (found.bodyBytes === entry.len && toHex(found.sha256) === entry.sha256 && national)
      return found.bodyBytes;
    findings.add("body.altered", log.label, about);
  }
  return undefined;
}
