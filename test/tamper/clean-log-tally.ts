/** What really happened in clean logs, read back from their entries: a plan that drew nothing proves nothing. */
import type { Entry } from "../../gateway/evidence/entry.ts";
import type { Suite } from "../../gateway/evidence/suite.ts";
import { TILE_WIDTH } from "../../gateway/evidence/tiles.ts";

const DAY_MS = 86_400_000;

/** In how many of the clean logs each thing happened; a year change makes two logs out of one and counts once. */
export interface Tally {
  readonly rotations: number;
  readonly national: number;
  readonly nationalRotations: number;
  readonly yearChanges: number;
  /** Logs that end within one entry of a tile's edge, and logs of more than one tile. */
  readonly tileEdges: number;
  readonly severalTiles: number;
  readonly erasures: number;
  readonly releases: number;
  /** Logs whose writer was killed and that went on after it. */
  readonly kills: number;
  readonly emptyDays: number;
}

export const NOTHING: Tally = {
  rotations: 0,
  national: 0,
  nationalRotations: 0,
  yearChanges: 0,
  tileEdges: 0,
  severalTiles: 0,
  erasures: 0,
  releases: 0,
  kills: 0,
  emptyDays: 0,
};

/** `logs`: the entries of each log of one data folder, oldest log first. */
export function drawnIn(logs: readonly (readonly Entry[])[], suite: Suite): Tally {
  const entries = logs.flat();
  const has = (type: Entry["type"]): boolean => entries.some((entry) => entry.type === type);
  const any = (is: (size: number) => boolean): boolean => logs.some(({ length }) => is(length));
  const isEdge = (size: number): boolean => size >= TILE_WIDTH - 1 && Math.abs(offEdge(size)) <= 1;
  const national = suite === "sm2-sm3" && entries.every(({ sm3 }) => sm3 !== undefined);
  const pause = entries.some(({ t }, i) => t - (entries[i - 1]?.t ?? t) >= DAY_MS);
  return {
    rotations: Number(has("key")),
    national: Number(national),
    nationalRotations: Number(national && has("key")),
    yearChanges: Number(logs.length > 1),
    tileEdges: Number(any(isEdge)),
    severalTiles: Number(any((size) => size > TILE_WIDTH)),
    erasures: Number(has("erase")),
    releases: Number(has("release")),
    kills: Number(new Set(entries.map(({ boot }) => boot)).size > 1),
    emptyDays: Number(pause && logs.length === 1),
  };
}

/** Distance to the nearest edge of a tile. */
const offEdge = (size: number): number => {
  const over = size % TILE_WIDTH;
  return over > TILE_WIDTH / 2 ? over - TILE_WIDTH : over;
};

export function added(a: Tally, b: Tally): Tally {
  return {
    rotations: a.rotations + b.rotations,
    national: a.national + b.national,
    nationalRotations: a.nationalRotations + b.nationalRotations,
    yearChanges: a.yearChanges + b.yearChanges,
    tileEdges: a.tileEdges + b.tileEdges,
    severalTiles: a.severalTiles + b.severalTiles,
    erasures: a.erasures + b.erasures,
    releases: a.releases + b.releases,
    kills: a.kills + b.kills,
    emptyDays: a.emptyDays + b.emptyDays,
  };
}
