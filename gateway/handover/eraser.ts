/**
 * Destroys what an approved list names, all of it or nothing. Invariant: it decides by `planErase` alone, on the
 * rules of this moment, and no copy of a destroyed text is left on this box when it resolves.
 */
import { CodedError } from "../domain/errors.ts";
import type { EntryRef, LogId, Seq } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { Entry } from "../evidence/entry.ts";
import type { SeqRange } from "../evidence/ranges.ts";
import type { JsonObject } from "../evidence/record.ts";
import { type EraseFacts, type ErasePlan, planErase } from "./erase-plan.ts";

/** The store's part. */
export interface EraseStore {
  readEntry(ref: EntryRef): Promise<Entry>;
  erase(request: {
    readonly logId: LogId;
    readonly ranges: readonly SeqRange[];
    readonly of: "footage" | "all";
    readonly basis: string;
    readonly detail?: JsonObject;
  }): Promise<EntryRef>;
}

export interface EraserOptions {
  readonly store: EraseStore;
  readonly clock: Clock;
  /** The rules of this moment: retention classes and holds. */
  readonly rules: () => Promise<EraseFacts["rules"]>;
  /** Entries that still hold a body which repeats what this one's says: the rendition of a document. */
  readonly copiesOf: (ref: EntryRef, entry: Entry) => Promise<readonly EntryRef[]>;
  /** Ends what holds bytes beside the log, such as an export that is being made; resolves when they are gone. */
  readonly endCopies: () => Promise<void>;
}

export interface EraseOrder {
  readonly logId: LogId;
  /** Entries whose bodies go; their entries stay. */
  readonly seqs: readonly Seq[];
  /** Article that permits it, or number of the approved destruction list; it stands in the log. */
  readonly basis: string;
  /** More for the entry, such as who approved; no personal data. */
  readonly detail?: JsonObject;
}

export interface Eraser {
  /** What would go and what stays why; nothing is changed. Throws `evidence.noSuchEntry`. */
  plan(order: EraseOrder): Promise<ErasePlan>;
  /**
   * Resolves with the `erase` entry once no file of this box holds a byte of the bodies; a crash in between is
   * carried out at the next start. Throws `evidence.eraseRefused` (details: `why`, the first `seq`, how many),
   * `store.notErasable`, before anything is changed.
   */
  erase(order: EraseOrder): Promise<EntryRef>;
}

export function createEraser(options: EraserOptions): Eraser {
  const { store, clock, rules, copiesOf, endCopies } = options;

  async function plan({ logId, seqs, basis }: EraseOrder): Promise<ErasePlan> {
    const named = new Set(seqs);
    const entries: Entry[] = [];
    const copied = new Set<number>();
    for (const seq of [...named].toSorted((a, b) => a - b)) {
      const ref = { logId, seq };
      const entry = await store.readEntry(ref);
      entries.push(entry);
      const copies = await copiesOf(ref, entry);
      if (copies.some((copy) => copy.logId !== logId || !named.has(copy.seq))) copied.add(seq);
    }
    return planErase({ entries, nowMs: clock.wallMs(), rules: await rules(), basis, copied });
  }

  return {
    plan,
    async erase(order) {
      const { going, refused } = await plan(order);
      const [first] = refused;
      if (first !== undefined)
        throw new CodedError("evidence.eraseRefused", {
          why: first.why,
          seq: first.seq,
          refused: refused.length,
        });
      const { logId, basis, detail } = order;
      const ref = await store.erase({
        logId,
        ranges: going,
        of: "all",
        basis,
        ...(detail === undefined ? {} : { detail }),
      });
      await endCopies();
      return ref;
    },
  };
}
