/**
 * Compares up to 256 leaves as they lie with the leaf hashes of their tile, and says for each place what became
 * of it. Invariant: one removed or inserted entry shifts the others and is still reported as one.
 */
import { equalBytes, toHex } from "../bytes.ts";

export type PlaceState =
  | "intact"
  /** Neither a tile hash nor an entry is held here. */
  | "unknown"
  /** No tile hash to compare with. */
  | "unchecked"
  | "altered"
  | "inserted"
  | "removed"
  | "reordered"
  /** A genuine entry of the block that stands here only because another was removed or inserted. */
  | "shifted";

export interface Place {
  /** Hash of the entry bytes at this place. */
  readonly leaf: Uint8Array | undefined;
  /** Hash that the level-0 tile has for it. */
  readonly tileHash: Uint8Array | undefined;
}

export function compareBlock(places: readonly Place[]): readonly PlaceState[] {
  if (places.every(({ leaf, tileHash }) => leaf !== undefined && isSame(leaf, tileHash)))
    return places.map(() => "intact");
  const held = new Set(places.flatMap(({ leaf }) => (leaf === undefined ? [] : [toHex(leaf)])));
  const wanted = new Set(places.flatMap(({ tileHash }) => (tileHash === undefined ? [] : [toHex(tileHash)])));
  const isLost = ({ tileHash }: Place): boolean => tileHash !== undefined && !held.has(toHex(tileHash));
  const isForeign = ({ leaf, tileHash }: Place): boolean =>
    leaf !== undefined && tileHash !== undefined && !wanted.has(toHex(leaf));
  const shifts = places.some((place) => isLost(place) !== isForeign(place));
  return places.map((place) => {
    const { leaf, tileHash } = place;
    if (tileHash === undefined) return leaf === undefined ? "unknown" : "unchecked";
    if (isSame(tileHash, leaf)) return "intact";
    if (isLost(place)) return isForeign(place) ? "altered" : "removed";
    if (isForeign(place)) return "inserted";
    return shifts ? "shifted" : "reordered";
  });
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && equalBytes(a, b);
}
