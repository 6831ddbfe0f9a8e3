/**
 * Walks a log place by place, with what lies there, what its tile says, and the genuine entry as far as any of
 * them, or the copy beside the body, still tells. Invariant: holds one block of 256 places at a time, and ends
 * where nothing is held any more, whatever size a checkpoint claims.
 */
import { toHex } from "../bytes.ts";
import { type Entry, decodeEntry } from "../entry.ts";
import { leafHash } from "../merkle/hash.ts";
import type { Sha256 } from "../suite.ts";
import { TILE_WIDTH } from "../tiles.ts";
import { type Place, type PlaceState, compareBlock } from "./block.ts";
import type { LogEvidence, SourceLeaf } from "./source.ts";

export interface ResolvedPlace extends Place {
  readonly index: number;
  readonly state: PlaceState;
  /** Genuine entry bytes: what lies here, what the tile's hash found elsewhere, or the copy beside the body. */
  readonly bytes: Uint8Array | undefined;
  readonly genuineLeaf: Uint8Array | undefined;
  /** The genuine entry; undefined where it is not known or not in canonical form. */
  readonly entry: Entry | undefined;
  /** What an altered entry reads as now, where it can be read: good for a name, for nothing else. */
  readonly lying: Entry | undefined;
  /** False beyond the last place for which the source holds an entry. */
  readonly held: boolean;
}

export interface WalkOptions {
  readonly log: LogEvidence;
  readonly sha256: Sha256;
  /** False once the tiles are known to be wrong and the entries right. */
  readonly useTiles: boolean;
  /** Largest size that a checkpoint claims. */
  readonly claimedSize: number;
}

/** Yields the places in order, up to 256 at a time. */
export async function* walkPlaces(
  options: WalkOptions,
): AsyncGenerator<readonly ResolvedPlace[], void, undefined> {
  const { log, claimedSize } = options;
  const groups = leafGroups(log);
  let group: readonly SourceLeaf[] = [];
  let at = 0;
  let ended = false;
  try {
    for (let start = 0; ; start += TILE_WIDTH) {
      const block: (SourceLeaf | undefined)[] = [];
      while (!ended) {
        const leaf = group[at];
        if (leaf === undefined) {
          const next = await groups.next();
          ended = next.done === true;
          group = next.value ?? [];
          at = 0;
        } else if (leaf.index < start + TILE_WIDTH) {
          block[leaf.index - start] = leaf;
          at++;
        } else break;
      }
      const count = ended ? Math.max(block.length, Math.min(TILE_WIDTH, claimedSize - start)) : TILE_WIDTH;
      if (count <= 0) return;
      const places = await resolveBlock(options, start, block, count);
      const known = places.findLastIndex((place) => place.state !== "unknown" || place.bytes !== undefined);
      if (known < 0 && ended) return;
      yield ended ? places.slice(0, known + 1) : places;
    }
  } finally {
    await groups.return();
  }
}

/** The source's leaves in the groups that it reads, or in groups of one tile. */
async function* leafGroups(log: LogEvidence): AsyncGenerator<readonly SourceLeaf[], void, undefined> {
  if (log.leafGroups !== undefined) {
    yield* log.leafGroups();
    return;
  }
  let group: SourceLeaf[] = [];
  for await (const leaf of log.leaves(0)) {
    group.push(leaf);
    if (group.length < TILE_WIDTH) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

async function resolveBlock(
  options: WalkOptions,
  start: number,
  block: readonly (SourceLeaf | undefined)[],
  count: number,
): Promise<ResolvedPlace[]> {
  const { log, sha256, useTiles } = options;
  const tiles = useTiles ? await log.tileHashes(0, start, count) : [];
  const places = Array.from({ length: count }, (_, i): Place & { readonly lying: Uint8Array | undefined } => {
    const lying = block[i]?.bytes;
    return {
      lying,
      leaf: lying === undefined ? undefined : leafHash(sha256, lying),
      tileHash: tiles[i],
    };
  });
  const states = compareBlock(places);
  if (states.every((state) => state === "intact"))
    return places.map(({ leaf, tileHash, lying }, i) => ({
      index: start + i,
      state: "intact",
      leaf,
      tileHash,
      bytes: lying,
      genuineLeaf: leaf,
      entry: lying === undefined ? undefined : decoded(lying),
      lying: undefined,
      held: i < block.length,
    }));
  const byLeaf = new Map<string, Uint8Array>();
  if (states.some((state) => state !== "unchecked"))
    for (const { leaf, lying } of places)
      if (leaf !== undefined && lying !== undefined) byLeaf.set(toHex(leaf), lying);
  const resolved: ResolvedPlace[] = [];
  for (const [i, place] of places.entries()) {
    const state = states[i] ?? "unknown";
    const index = start + i;
    const { leaf, tileHash, lying } = place;
    const straight = state === "intact" || state === "unchecked";
    const bytes = straight
      ? lying
      : ((tileHash === undefined ? undefined : byLeaf.get(toHex(tileHash))) ??
        (await copyBeside(log, sha256, index, tileHash)));
    resolved.push({
      index,
      state,
      leaf,
      tileHash,
      bytes,
      genuineLeaf: straight ? leaf : bytes === undefined ? undefined : leafHash(sha256, bytes),
      entry: bytes === undefined ? undefined : decoded(bytes),
      lying: state !== "altered" || lying === undefined ? undefined : decoded(lying),
      held: i < block.length,
    });
  }
  return resolved;
}

/** The copy of the entry beside its body, if it has the tile's hash or, without one, the place's own number. */
async function copyBeside(
  log: LogEvidence,
  sha256: Sha256,
  index: number,
  tileHash: Uint8Array | undefined,
): Promise<Uint8Array | undefined> {
  const body = await log.body(index);
  const copy = body.state === "unreadable" ? undefined : body.entryBytes;
  if (copy === undefined) return undefined;
  const fits =
    tileHash === undefined ? decoded(copy)?.seq === index : toHex(leafHash(sha256, copy)) === toHex(tileHash);
  return fits ? copy : undefined;
}

function decoded(bytes: Uint8Array): Entry | undefined {
  try {
    return decodeEntry(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
