/**
 * The inspection ledger 检查台账: playbacks by inspectors, samples, comments on the timeline, findings with order,
 * deadline and closing. Invariant: a view of `oversight` and `access` entries; no row can be added or taken away.
 */
import type { EntryRef, UserId } from "../../domain/ids.ts";
import { asJson } from "../entries.ts";
import type { JsonObject, ProjectedEntry, Projection, ViewTable, ViewTransaction } from "./ports.ts";

export type CheckKind = "playback" | "view" | "drawn" | "comment" | "finding" | "rectified" | "findingClosed";

export type CheckRow = {
  readonly ref: EntryRef;
  readonly atMs: number;
  readonly by: string;
  readonly kind: CheckKind;
  /** `matter/<id>`, `file/<id>`, `camera/<id>`, a period for a sample, a finding's id. */
  readonly subject: string;
  readonly text: string;
  /** The moment in the footage that a comment speaks of, UTC ms. */
  readonly momentMs?: number;
  readonly toMs?: number;
};

export type FindingRow = {
  readonly findingId: string;
  readonly atMs: number;
  readonly by: UserId;
  readonly subject: string;
  readonly text: string;
  /** 责令整改的内容 */
  readonly order: string;
  readonly responsible: UserId;
  /** Last day to rectify, Beijing. */
  readonly dueOn: string;
  readonly article?: string;
  readonly rectified?: { readonly atMs: number; readonly by: UserId; readonly text: string };
  readonly closed?: { readonly atMs: number; readonly by: UserId; readonly text: string };
};

export type SampleRow = {
  readonly period: string;
  readonly askedBy: UserId;
  readonly asked: EntryRef;
  readonly candidates: number;
  readonly count: number;
  /** Absent between the asking and the draw. */
  readonly drawn?: {
    readonly atMs: number;
    readonly origin: string;
    readonly size: number;
    readonly rootHex: string;
    readonly seed: string;
    /** Signed note that covers the tree. */
    readonly note: string;
    readonly items: readonly string[];
  };
};

const padded = (value: number): string => String(Math.max(0, Math.floor(value))).padStart(15, "0");
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): { readonly value: number } | undefined =>
  typeof value === "number" ? { value } : undefined;

function put(projected: ProjectedEntry, table: ViewTransaction, row: Omit<CheckRow, "ref" | "atMs">): void {
  const { logId, seq, entry } = projected;
  const place = `${padded(entry.t)}/${logId}/${String(seq).padStart(12, "0")}`;
  table.put(`k/${place}`, asJson({ ...row, atMs: entry.t, ref: { logId, seq } }));
}

async function onFinding(
  table: ViewTransaction,
  id: unknown,
  change: (row: FindingRow) => FindingRow,
): Promise<FindingRow | undefined> {
  const before = (await table.get(`f/${text(id)}`)) as FindingRow | undefined;
  if (before === undefined) return undefined;
  const after = change(before);
  table.put(`f/${before.findingId}`, asJson(after));
  if (after.closed === undefined) table.put(`o/${before.findingId}`, {});
  else table.del(`o/${before.findingId}`);
  return after;
}

type Apply = (projected: ProjectedEntry, json: JsonObject, table: ViewTransaction) => Promise<void> | void;

const APPLY: Readonly<Record<string, Apply>> = {
  drawAsked({ logId, seq }, json, table) {
    const { period, by, candidates, count } = json;
    const row = { period, askedBy: by, asked: { logId, seq }, candidates, count };
    table.put(`s/${text(period)}`, asJson(row));
  },
  async drawn(projected, json, table) {
    const { period, by, origin, size, rootHex, seed, note, items } = json;
    const row = await table.get(`s/${text(period)}`);
    const drawn = { atMs: projected.entry.t, origin, size, rootHex, seed, note, items };
    table.put(`s/${text(period)}`, asJson({ ...row, drawn }));
    const names = Array.isArray(items) ? items.join(" ") : "";
    put(projected, table, { by: text(by), kind: "drawn", subject: text(period), text: names });
  },
  comment(projected, json, table) {
    const moment = number(json["momentMs"]);
    put(projected, table, {
      by: text(json["by"]),
      kind: "comment",
      subject: text(json["subject"]),
      text: text(json["text"]),
      ...(moment === undefined ? {} : { momentMs: moment.value }),
    });
  },
  finding(projected, json, table) {
    const { findingId, by, subject, order } = json;
    const { v: _v, what: _what, commandId: _command, ...facts } = json;
    table.put(`f/${text(findingId)}`, asJson({ ...facts, atMs: projected.entry.t }));
    table.put(`o/${text(findingId)}`, {});
    const said = `${text(json["text"])} → ${text(order)}`;
    put(projected, table, { by: text(by), kind: "finding", subject: text(subject), text: said });
  },
  async rectified(projected, json, table) {
    const done = { atMs: projected.entry.t, by: text(json["by"]) as UserId, text: text(json["text"]) };
    const row = await onFinding(table, json["findingId"], (before) => ({ ...before, rectified: done }));
    put(projected, table, { by: done.by, kind: "rectified", subject: row?.subject ?? "", text: done.text });
  },
  async findingClosed(projected, json, table) {
    const done = { atMs: projected.entry.t, by: text(json["by"]) as UserId, text: text(json["text"]) };
    const row = await onFinding(table, json["findingId"], (before) => ({ ...before, closed: done }));
    put(projected, table, {
      by: done.by,
      kind: "findingClosed",
      subject: row?.subject ?? "",
      text: done.text,
    });
  },
};

function applyLook(projected: ProjectedEntry, json: JsonObject, table: ViewTransaction): void {
  if (json["basis"] !== "inspection") return;
  const { by, act, subject, reason, fromMs, toMs, applicationId } = json;
  const from = number(fromMs);
  const to = number(toMs);
  put(projected, table, {
    by: text(by),
    kind: act === "playback" ? "playback" : "view",
    subject: typeof applicationId === "string" ? `matter/${applicationId}` : text(subject),
    text: text(reason),
    ...(from === undefined ? {} : { momentMs: from.value }),
    ...(to === undefined ? {} : { toMs: to.value }),
  });
}

export const checksProjection: Projection = {
  name: "oversight-checks",
  version: 1,
  types: ["oversight", "access"],
  async apply(projected, table) {
    const json = projected.record?.json;
    if (json === undefined) return;
    if (projected.entry.type === "access") applyLook(projected, json, table);
    else await APPLY[text(json["what"])]?.(projected, json, table);
    const { commandId, findingId } = json;
    if (projected.entry.type === "oversight" && typeof commandId === "string")
      table.put(`c/${commandId}`, { findingId: text(findingId) });
  },
};

/** Reads the view. */
export interface Checks {
  wasDone(commandId: string): Promise<boolean>;
  ledger(interval: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly limit: number;
  }): Promise<readonly CheckRow[]>;
  finding(id: string): Promise<FindingRow | undefined>;
  openFindings(): Promise<readonly FindingRow[]>;
  allFindings(limit: number): Promise<readonly FindingRow[]>;
  sample(period: string): Promise<SampleRow | undefined>;
  samples(): Promise<readonly SampleRow[]>;
}

export function checksOf(table: ViewTable): Checks {
  const finding = async (id: string): Promise<FindingRow | undefined> =>
    (await table.get(`f/${id}`)) as FindingRow | undefined;
  return {
    wasDone: async (commandId) => (await table.get(`c/${commandId}`)) !== undefined,
    async ledger({ fromMs, toMs, limit }) {
      const range = { from: `k/${padded(fromMs)}`, to: `k/${padded(toMs)}`, limit, reverse: true };
      return (await table.range(range)).map(([, row]) => row as unknown as CheckRow);
    },
    finding,
    async openFindings() {
      const ids = (await table.range({ from: "o/", to: "o0" })).map(([key]) => key.slice(2));
      return (await Promise.all(ids.map(finding))).filter((row) => row !== undefined);
    },
    async allFindings(limit) {
      const rows = await table.range({ from: "f/", to: "f0", limit, reverse: true });
      return rows.map(([, row]) => row as unknown as FindingRow);
    },
    sample: async (period) => (await table.get(`s/${period}`)) as SampleRow | undefined,
    async samples() {
      const rows = await table.range({ from: "s/", to: "s0", limit: 500, reverse: true });
      return rows.map(([, row]) => row as unknown as SampleRow);
    },
  };
}
