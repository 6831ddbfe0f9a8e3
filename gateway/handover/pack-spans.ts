/** Where sealed packs lie, and which of them the archive has acknowledged. Invariant: a pack's place never changes. */
import type { EntryRef, LogId, Sha256Hex } from "../domain/ids.ts";
import { rangesHold } from "../evidence/ranges.ts";
import { type Handover, PACK_CLASSES, type PackClass, type SealedPack } from "./contract.ts";
import type { AckedPack } from "./release-plan.ts";

type PackLists = Pick<Handover, "listPacks" | "findPack">;

export const FOOTAGE_CLASSES = [2, 3] as const satisfies readonly PackClass[];
const PAGE = 1000;

interface Span {
  readonly logId: LogId;
  readonly from: number;
  readonly to: number;
  readonly sha256: Sha256Hex;
}

/** Where each pack of some classes lies. That never changes, so only new packs are looked at. */
export class PackSpans {
  readonly #handover: PackLists;
  readonly #classes: readonly PackClass[];
  readonly #spans: Span[] = [];
  readonly #after = new Map<PackClass, number>();

  constructor(handover: PackLists, classes: readonly PackClass[]) {
    this.#handover = handover;
    this.#classes = classes;
  }

  /** Acknowledged packs that reach into these sequence numbers. */
  async acked(volume: {
    readonly logId: LogId;
    readonly firstSeq: number;
    readonly endSeq: number;
  }): Promise<readonly AckedPack[]> {
    await this.#catchUp();
    const found: AckedPack[] = [];
    for (const { logId, from, to, sha256 } of this.#spans) {
      if (logId !== volume.logId || from >= volume.endSeq || to <= volume.firstSeq) continue;
      const pack = await this.#handover.findPack(sha256);
      if (pack?.acked !== undefined)
        found.push({ sha256, ranges: pack.ranges, retainUntilMs: pack.acked.retainUntilMs });
    }
    return found;
  }

  /** Whether the archive has acknowledged a pack with this entry's body. */
  async isAcked({ logId, seq }: EntryRef): Promise<boolean> {
    const packs = await this.acked({ logId, firstSeq: seq, endSeq: seq + 1 });
    return packs.some(({ ranges }) => rangesHold(ranges, seq));
  }

  async #catchUp(): Promise<void> {
    for (const cls of this.#classes)
      for (;;) {
        const after = this.#after.get(cls) ?? 0;
        const packs = await this.#handover.listPacks({ after, class: cls, limit: PAGE });
        for (const pack of packs) this.#add(pack);
        const last = packs.at(-1);
        if (last === undefined) break;
        this.#after.set(cls, last.no);
      }
  }

  #add({ logId, ranges, sha256 }: SealedPack): void {
    const from = ranges[0]?.[0];
    const to = ranges.at(-1)?.[1];
    if (from !== undefined && to !== undefined) this.#spans.push({ logId, from, to, sha256 });
  }
}

/** Whether the archive has acknowledged an entry's body, whatever it is. */
export function createAcknowledged(handover: PackLists): (ref: EntryRef) => Promise<boolean> {
  const spans = new PackSpans(handover, PACK_CLASSES);
  return (ref) => spans.isAcked(ref);
}
