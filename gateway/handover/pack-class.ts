/** Which pack an entry goes into. Invariant: the class follows from the entry's type alone, so a rebuild agrees. */
import type { EntryType } from "../evidence/entry.ts";
import type { PackClass } from "./contract.ts";

export function classOf(type: EntryType): PackClass {
  if (type === "fragment" || type === "init") return 3;
  return type === "chunk" ? 2 : 0;
}

/** The log's own bookkeeping of its hand-over: travels with the rest, but is never a reason to hand over. */
const BOOKKEEPING: ReadonlySet<EntryType> = new Set<EntryType>(["pack", "ack", "sighting"]);
export const isBookkeeping = (type: EntryType): boolean => BOOKKEEPING.has(type);

/** Entries that say that something was decided or given out: they are wanted elsewhere soon. */
const PAPERS: ReadonlySet<EntryType> = new Set<EntryType>([
  "rendition",
  "signature",
  "service",
  "scan",
  "hold",
  "case",
]);
export const isPaper = (type: EntryType): boolean => PAPERS.has(type);
