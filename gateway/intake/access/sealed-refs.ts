/**
 * Where the entries and footage of sealed matters stand in the log, so that the hand-over can keep their packs here.
 * Invariant: while nothing is sealed it costs one look at an empty list.
 */
import { cameraId } from "../../domain/ids.ts";
import type { Matters } from "./matter-view.ts";
import type { FootageRefs } from "./ports.ts";

export interface SealedRefs {
  holds(logId: string, ranges: readonly (readonly [from: number, to: number])[]): Promise<boolean>;
}

export function sealedRefs(matters: Matters, footage: FootageRefs, wallMs: () => number): SealedRefs {
  async function seqsOf(matterId: string, log: string): Promise<readonly number[]> {
    const row = await matters.find(matterId);
    const refs = [...(await matters.entriesOf(matterId))];
    for (const { cameraIds, fromMs, toMs } of row?.sessions ?? [])
      for (const camera of cameraIds)
        refs.push(...(await footage.of(cameraId(camera), fromMs, toMs ?? wallMs())));
    return refs.filter(({ logId }) => logId === log).map(({ seq }) => seq);
  }
  return {
    async holds(log, ranges) {
      for (const matterId of await matters.sealed()) {
        const seqs = await seqsOf(matterId, log);
        if (seqs.some((seq) => ranges.some(([from, to]) => from <= seq && seq < to))) return true;
      }
      return false;
    },
  };
}
