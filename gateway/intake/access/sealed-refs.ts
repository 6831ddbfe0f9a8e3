/**
 * Where the entries, footage, scans and body-camera files of sealed matters stand in the log, so that the hand-over can
 * keep their packs here. Invariant: while nothing is sealed it costs one look at an empty list.
 */
import { cameraId } from "../../domain/ids.ts";
import type { Matters } from "./matter-view.ts";
import type { FootageRefs, UploadRefs } from "./ports.ts";

export interface SealedRefs {
  holds(logId: string, ranges: readonly (readonly [from: number, to: number])[]): Promise<boolean>;
}

export function sealedRefs(parts: {
  readonly matters: Matters;
  readonly footage: FootageRefs;
  readonly uploads: UploadRefs;
  readonly wallMs: () => number;
}): SealedRefs {
  const { matters, footage, uploads, wallMs } = parts;
  async function seqsOf(matterId: string, log: string): Promise<readonly number[]> {
    const refs = [...(await matters.entriesOf(matterId))];
    const sessions = ((await matters.find(matterId))?.sessions ?? []).flatMap(({ cameraIds, fromMs, toMs }) =>
      cameraIds.map((camera) => ({ cameraId: camera, fromMs, toMs: toMs ?? wallMs() })),
    );
    for (const { cameraId: camera, fromMs, toMs } of [...sessions, ...(await matters.rangesOf(matterId))])
      refs.push(...(await footage.of(cameraId(camera), fromMs, toMs)));
    for (const upload of await matters.uploadsOf(matterId))
      refs.push(...(await uploads.of(upload)), ...(await matters.entriesAbout(upload)));
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
