/**
 * What ends soon, and which counter footage of no matter may run out now. Invariant: nothing runs out that was not
 * announced `NOTICE_DAYS` before, and what got a matter or a hold since then stays.
 */
import { type LogId, type Seq, seq } from "../../domain/ids.ts";
import type { RetentionOptions } from "./ports.ts";
import type { RetentionIndex } from "./retention-index.ts";
import type { FileRow, WarningRow } from "./retention-view.ts";

const DAY_MS = 86_400_000;
/** A warning names what ends within so many days; no regulation gives a number. */
export const HORIZON_DAYS = 30;
/** So long before it goes, footage has to have been on a warning list. */
export const NOTICE_DAYS = 14;
const MOST_ITEMS = 2000;
const CAMERA = /^camera\/([^/]+)\/main$/;

/** By camera and day, by file, by case: what ends before the horizon. */
export async function endingSoon(
  index: RetentionIndex,
  options: RetentionOptions,
  files: readonly FileRow[],
): Promise<Omit<WarningRow, "ref">> {
  const atMs = options.clock.wallMs();
  const horizonMs = atMs + HORIZON_DAYS * DAY_MS;
  const ends = new Map<string, WarningRow["items"][number]>();
  const add = (what: WarningRow["items"][number]["what"], of: string, endsMs: number): void => {
    const known = ends.get(`${what} ${of}`);
    if (endsMs <= horizonMs && (known === undefined || endsMs < known.endsMs))
      ends.set(`${what} ${of}`, { what, of, endsMs });
  };
  for (const volume of await options.footage.volumes())
    for (const { entry } of await options.footage.footageOf(volume)) {
      const camera = CAMERA.exec(entry.stream)?.[1];
      if (camera === undefined || entry.type !== "fragment" || index.isHeld(entry)) continue;
      const fate = index.fate(entry);
      if (fate.class === "counterUnlinked") add("counterUnlinked", camera, fate.keepUntilMs);
    }
  for (const { fileId, ref } of files) {
    if (index.isFileHeld(fileId) || index.casesOfFile(fileId).length > 0) continue;
    const [, first] = await options.entriesOfFile(fileId);
    if (first !== undefined)
      add("inspectionAv", fileId, index.keepUntilMs(await options.reader.readEntry(first)));
    else add("inspectionAv", fileId, index.keepUntilMs(await options.reader.readEntry(ref)));
  }
  for (const { caseId } of index.cases)
    if (!index.isCaseHeld(caseId)) add("caseFile", caseId, index.caseKeepUntil(caseId));
  return { atMs, horizonMs, items: [...ends.values()].slice(0, MOST_ITEMS) };
}

/** Fragments whose class is over and which were announced, by log. */
export async function runningOut(
  index: RetentionIndex,
  warnings: readonly WarningRow[],
  options: RetentionOptions,
): Promise<readonly { readonly logId: LogId; readonly seqs: readonly Seq[] }[]> {
  const nowMs = options.clock.wallMs();
  const announced = warnings.filter(({ atMs }) => atMs <= nowMs - NOTICE_DAYS * DAY_MS);
  const announcedMs = Math.max(0, ...announced.map(({ horizonMs }) => horizonMs));
  const byLog = new Map<LogId, Seq[]>();
  for (const volume of await options.footage.volumes())
    for (const { entry } of await options.footage.footageOf(volume)) {
      // An init segment stays: it is small, and fragments that stay may be played with it.
      if (entry.type !== "fragment" || index.isHeld(entry)) continue;
      const fate = index.fate(entry);
      if (fate.class !== "counterUnlinked" || fate.keepUntilMs > nowMs || fate.keepUntilMs > announcedMs)
        continue;
      const seqs = byLog.get(volume.logId) ?? [];
      seqs.push(seq(entry.seq));
      byLog.set(volume.logId, seqs);
    }
  return [...byLog].map(([logId, seqs]) => ({ logId, seqs }));
}
