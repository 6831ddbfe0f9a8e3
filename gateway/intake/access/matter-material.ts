/**
 * Which entries, uploads and footage belong to a matter, however an entry says so: itself, or through a paper, record,
 * signature, request, hold, list, scan or body-camera file. Invariant: what can be reached from a matter is found from
 * it, so that a seal leaves nothing out.
 */
import { type EntryRef, logId, seq } from "../../domain/ids.ts";
import type { FootageLink, ScanLink } from "../../domain/records/record.ts";
import { asJson } from "../entries.ts";
import type { JsonObject, ProjectedEntry, ViewTable, ViewTransaction } from "./ports.ts";

const PAGE = 1000;

export type CameraRange = { readonly cameraId: string; readonly fromMs: number; readonly toMs: number };

const order = ({ logId: log, seq: index }: EntryRef): string => `${log}/${String(index).padStart(12, "0")}`;
const at = ({ logId: log, seq: index }: EntryRef): string => `${log}/${index}`;
const key = {
  entry: (matter: string, ref: EntryRef) => `e/${matter}/${order(ref)}`,
  /** A scan or body-camera file of a matter. */
  upload: (matter: string, id: string) => `u/${matter}/${id}`,
  /** An entry that speaks of an upload, whichever matter that belongs to. */
  about: (id: string, ref: EntryRef) => `t/${id}/${order(ref)}`,
  range: (matter: string, ref: EntryRef, n: number) => `c/${matter}/${order(ref)}/${n}`,
  /** The matter of something that other entries name: `document/<id>`, `record/<id>` and so on. */
  owner: (kind: Owner, id: string) => `d/${kind}/${id}`,
  /** The upload whose record stands there. */
  stored: (ref: EntryRef) => `b/${at(ref)}`,
};
type Owner = "document" | "record" | "signature" | "request" | "hold" | "finding";

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const object = (value: unknown): JsonObject | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
const list = <Item>(value: unknown): readonly Item[] =>
  Array.isArray(value) ? (value as readonly Item[]) : [];

const matterIn = (row: JsonObject | undefined): string | undefined => text(row?.["matterId"]);

async function ownerOf(table: ViewTable, kind: Owner, id: unknown): Promise<string | undefined> {
  return typeof id === "string" ? matterIn(await table.get(key.owner(kind, id))) : undefined;
}

/** The id in a label's target or a finding's subject, such as `matter/<id>`. */
function targetOf(json: JsonObject, ...kinds: readonly string[]): string | undefined {
  const [kind = "", id] = (text(json["target"]) ?? text(json["subject"]) ?? "").split("/");
  return kinds.includes(kind) ? id : undefined;
}

/** The matter that a scan was linked to. */
async function matterOfLink(json: JsonObject, table: ViewTable): Promise<string | undefined> {
  const link = object(json["link"]);
  const id = text(link?.["id"]);
  switch (text(link?.["kind"]) ?? "") {
    case "application":
    case "caseFile":
      return id;
    case "document":
    case "service":
      return ownerOf(table, "document", id);
    case "record":
      return ownerOf(table, "record", id);
    case "signature":
      return ownerOf(table, "signature", id);
    default:
      return undefined;
  }
}

/** Bodies that name their matter one level down: a request, a case row, a bureau's fact, a foreign paper. */
const WITHIN = ["request", "row", "record", "bureau", "foreignPaper", "subject"] as const;

/** The matters an entry speaks of; a list for hand-over or destruction has several. */
async function mattersIn(json: JsonObject, table: ViewTable): Promise<ReadonlySet<string>> {
  const found = [
    ...[json, ...WITHIN.map((name) => object(json[name]))].flatMap((body) => [
      text(body?.["matterId"]),
      text(body?.["applicationId"]),
      text(body?.["caseId"]),
    ]),
    ...list<string>(object(json["list"])?.["caseIds"]),
    targetOf(json, "matter", "case"),
    await ownerOf(table, "document", json["documentId"]),
    await ownerOf(table, "record", json["recordId"]),
    await ownerOf(table, "request", json["requestId"]),
    await ownerOf(table, "hold", json["holdId"]),
    await ownerOf(table, "finding", json["findingId"]),
    await matterOfLink(json, table),
  ];
  return new Set(found.filter((id) => id !== undefined));
}

/** The uploads an entry speaks of itself. */
function uploadsIn(json: JsonObject): readonly string[] {
  const found = [
    json["scanId"],
    json["fileId"],
    json["upload"],
    object(json["subject"])?.["fileId"],
    targetOf(json, "file"),
  ].map(text);
  return [...new Set(found.filter((id) => id !== undefined))];
}

/** Footage and scans that a record links, at once or later. */
async function applyLinks(
  matterId: string,
  json: JsonObject,
  { ref, table }: { readonly ref: EntryRef; readonly table: ViewTransaction },
): Promise<void> {
  const bodies = [object(json["record"]), object(json["more"])];
  const links = bodies.flatMap((body) => list<FootageLink>(body?.["footage"]));
  for (const [n, link] of links.entries())
    if (link.type === "file") table.put(key.upload(matterId, link.fileId), {});
    else {
      const { cameraId, fromMs, toMs } = link;
      table.put(key.range(matterId, ref, n), asJson({ cameraId, fromMs, toMs } satisfies CameraRange));
    }
  for (const scan of bodies.flatMap((body) => list<ScanLink>(body?.["scans"]))) {
    table.put(key.entry(matterId, scan.ref), {});
    const upload = text((await table.get(key.stored(scan.ref)))?.["upload"]);
    if (upload !== undefined) table.put(key.upload(matterId, upload), {});
  }
}

/** What of the entry other entries may name. */
function applyOwners(json: JsonObject, projected: ProjectedEntry, table: ViewTransaction): void {
  const { type } = projected.entry;
  const id = text(json["matterId"]) ?? text(json["applicationId"]) ?? text(json["caseId"]);
  const own = (kind: Owner, name: unknown, matterId: string | undefined): void => {
    if (typeof name === "string" && matterId !== undefined) table.put(key.owner(kind, name), { matterId });
  };
  if (type === "document") own("document", json["documentId"], id);
  const foreign = object(json["foreignPaper"]);
  own("document", foreign?.["documentId"], text(foreign?.["applicationId"]));
  own("record", object(json["record"])?.["recordId"], id);
  if (type === "signature") own("signature", at(projected), id);
  const request = object(json["request"]);
  own("request", request?.["requestId"], text(request?.["matterId"]));
  own("finding", json["findingId"], targetOf(json, "matter", "case"));
  if (type === "hold") own("hold", json["holdId"], text(object(json["subject"])?.["caseId"]));
}

/** Rows of looks and claims are the ledger's own and no material of the matter. */
function isLook(json: JsonObject, type: string): boolean {
  return (
    type === "access" &&
    json["act"] !== "supply" &&
    !["request", "credentials", "closed"].includes(text(json["what"]) ?? "")
  );
}

/** In the projection: where the entry and what it links belong. */
export async function applyMaterial(projected: ProjectedEntry, table: ViewTransaction): Promise<void> {
  const json = projected.record?.json;
  if (json === undefined || isLook(json, projected.entry.type)) return;
  applyOwners(json, projected, table);
  const uploads = uploadsIn(json);
  for (const id of uploads) table.put(key.about(id, projected), {});
  if (json["what"] === "stored" && json["scanId"] !== undefined)
    table.put(key.stored(projected), { upload: json["scanId"] });
  for (const matterId of await mattersIn(json, table)) {
    table.put(key.entry(matterId, projected), {});
    await applyLinks(matterId, json, { ref: projected, table });
    if (json["what"] === "linked") for (const id of uploads) table.put(key.upload(matterId, id), {});
  }
}

/** Keys below a prefix, a page at a time. */
async function rowsBelow(
  table: ViewTable,
  prefix: string,
): Promise<readonly (readonly [string, JsonObject])[]> {
  const found: (readonly [string, JsonObject])[] = [];
  for (let from = `${prefix}/`; ;) {
    const rows = await table.range({ from, to: `${prefix}0`, limit: PAGE });
    found.push(...rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return found;
    from = `${last[0]}!`;
  }
}
async function refsBelow(table: ViewTable, prefix: string): Promise<readonly EntryRef[]> {
  return (await rowsBelow(table, prefix)).map(([found]) => {
    const [log = "", index = ""] = found.slice(prefix.length + 1).split("/");
    return { logId: logId(log), seq: seq(Number(index)) };
  });
}

/** Reads what a matter holds. */
export interface MatterMaterial {
  ofDocument(documentId: string): Promise<string | undefined>;
  /** The matter of a paper, record or signature, as scans are linked to them. */
  ofPart(id: string): Promise<string | undefined>;
  entriesOf(matterId: string): Promise<readonly EntryRef[]>;
  /** Scans and body-camera files linked to the matter. */
  uploadsOf(matterId: string): Promise<readonly string[]>;
  /** Entries that speak of an upload, its labels among them. */
  entriesAbout(uploadId: string): Promise<readonly EntryRef[]>;
  /** Camera footage that records of the matter link. */
  rangesOf(matterId: string): Promise<readonly CameraRange[]>;
}

export function matterMaterial(table: ViewTable): MatterMaterial {
  return {
    ofDocument: (documentId) => ownerOf(table, "document", documentId),
    async ofPart(id) {
      for (const kind of ["document", "record", "signature"] as const) {
        const matterId = await ownerOf(table, kind, id);
        if (matterId !== undefined) return matterId;
      }
      return undefined;
    },
    entriesOf: (matterId) => refsBelow(table, `e/${matterId}`),
    async uploadsOf(matterId) {
      const prefix = `u/${matterId}`;
      return (await rowsBelow(table, prefix)).map(([found]) => found.slice(prefix.length + 1));
    },
    entriesAbout: (uploadId) => refsBelow(table, `t/${uploadId}`),
    rangesOf: async (matterId) =>
      (await rowsBelow(table, `c/${matterId}`)).map(([, row]) => row as unknown as CameraRange),
  };
}
