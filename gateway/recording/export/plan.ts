/**
 * What an export holds, in order: records of each camera, then its fragments, cut into stretches that one MP4 can
 * hold. Pure. Invariant: every fragment and gap that the catalogue has for the spans is in it once.
 */
import type { CameraId, EntryRef } from "../../domain/ids.ts";
import type { Coverage, FragmentRow } from "../coverage.ts";

/** What one MP4 holds at most, so that the file that lies on disk while it is made stays small. */
const STRETCH_BYTES_MAX = 256 * 1024 * 1024;

export interface Stretch {
  readonly camera: CameraId;
  readonly init: EntryRef;
  readonly codec: string;
  readonly fragments: readonly FragmentRow[];
}

export interface ExportPlan {
  /** Runs, init segments and gaps, ascending within a log. */
  readonly records: readonly EntryRef[];
  readonly stretches: readonly Stretch[];
  readonly totalBytes: number;
}

const keyOf = (ref: EntryRef): string => `${ref.logId}/${ref.seq}`;

export function planExport(
  parts: readonly { readonly camera: CameraId; readonly coverage: Coverage }[],
): ExportPlan {
  const records = new Map<string, EntryRef>();
  const note = (ref: EntryRef | undefined): void => {
    if (ref !== undefined) records.set(keyOf(ref), ref);
  };
  const seen = new Set<string>();
  const stretches: Stretch[] = [];
  let totalBytes = 0;
  for (const { camera, coverage } of parts) {
    for (const gap of coverage.gaps) note(gap.ref);
    let open: { key: string; sizeBytes: number; fragments: FragmentRow[] } | undefined;
    for (const row of coverage.fragments) {
      if (seen.has(keyOf(row.ref))) continue;
      seen.add(keyOf(row.ref));
      note(row.run);
      note(row.init);
      totalBytes += row.sizeBytes;
      const key = `${keyOf(row.run)} ${keyOf(row.init)}`;
      if (open?.key !== key || open.sizeBytes + row.sizeBytes > STRETCH_BYTES_MAX) {
        open = { key, sizeBytes: 0, fragments: [] };
        stretches.push({ camera, init: row.init, codec: row.codec ?? "", fragments: open.fragments });
      }
      open.fragments.push(row);
      open.sizeBytes += row.sizeBytes;
    }
  }
  const sorted = [...records.values()].sort(
    (a, b) => (a.logId < b.logId ? -1 : a.logId > b.logId ? 1 : 0) || a.seq - b.seq,
  );
  return { records: sorted, stretches, totalBytes };
}
