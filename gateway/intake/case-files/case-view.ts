/**
 * The view of matters: opened by hand or by an intake, everything that belongs to each, its end, its file. Invariant:
 * derived from entries alone; a matter of the counter needs no command of its own to be here.
 */
import type { FootageLink } from "../../domain/records/record.ts";
import { asJson, eventOf } from "../entries.ts";
import type { JsonObject, ProjectedEntry, Projection, ViewTransaction } from "../ports.ts";
import { type CaseRow, type HandOverRow, type SessionRow, below, caseKey, refJson } from "./case-rows.ts";

/** Events of an application after which nothing more is done in it. */
const ENDS = new Set<string>(["notAccepted", "withdrawn", "closed"]);

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

async function rowOf(table: ViewTransaction, id: string): Promise<CaseRow | undefined> {
  return (await table.get(caseKey.case(id))) as unknown as CaseRow | undefined;
}

function put(table: ViewTransaction, row: CaseRow): void {
  table.put(caseKey.case(row.caseId), asJson(row));
  if (row.endedMs !== undefined && row.filed === undefined)
    table.put(caseKey.waiting(row.caseId), { caseId: row.caseId });
  else table.del(caseKey.waiting(row.caseId));
}

function addMember(
  table: ViewTransaction,
  id: string,
  entry: ProjectedEntry,
  of: {
    readonly what: string;
    readonly documentId?: string | undefined;
    readonly scanId?: string | undefined;
  },
): void {
  const { what, documentId, scanId } = of;
  table.put(caseKey.member(id, entry), {
    ...(documentId === undefined ? {} : { documentId }),
    ...(scanId === undefined ? {} : { scanId }),
    ref: refJson(entry),
    type: entry.entry.type,
    what,
    atMs: entry.entry.t,
  });
}

async function applyIntake(entry: ProjectedEntry, json: JsonObject, table: ViewTransaction): Promise<void> {
  const read = eventOf(json);
  if (read === undefined) return;
  const { applicationId: id, event } = read;
  const { meta } = event;
  addMember(table, id, entry, { what: event.type });
  let row = await rowOf(table, id);
  if (row === undefined) {
    row = {
      caseId: id,
      activity: "permit",
      authorityBasis: "own",
      applicationId: id,
      openedMs: meta.at.wallMs,
      openedBy: meta.actor.userId,
      profile: meta.profile,
    };
    table.put(caseKey.list(row.openedMs, id), { caseId: id });
  }
  if (event.type === "started" || event.type === "reopened") {
    const session: SessionRow = { cameraIds: event.cameraIds, fromMs: meta.at.wallMs };
    table.put(caseKey.session(id, session.fromMs), asJson(session));
  }
  if (event.type === "sessionClosed") {
    const { from, to } = below(caseKey.sessions(id));
    const [last] = await table.range({ from, to, limit: 1, reverse: true });
    if (last !== undefined && last[1]["toMs"] === undefined)
      table.put(last[0], { ...last[1], toMs: meta.at.wallMs });
  }
  put(table, ENDS.has(event.type) ? { ...row, endedMs: row.endedMs ?? meta.at.wallMs } : row);
}

function opened(entry: ProjectedEntry, json: JsonObject, table: ViewTransaction): void {
  // Written by the use case `openCase` and covered by the entry's hash, so its form is the one given there.
  const row = json["row"] as unknown as CaseRow;
  put(table, row);
  table.put(caseKey.list(row.openedMs, row.caseId), { caseId: row.caseId });
  addMember(table, row.caseId, entry, { what: "opened" });
}

async function applyHandOver(json: JsonObject, table: ViewTransaction): Promise<void> {
  const list = json["list"] as unknown as HandOverRow;
  table.put(caseKey.handOver(list.listId), asJson(list));
  if (list.to === undefined || list.toSignedMs === undefined) return;
  for (const id of list.caseIds) {
    const row = await rowOf(table, id);
    if (row !== undefined)
      put(table, { ...row, handedOver: { listId: list.listId, atMs: list.toSignedMs, to: list.to } });
  }
}

async function applyCase(entry: ProjectedEntry, json: JsonObject, table: ViewTransaction): Promise<void> {
  const command = text(json["commandId"]);
  const what = text(json["what"]) ?? "";
  if (command !== undefined)
    table.put(caseKey.command(command), { result: json["result"] ?? null, ref: refJson(entry) });
  if (what === "opened") return opened(entry, json, table);
  if (what === "handOver") return applyHandOver(json, table);
  const id = text(json["caseId"]);
  const row = id === undefined ? undefined : await rowOf(table, id);
  if (id === undefined || row === undefined) return;
  addMember(table, id, entry, { what });
  if (what === "ended")
    put(table, {
      ...row,
      endedMs: Number(json["endedMs"]),
      ...(json["lawLimit"] === undefined
        ? {}
        : { lawLimit: json["lawLimit"] as unknown as NonNullable<CaseRow["lawLimit"]> }),
    });
  if (what === "filed") {
    const filed = json["filed"] as unknown as Omit<NonNullable<CaseRow["filed"]>, "ref">;
    put(table, { ...row, filed: { ...filed, ref: { logId: entry.logId, seq: entry.seq } } });
    table.put(caseKey.code(filed.archivalCode), { caseId: id });
  }
  const links = json["footage"] ?? (json["record"] as JsonObject | undefined)?.["footage"];
  const recordId = text(json["recordId"]) ?? text((json["record"] as JsonObject | undefined)?.["recordId"]);
  if (recordId !== undefined) table.put(caseKey.record(recordId), { caseId: id });
  const kind = text(json["kind"]) ?? text((json["record"] as JsonObject | undefined)?.["kind"]) ?? "";
  for (const [n, link] of ((links ?? []) as unknown as readonly FootageLink[]).entries())
    table.put(caseKey.link(id, entry, n), asJson({ recordId, kind, link }));
}

/** The matter that a linked scan belongs to: said itself, or through a paper or record of it. */
async function matterOfScan(json: JsonObject, table: ViewTransaction): Promise<string | undefined> {
  const link = json["link"] as JsonObject | undefined;
  const id = text(link?.["id"]);
  if (id === undefined || text(json["scanId"]) === undefined) return undefined;
  const kind = text(link?.["kind"]);
  if (kind === "application" || kind === "caseFile") return id;
  if (kind === "record") return text((await table.get(caseKey.record(id)))?.["caseId"]);
  if (kind === "signature") return text((await table.get(caseKey.signature(id)))?.["caseId"]);
  const isPaper = kind === "document" || kind === "service";
  return isPaper ? text((await table.get(caseKey.document(id)))?.["caseId"]) : undefined;
}

/** A scan that was destroyed and is brought again belongs to nothing yet. */
async function forgetScan(scanId: string, table: ViewTransaction): Promise<void> {
  for (const [key] of await table.range(below(caseKey.scansOf(scanId)))) table.del(key);
}

/** Papers, signatures, scans, service and labels name their matter or their document. */
async function applyOther(entry: ProjectedEntry, json: JsonObject, table: ViewTransaction): Promise<void> {
  const documentId = text(json["documentId"]);
  const scanId = text(json["scanId"]);
  if (entry.entry.type === "scan" && scanId !== undefined && json["what"] === "reopened")
    return forgetScan(scanId, table);
  const own = text(json["caseId"]) ?? text(json["applicationId"]) ?? (await matterOfScan(json, table));
  const known = documentId === undefined ? undefined : await table.get(caseKey.document(documentId));
  const id = own ?? text(known?.["caseId"]);
  if (id === undefined) return;
  if (documentId !== undefined && entry.entry.type === "document")
    table.put(caseKey.document(documentId), { caseId: id });
  if (entry.entry.type === "signature")
    table.put(caseKey.signature(`${entry.logId}/${entry.seq}`), { caseId: id });
  if (scanId !== undefined) table.put(caseKey.scanOf(scanId, id), { caseId: id });
  const what = text(json["kind"]) ?? text(json["purpose"]) ?? text(json["what"]) ?? "";
  addMember(table, id, entry, { what, documentId, scanId });
  const row = await rowOf(table, id);
  if (row !== undefined && json["what"] === "caseContent")
    put(table, { ...row, content: { logId: entry.logId, seq: entry.seq } });
}

export const caseProjection: Projection = {
  name: "case-files",
  version: 3,
  types: [
    "case",
    "intake",
    "service",
    "person",
    "document",
    "rendition",
    "print",
    "signature",
    "scan",
    "approval",
    "hold",
    "orphan",
  ],
  async apply(entry, table) {
    const json = entry.record?.json;
    if (json === undefined) return;
    const { type } = entry.entry;
    if (type === "case") return applyCase(entry, json, table);
    if (type === "intake" || (type === "service" && eventOf(json) !== undefined))
      return applyIntake(entry, json, table);
    return applyOther(entry, json, table);
  },
};
