/**
 * The view of records: facts of each with what was added, where its words lie, which complaint it answers. Invariant:
 * derived from entries alone and free of personal data.
 */
import { type RecordFacts, type Supplement, supplemented } from "../../domain/records/record.ts";
import type { EntryRef } from "../../domain/ids.ts";
import { refJson } from "../case-files/case-rows.ts";
import { asJson } from "../entries.ts";
import type { JsonObject, ProjectedEntry, Projection, ViewTransaction } from "../ports.ts";

const TIME_DIGITS = 15;
const moment = (ms: number): string => String(Math.max(0, Math.floor(ms))).padStart(TIME_DIGITS, "0");

export const recordKey = {
  record: (id: string) => `record/${id}`,
  order: (recordedMs: number, id: string) => `order/${moment(recordedMs)}/${id}`,
  /** Before every record of this moment and after. */
  orderFrom: (recordedMs: number) => `order/${moment(recordedMs)}`,
  ofCase: (caseId: string, recordedMs: number, id: string) => `of/${caseId}/${moment(recordedMs)}/${id}`,
} as const;

export type RecordRow = {
  readonly facts: RecordFacts;
  readonly ref: EntryRef;
  /** Bodies with what was written, oldest first. */
  readonly contents: readonly EntryRef[];
  /** When the complainant was told. */
  readonly informedMs?: number;
};

async function edit(
  table: ViewTransaction,
  id: unknown,
  change: (row: RecordRow) => RecordRow,
): Promise<void> {
  if (typeof id !== "string") return;
  const row = (await table.get(recordKey.record(id))) as unknown as RecordRow | undefined;
  if (row !== undefined) table.put(recordKey.record(id), asJson(change(row)));
}

async function recorded(entry: ProjectedEntry, json: JsonObject, table: ViewTransaction): Promise<void> {
  const facts = json["record"] as unknown as RecordFacts;
  const { recordId, recordedMs, caseId, answers } = facts;
  table.put(recordKey.record(recordId), asJson({ facts, ref: refJson(entry), contents: [] }));
  table.put(recordKey.order(recordedMs, recordId), { recordId });
  table.put(recordKey.ofCase(caseId, recordedMs, recordId), { recordId });
  if (answers !== undefined) await edit(table, answers, (row) => ({ ...row, informedMs: recordedMs }));
}

export const recordProjection: Projection = {
  name: "records",
  version: 1,
  types: ["case", "approval", "person"],
  async apply(entry, table) {
    const json = entry.record?.json;
    if (json === undefined) return;
    const { what, recordId } = json;
    if (what === "recorded") await recorded(entry, json, table);
    if (what === "recordSupplemented")
      await edit(table, recordId, (row) => ({
        ...row,
        facts: supplemented(row.facts, json["more"] as unknown as Supplement),
      }));
    if (what === "recordApproved")
      await edit(table, recordId, (row) => ({
        ...row,
        facts: {
          ...row.facts,
          approved: json["approved"] as unknown as NonNullable<RecordFacts["approved"]>,
        },
      }));
    if (what === "recordContent")
      await edit(table, recordId, (row) => ({
        ...row,
        contents: [...row.contents, { logId: entry.logId, seq: entry.seq }],
      }));
  },
};
