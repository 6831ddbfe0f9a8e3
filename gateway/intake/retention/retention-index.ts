/**
 * What the law says of each entry of footage at this moment: its class, until when it stays, whether it is held. One
 * snapshot answers for a whole pass. Invariant: footage that overlaps a matter or a hold counts as part of it.
 */
import { type CaseKeep, type Fate, caseKeepUntil, fateOf } from "../../domain/retention/classes.ts";
import type { Profile } from "../../domain/profile.ts";
import type { Entry } from "../../evidence/entry.ts";
import type { CaseBook } from "../case-files/case-book.ts";
import { cameraRanges } from "../case-files/case-material.ts";
import type { CaseRow } from "../case-files/case-rows.ts";
import type { FileRow, HoldRow } from "./retention-view.ts";

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
  readonly id: string;
}

/** Ranges that can be asked for what overlaps, however many there are. */
class Ranges {
  readonly #rows: readonly Range[];
  readonly #latest: readonly number[];

  constructor(rows: readonly Range[]) {
    this.#rows = rows.toSorted((a, b) => a.fromMs - b.fromMs);
    let latest = 0;
    this.#latest = this.#rows.map(({ toMs }) => (latest = Math.max(latest, toMs)));
  }

  /** Ids of ranges that touch `fromMs` to `toMs`, both ends included. */
  touching(fromMs: number, toMs: number): readonly string[] {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle]?.fromMs ?? 0) <= toMs) low = middle + 1;
      else high = middle;
    }
    const found: string[] = [];
    for (let i = low - 1; i >= 0 && (this.#latest[i] ?? 0) >= fromMs; i--) {
      const row = this.#rows[i];
      if (row !== undefined && row.toMs >= fromMs) found.push(row.id);
    }
    return found;
  }
}

export interface IndexSources {
  readonly book: CaseBook;
  readonly files: readonly FileRow[];
  readonly holds: readonly HoldRow[];
  readonly profile: Profile;
  readonly nowMs: number;
}

export interface RetentionIndex {
  fate(entry: Entry): Fate;
  isHeld(entry: Entry): boolean;
  keepUntilMs(entry: Entry): number;
  isCaseHeld(caseId: string): boolean;
  caseKeepUntil(caseId: string): number;
  /** Matters that a body camera's file belongs to. */
  casesOfFile(fileId: string): readonly string[];
  isFileHeld(fileId: string): boolean;
  readonly cases: readonly CaseRow[];
}

/** Bytes of a body camera's file, of whichever try: the file's id is the upload's. */
const UPLOAD = /^upload\/([^/]+)\/[0-9]+$/;
const CAMERA = /^camera\/([^/]+)\/main$/;

function group(rows: readonly (Range & { readonly camera: string })[]): ReadonlyMap<string, Ranges> {
  const by = new Map<string, Range[]>();
  for (const { camera, ...row } of rows) by.set(camera, [...(by.get(camera) ?? []), row]);
  return new Map([...by].map(([camera, of]) => [camera, new Ranges(of)]));
}

export async function retentionIndex(sources: IndexSources): Promise<RetentionIndex> {
  const { book, files, holds, profile, nowMs } = sources;
  const cases: CaseRow[] = [];
  const linked: (Range & { readonly camera: string })[] = [];
  const fileCases = new Map<string, string[]>();
  for await (const row of book.all()) {
    cases.push(row);
    const links = await book.links(row.caseId);
    for (const { cameraId, fromMs, toMs } of cameraRanges(await book.sessions(row.caseId), links, nowMs))
      linked.push({ camera: cameraId, fromMs, toMs, id: row.caseId });
    for (const { link } of links)
      if (link.type === "file")
        fileCases.set(link.fileId, [...(fileCases.get(link.fileId) ?? []), row.caseId]);
  }
  const active = holds.filter(({ lifted }) => lifted === undefined);
  const heldCases = new Set(
    active.flatMap(({ subject }) => (subject.kind === "case" ? [subject.caseId] : [])),
  );
  const heldFiles = new Set(
    active.flatMap(({ subject }) => (subject.kind === "file" ? [subject.fileId] : [])),
  );
  const heldRanges = group(
    active.flatMap(({ holdId, subject }) =>
      subject.kind === "camera"
        ? [{ camera: subject.cameraId, fromMs: subject.fromMs, toMs: subject.toMs, id: holdId }]
        : [],
    ),
  );
  const caseRanges = group(linked);
  const byCase = new Map(cases.map((row) => [row.caseId, row]));
  const byId = new Map(files.map((file) => [file.fileId, file]));

  const keepOf = (id: string): CaseKeep => {
    const filed = byCase.get(id)?.filed;
    return filed === undefined ? undefined : { keep: filed.keep, filedMs: filed.atMs };
  };
  const fileOf = (entry: Entry): FileRow | undefined => byId.get(UPLOAD.exec(entry.stream)?.[1] ?? "");
  const cameraOf = (entry: Entry): string | undefined => CAMERA.exec(entry.stream)?.[1];
  const casesOf = (entry: Entry): readonly string[] => {
    const camera = cameraOf(entry);
    if (camera !== undefined) return caseRanges.get(camera)?.touching(entry.t, entry.t + entry.dur) ?? [];
    const file = fileOf(entry);
    return file === undefined ? [] : (fileCases.get(file.fileId) ?? []);
  };
  const isFileHeld = (fileId: string): boolean =>
    heldFiles.has(fileId) || (fileCases.get(fileId) ?? []).some((id) => heldCases.has(id));
  const fate = (entry: Entry): Fate => {
    const file = fileOf(entry);
    // Bytes of an upload that isn't whole belong to nobody yet: they stay until it is.
    if (cameraOf(entry) === undefined && file === undefined)
      return { class: "inspectionAv", keepUntilMs: Number.POSITIVE_INFINITY };
    return fateOf({
      source: file === undefined ? "counter" : "bodyCamera",
      endMs: file?.endMs ?? entry.t + entry.dur,
      cases: casesOf(entry).map(keepOf),
      profile,
    });
  };
  return {
    cases,
    fate,
    keepUntilMs: (entry) => fate(entry).keepUntilMs,
    isHeld(entry) {
      const camera = cameraOf(entry);
      const file = fileOf(entry);
      if (file !== undefined) return isFileHeld(file.fileId);
      if (casesOf(entry).some((id) => heldCases.has(id))) return true;
      return (
        camera !== undefined &&
        (heldRanges.get(camera)?.touching(entry.t, entry.t + entry.dur) ?? []).length > 0
      );
    },
    isCaseHeld: (id) => heldCases.has(id),
    caseKeepUntil: (id) => caseKeepUntil(keepOf(id)),
    casesOfFile: (id) => fileCases.get(id) ?? [],
    isFileHeld,
  };
}
