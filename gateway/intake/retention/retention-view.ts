/**
 * The view of holds, body-camera files, destruction lists, warnings and media. Invariant: derived from entries alone; a
 * file that its officer marked holds itself, without a command.
 */
import type { EntryRef, UserId } from "../../domain/ids.ts";
import { asJson } from "../entries.ts";
import type { JsonObject, ProjectedEntry, Projection, ViewTransaction } from "../ports.ts";
import type { HoldSet } from "./hold-entries.ts";

export type HoldRow = Omit<HoldSet, "v" | "what" | "commandId"> & {
  readonly ref: EntryRef;
  readonly lifted?: { readonly by: UserId; readonly atMs: number; readonly why: string };
};

export type FileRow = {
  readonly fileId: string;
  readonly chunkStream: string;
  readonly storedMs: number;
  /** End of the recording by the best clock known; when it was stored where none is. */
  readonly endMs: number;
  readonly keyMarked: boolean;
  readonly ref: EntryRef;
};

export type ListItem =
  | { readonly kind: "case"; readonly caseId: string }
  | { readonly kind: "file"; readonly fileId: string };

/** 销毁清册: kept for ever, whatever became of it. */
export type DestructionList = {
  readonly listId: string;
  readonly items: readonly ListItem[];
  /** Bodies that go, by log. */
  readonly entries: readonly { readonly logId: string; readonly seqs: readonly number[] }[];
  readonly drawnBy: UserId;
  readonly drawnMs: number;
  readonly appraisal?: { readonly by: UserId; readonly atMs: number; readonly opinion: string };
  readonly approvals: readonly { readonly by: UserId; readonly atMs: number }[];
  readonly rejected?: { readonly by: UserId; readonly atMs: number; readonly why: string };
  /** The `erase` entries that carried it out. */
  readonly done?: { readonly by: UserId; readonly atMs: number; readonly erased: readonly EntryRef[] };
};

/** What was announced to end before `horizonMs`. */
export type WarningRow = {
  readonly atMs: number;
  readonly horizonMs: number;
  readonly items: readonly {
    readonly what: "counterUnlinked" | "inspectionAv" | "caseFile";
    /** Camera, file or case. */
    readonly of: string;
    readonly endsMs: number;
  }[];
  readonly ref: EntryRef;
};

/** 移动介质登记: one disc or drive with what lies on it. */
export type MediumRow = {
  readonly mediumNo: string;
  readonly kind: "disc" | "removable";
  readonly caseId?: string;
  readonly holdId?: string;
  readonly exportName: string;
  /** Of the copy's manifest, which names every file with its hash. */
  readonly manifestSha256: string;
  readonly files: number;
  readonly sizeBytes: number;
  readonly keptAt: string;
  readonly by: UserId;
  readonly atMs: number;
};

const TIME_DIGITS = 15;
const digits = (ms: number): string => String(Math.max(0, ms)).padStart(TIME_DIGITS, "0");

export const retentionKey = {
  hold: (id: string) => `hold/${id}`,
  file: (id: string) => `file/${id}`,
  list: (id: string) => `list/${id}`,
  warning: (atMs: number) => `warning/${digits(atMs)}`,
  medium: (no: string) => `medium/${encodeURIComponent(no)}`,
  command: (id: string) => `command/${id}`,
} as const;

const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

function applyFile(entry: ProjectedEntry, json: JsonObject, table: ViewTransaction): void {
  const { fileId, chunkStream } = json;
  if (typeof fileId !== "string" || typeof chunkStream !== "string") return;
  const claims = (Array.isArray(json["claims"]) ? json["claims"] : []) as readonly Record<string, unknown>[];
  const ends = claims.flatMap(({ deviceEndMs, deviceStartMs, clockOffsetMs }) => {
    const end = number(deviceEndMs) ?? number(deviceStartMs);
    return end === undefined ? [] : [end - (number(clockOffsetMs) ?? 0)];
  });
  const ref = { logId: entry.logId, seq: entry.seq };
  const keyMarked = claims.some((claim) => claim["keyMarked"] === true);
  const row: FileRow = {
    fileId,
    chunkStream,
    storedMs: entry.entry.t,
    endMs: Math.max(...ends, ends.length === 0 ? entry.entry.t : 0),
    keyMarked,
    ref,
  };
  table.put(retentionKey.file(fileId), asJson(row));
  if (!keyMarked) return;
  const holdId = `key-${fileId}`;
  const hold = {
    holdId,
    subject: { kind: "file", fileId },
    reason: "keyMarked",
    by: "dock",
    atMs: entry.entry.t,
    ref,
  };
  table.put(retentionKey.hold(holdId), asJson(hold));
}

async function applyHold(entry: ProjectedEntry, json: JsonObject, table: ViewTransaction): Promise<void> {
  const holdId = json["holdId"] as string;
  const ref = { logId: entry.logId, seq: entry.seq };
  if (json["what"] === "set") {
    const { holdId: id, subject, reason, article, by, atMs, source } = json;
    table.put(
      retentionKey.hold(holdId),
      asJson({ holdId: id, subject, reason, article, by, atMs, source, ref }),
    );
  }
  const row = json["what"] === "lifted" ? await table.get(retentionKey.hold(holdId)) : undefined;
  if (row !== undefined) {
    const { by, atMs, why } = json;
    table.put(retentionKey.hold(holdId), { ...row, lifted: { by, atMs, why } });
  }
}

export const retentionProjection: Projection = {
  name: "retention",
  version: 1,
  types: ["hold", "file", "case"],
  async apply(entry, table) {
    const json = entry.record?.json;
    if (json === undefined) return;
    const { type } = entry.entry;
    if (typeof json["commandId"] === "string" && type !== "file")
      table.put(retentionKey.command(json["commandId"]), {
        result: json["result"] ?? json["holdId"] ?? null,
      });
    if (type === "file") applyFile(entry, json, table);
    if (type === "hold") await applyHold(entry, json, table);
    const { what } = json;
    if (what === "destruction") {
      const list = json["list"] as unknown as DestructionList;
      table.put(retentionKey.list(list.listId), asJson(list));
    }
    if (what === "warning") {
      const warning = json["warning"] as unknown as WarningRow;
      table.put(
        retentionKey.warning(warning.atMs),
        asJson({ ...warning, ref: { logId: entry.logId, seq: entry.seq } }),
      );
    }
    if (what === "medium") {
      const medium = json["medium"] as unknown as MediumRow;
      table.put(retentionKey.medium(medium.mediumNo), asJson(medium));
    }
  },
};
