/**
 * Gathers everything of one matter: entries, papers, records, footage, holds, and what is missing of it. Invariant: an
 * erased body is still a member; the check names it instead of passing it over.
 */
import { type CompletenessItem, missingOf } from "../../domain/case-files/complete.ts";
import type { EntryRef } from "../../domain/ids.ts";
import type { Span } from "../../domain/records/record.ts";
import type { RecordView } from "../records/records.ts";
import type { CaseBook } from "./case-book.ts";
import type { CaseRow, LinkRow, MemberRow, SessionRow } from "./case-rows.ts";
import type { CaseFilesOptions, RecordsOfCase } from "./ports.ts";

export interface CaseMaterial {
  readonly row: CaseRow;
  readonly rows: readonly MemberRow[];
  readonly members: readonly EntryRef[];
  readonly recordViews: readonly RecordView[];
  readonly sessions: readonly SessionRow[];
  readonly links: readonly LinkRow[];
  readonly fragments: readonly { readonly ref: EntryRef; readonly init: EntryRef }[];
  readonly files: readonly {
    readonly fileId: string;
    readonly ref: EntryRef;
    readonly sha256: string;
    readonly probed: boolean;
    readonly bytes: () => AsyncIterable<Uint8Array>;
  }[];
  readonly holds: readonly EntryRef[];
  readonly missing: readonly CompletenessItem[];
  /** How many were looked at, for the report. */
  readonly papers: number;
  readonly records: number;
  readonly stages: number;
  readonly spans: number;
}

/** Magic numbers of what a case file may hold; a format that isn't here is told of, not refused. */
const FORMATS: readonly (readonly [name: string, at: number, bytes: string])[] = [
  ["PDF", 0, "%PDF-"],
  ["JPEG", 0, "\u00ff\u00d8\u00ff"],
  ["PNG", 0, "\u0089PNG"],
  ["TIFF", 0, "II*\u0000"],
  ["TIFF", 0, "MM\u0000*"],
  ["RIFF", 0, "RIFF"],
  ["MP3", 0, "ID3"],
  ["MP3", 0, "\u00ff\u00fb"],
  ["FLAC", 0, "fLaC"],
  ["MP4", 4, "ftyp"],
  ["OFD", 0, "PK\u0003\u0004"],
];
const PROGRAMS = ["MZ", "\u007fELF", "#!"] as const;

const begins = (bytes: Uint8Array, at: number, magic: string): boolean =>
  Buffer.from(bytes.subarray(at, at + magic.length)).toString("latin1") === magic;

/** Name of the file format; undefined where nobody here knows it. */
export function formatOf(bytes: Uint8Array): string | undefined {
  return FORMATS.find(([, at, magic]) => begins(bytes, at, magic))?.[0];
}
export const isProgram = (bytes: Uint8Array): boolean => PROGRAMS.some((magic) => begins(bytes, 0, magic));

/** Ranges of cameras that belong to the matter: its sessions, and links of its records. */
export function cameraRanges(
  sessions: readonly SessionRow[],
  links: readonly LinkRow[],
  nowMs: number,
): readonly (Span & { readonly cameraId: string })[] {
  return [
    ...sessions.flatMap(({ cameraIds, fromMs, toMs }) =>
      cameraIds.map((cameraId) => ({ cameraId, fromMs, toMs: toMs ?? nowMs })),
    ),
    ...links.flatMap(({ link }) =>
      link.type === "camera" ? [{ cameraId: link.cameraId, fromMs: link.fromMs, toMs: link.toMs }] : [],
    ),
  ];
}

const keyOf = (ref: EntryRef): string => `${ref.logId}/${ref.seq}`;

export async function gatherCase(
  row: CaseRow,
  parts: {
    readonly book: CaseBook;
    readonly records: RecordsOfCase;
    readonly options: CaseFilesOptions;
  },
): Promise<CaseMaterial> {
  const { book, records, options } = parts;
  const { caseId } = row;
  const rows = await book.members(caseId);
  const recordViews = await records.list({ caseId });
  const sessions = await book.sessions(caseId);
  const links = await book.links(caseId);
  const ranges = cameraRanges(sessions, links, options.clock.wallMs());
  const fragments = new Map<string, { readonly ref: EntryRef; readonly init: EntryRef }>();
  const gaps: string[] = [];
  for (const { cameraId, fromMs, toMs } of ranges) {
    for (const one of await options.footage.fragments(cameraId, fromMs, toMs))
      fragments.set(keyOf(one.ref), one);
    const [covered] = await options.footage.coverage([cameraId], fromMs, toMs);
    for (const gap of covered?.gaps ?? []) gaps.push(`${cameraId} ${gap.from}-${gap.to} ${gap.cause}`);
  }
  const files = [];
  const fileIds = new Set(links.flatMap(({ link }) => (link.type === "file" ? [link.fileId] : [])));
  for (const fileId of fileIds) {
    const file = await options.footage.file(fileId);
    if (file === undefined) gaps.push(`file ${fileId} gone`);
    else files.push({ fileId, ...file });
  }
  const finished = new Set(
    rows.filter(({ type }) => type === "rendition").map(({ documentId }) => documentId),
  );
  const papers = rows.flatMap(({ type, documentId }) =>
    type === "document" && documentId !== undefined
      ? [{ documentId, finished: finished.has(documentId) }]
      : [],
  );
  const missing = missingOf({
    activity: row.activity,
    atCounter: row.applicationId !== undefined,
    records: recordViews.map(({ facts, row: kind, lacks }) => ({
      recordId: facts.recordId,
      stage: kind.stage,
      lacks: lacks.map(({ lack, what }) => (what === undefined ? lack : `${lack} ${what}`)),
    })),
    papers,
    gaps,
  });
  return {
    row,
    rows,
    members: rows.map(({ ref }) => ref),
    recordViews,
    sessions,
    links,
    fragments: [...fragments.values()],
    files,
    holds: rows.filter(({ type }) => type === "hold").map(({ ref }) => ref),
    missing,
    papers: papers.length,
    records: recordViews.length,
    stages: new Set(recordViews.map(({ row: kind }) => kind.stage)).size,
    spans: ranges.length + fileIds.size,
  };
}
