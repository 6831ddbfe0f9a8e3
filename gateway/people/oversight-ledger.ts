/**
 * What a supervisor looks over, from entries of others: papers issued with their prints and service, and notices
 * that went beyond the one-time rule. Invariant: rows hold ids, numbers and codes, never a person outside the house.
 */
import { DOCUMENT_KINDS, type DocumentKind } from "../domain/document.ts";
import {
  type ApplicationId,
  type DocumentId,
  type EntryRef,
  applicationId,
  documentId,
  logId,
  seq,
} from "../domain/ids.ts";
import type { JsonObject, ProjectedEntry, Projection, Views, ViewTable, ViewTransaction } from "./ports.ts";

const MOST = 500;

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** `before` of the next page; absent on the last. */
  readonly next?: string;
}
export interface PageRequest {
  readonly limit?: number;
  readonly before?: string;
}

export interface IssuedRow {
  readonly documentId: DocumentId;
  readonly applicationId: ApplicationId;
  readonly kind: DocumentKind;
  readonly number: string;
  readonly atMs: number;
  readonly prints: number;
  /** Handed over and signed for. */
  readonly served: boolean;
}

/** A second notice that a supervisor allowed (I2). */
export interface OverrideRow {
  readonly ref: EntryRef;
  readonly atMs: number;
  readonly applicationId: ApplicationId;
  readonly supervisor: string;
  readonly reasonCode: string;
  readonly legalBasis: string;
}

export interface OversightLedger {
  /** Newest first. */
  issued(request: PageRequest): Promise<Page<IssuedRow>>;
  overrides(request: PageRequest): Promise<Page<OverrideRow>>;
}

type Raw = Readonly<Record<string, unknown>>;
const placeOf = ({ logId, seq }: EntryRef): string => `${logId}/${String(seq).padStart(12, "0")}`;
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const object = (value: unknown): Raw => (typeof value === "object" && value !== null ? (value as Raw) : {});

async function edit(
  table: ViewTransaction,
  id: unknown,
  change: (row: JsonObject) => JsonObject,
): Promise<void> {
  const place = typeof id === "string" ? (await table.get(`at/${id}`))?.["place"] : undefined;
  const row = typeof place === "string" ? await table.get(`d/${place}`) : undefined;
  if (row !== undefined && typeof place === "string") table.put(`d/${place}`, change(row));
}

function applyDocument(projected: ProjectedEntry, json: Raw, table: ViewTransaction): void {
  const { documentId: id, applicationId: application, number, kind } = json;
  if (typeof id !== "string" || typeof application !== "string") return;
  table.put(`at/${id}`, { place: placeOf(projected) });
  table.put(`d/${placeOf(projected)}`, {
    documentId: id,
    applicationId: application,
    kind: text(kind),
    number: text(number),
    atMs: projected.entry.t,
    prints: 0,
    served: false,
  });
}

async function applyIntake(projected: ProjectedEntry, json: Raw, table: ViewTransaction): Promise<void> {
  const event = object(json["event"] ?? json);
  if (event["type"] === "handedOver" && event["signature"] !== undefined) {
    await edit(table, event["documentId"], (row) => ({ ...row, served: true }));
    return;
  }
  if (event["type"] !== "correctionNotified" || event["override"] === undefined) return;
  const override = object(event["override"]);
  table.put(`o/${placeOf(projected)}`, {
    logId: projected.logId,
    seq: projected.seq,
    atMs: projected.entry.t,
    applicationId: text(json["applicationId"]),
    supervisor: text(override["supervisorId"]),
    reasonCode: text(override["reasonCode"]),
    legalBasis: text(override["legalBasis"]),
  });
}

export const oversightProjection: Projection = {
  name: "oversight-ledger",
  version: 1,
  types: ["document", "print", "intake", "service"],
  async apply(projected, table) {
    const json = projected.record?.json;
    if (json === undefined) return;
    const { type } = projected.entry;
    if (type === "document") applyDocument(projected, json, table);
    if (type === "intake" || type === "service") await applyIntake(projected, json, table);
    if (type === "print")
      await edit(table, json["documentId"], (row) => ({
        ...row,
        prints: Math.max(Number(row["prints"]), Number(json["count"]) || 0),
      }));
  },
};

function issuedOf(row: JsonObject): IssuedRow {
  const kind = DOCUMENT_KINDS.find((known) => known === row["kind"]) ?? "materialReceipt";
  return {
    documentId: documentId(text(row["documentId"])),
    applicationId: applicationId(text(row["applicationId"])),
    kind,
    number: text(row["number"]),
    atMs: Number(row["atMs"]),
    prints: Number(row["prints"]),
    served: row["served"] === true,
  };
}

function overrideOf(row: JsonObject): OverrideRow {
  return {
    ref: { logId: logId(text(row["logId"])), seq: seq(Number(row["seq"])) },
    atMs: Number(row["atMs"]),
    applicationId: applicationId(text(row["applicationId"])),
    supervisor: text(row["supervisor"]),
    reasonCode: text(row["reasonCode"]),
    legalBasis: text(row["legalBasis"]),
  };
}

/** Newest first under a one-letter prefix; `before` is where the page before ended. */
export async function newestFirst<Row>(
  table: ViewTable,
  options: PageRequest & { readonly prefix: string; readonly row: (json: JsonObject) => Row },
): Promise<Page<Row>> {
  const { prefix, before, limit = 100, row } = options;
  const size = Math.min(limit, MOST);
  const to =
    before !== undefined && /^[0-9.]{4,10}\/[0-9]{12}$/.test(before) ? `${prefix}/${before}` : `${prefix}0`;
  const rows = await table.range({ from: `${prefix}/`, to, limit: size + 1, reverse: true });
  const last = rows[size - 1];
  return {
    rows: rows.slice(0, size).map(([, json]) => row(json)),
    ...(rows.length > size && last !== undefined ? { next: last[0].slice(prefix.length + 1) } : {}),
  };
}

/** To be called before the store catches up, since it registers a view. */
export function createOversightLedger(views: Views): OversightLedger {
  const table = views.register(oversightProjection);
  return {
    issued: (request) => newestFirst(table, { ...request, prefix: "d", row: issuedOf }),
    overrides: (request) => newestFirst(table, { ...request, prefix: "o", row: overrideOf }),
  };
}
