/**
 * The view of matters for viewing and copying: who acted, which footage, which labels, whether it is sealed, and
 * where its entries stand. Invariant: derived from entries alone; nothing in it is personal.
 */
import type { MatterFacts } from "../../domain/access/matter-facts.ts";
import type { Sensitivity } from "../../domain/access/parties.ts";
import type { IntakeEvent } from "../../domain/intake/events.ts";
import { type EntryRef, type UserId, logId, seq } from "../../domain/ids.ts";
import { asJson, eventOf } from "../entries.ts";
import type { JsonObject, ProjectedEntry, Projection, ViewTable, ViewTransaction } from "./ports.ts";

/** No session is longer; a range of footage is looked up this much earlier. */
const LONGEST_SESSION_MS = 24 * 3_600_000;
const SESSIONS_MOST = 2000;
const ENTRIES_PAGE = 1000;

export type MatterSession = {
  readonly cameraIds: readonly string[];
  readonly fromMs: number;
  readonly toMs?: number;
};
export type MatterRow = {
  readonly profile?: { readonly id: string; readonly version: string };
  readonly staff: readonly UserId[];
  readonly lead?: UserId;
  readonly isDecided: boolean;
  readonly sessions: readonly MatterSession[];
  readonly labels: readonly Sensitivity[];
  readonly seal: MatterFacts["seal"];
  readonly sealedBy?: string;
  readonly sealedMs?: number;
};

const EMPTY: MatterRow = { staff: [], isDecided: false, sessions: [], labels: [], seal: "none" };
const padded = (value: number): string => String(Math.max(0, Math.floor(value))).padStart(15, "0");
const key = {
  matter: (id: string): string => `m/${id}`,
  target: (target: string): string => `l/${target}`,
  session: (camera: string, fromMs: number, id: string): string => `s/${camera}/${padded(fromMs)}/${id}`,
  entry: (id: string, ref: EntryRef): string => `e/${id}/${ref.logId}/${String(ref.seq).padStart(12, "0")}`,
  document: (id: string): string => `d/${id}`,
  sealed: (id: string): string => `x/${id}`,
};
const read = async (table: ViewTable, id: string): Promise<MatterRow | undefined> =>
  (await table.get(key.matter(id))) as MatterRow | undefined;

function openSession(row: MatterRow, cameraIds: readonly string[], fromMs: number): MatterRow {
  return { ...row, sessions: [...row.sessions, { cameraIds, fromMs }] };
}

const DECIDING: ReadonlySet<IntakeEvent["type"]> = new Set<IntakeEvent["type"]>([
  "accepted",
  "notAccepted",
  "withdrawn",
]);

function after(row: MatterRow, event: IntakeEvent): MatterRow {
  const { actor, responsible, at, profile } = event.meta;
  const acting = [actor, ...(responsible === undefined ? [] : [responsible])]
    .filter(({ role }) => role !== "system")
    .map(({ userId }) => userId);
  const next: MatterRow = { ...row, profile, staff: [...new Set([...row.staff, ...acting])] };
  const { type } = event;
  if (type === "started" || type === "reopened") return openSession(next, event.cameraIds, at.wallMs);
  if (type === "sessionClosed") {
    const sessions = next.sessions.map((session, i) =>
      i === next.sessions.length - 1 ? { ...session, toMs: at.wallMs } : session,
    );
    return { ...next, sessions };
  }
  if (type === "received") return { ...next, lead: (responsible ?? actor).userId };
  return DECIDING.has(type) ? { ...next, isDecided: true } : next;
}

async function applyEvent(json: JsonObject, table: ViewTransaction): Promise<void> {
  const found = eventOf(json);
  if (found === undefined) return;
  const id = found.applicationId;
  const row = after((await read(table, id)) ?? EMPTY, found.event);
  table.put(key.matter(id), asJson(row));
  const session = row.sessions.at(-1);
  if (session === undefined) return;
  for (const camera of session.cameraIds)
    table.put(key.session(camera, session.fromMs, id), {
      matterId: id,
      fromMs: session.fromMs,
      toMs: session.toMs ?? null,
    });
}

async function applyLabel(json: JsonObject, entry: ProjectedEntry, table: ViewTransaction): Promise<void> {
  const { what, target, by, labels, decision } = json;
  if (typeof target !== "string" || typeof what !== "string") return;
  if (what === "sensitivity" && Array.isArray(labels)) table.put(key.target(target), { labels });
  const id = /^matter\/(.+)$/.exec(target)?.[1];
  if (id === undefined) return;
  const row = (await read(table, id)) ?? EMPTY;
  if (what === "sensitivity" && Array.isArray(labels))
    table.put(key.matter(id), asJson({ ...row, labels: labels as readonly Sensitivity[] }));
  if (what === "seal") {
    const sealed = { ...row, seal: "pending", sealedBy: by, sealedMs: entry.entry.t };
    table.put(key.matter(id), asJson(sealed));
    table.put(key.sealed(id), { matterId: id });
  }
  if (what === "sealDecided") {
    table.put(key.matter(id), asJson({ ...row, seal: decision === "keep" ? "kept" : "none" }));
    if (decision !== "keep") table.del(key.sealed(id));
  }
}

/** The matter an entry speaks of. */
async function matterOf(json: JsonObject, table: ViewTransaction): Promise<string | undefined> {
  const { applicationId, matterId, documentId } = json;
  if (typeof matterId === "string") return matterId;
  if (typeof applicationId === "string") return applicationId;
  if (typeof documentId !== "string") return undefined;
  const row = await table.get(key.document(documentId));
  return typeof row?.["matterId"] === "string" ? row["matterId"] : undefined;
}

export const matterProjection: Projection = {
  name: "access-matters",
  version: 1,
  types: [
    "intake",
    "service",
    "person",
    "document",
    "rendition",
    "print",
    "signature",
    "scan",
    "case",
    "label",
  ],
  async apply(projected, table) {
    const json = projected.record?.json;
    if (json === undefined) return;
    const { type } = projected.entry;
    if (type === "intake" || type === "service") await applyEvent(json, table);
    if (type === "label") await applyLabel(json, projected, table);
    const { applicationId, documentId } = json;
    if (type === "document" && typeof documentId === "string" && typeof applicationId === "string")
      table.put(key.document(documentId), { matterId: applicationId });
    const matterId = await matterOf(json, table);
    if (matterId !== undefined) table.put(key.entry(matterId, projected), {});
  },
};

const idIn = ({ matterId }: JsonObject): readonly string[] =>
  typeof matterId === "string" ? [matterId] : [];

/** Reads the view. */
export interface Matters {
  find(matterId: string): Promise<MatterRow | undefined>;
  labelsOf(target: string): Promise<readonly Sensitivity[]>;
  /** Matters whose counter sessions a range of a camera's footage reaches into. */
  at(cameraId: string, fromMs: number, toMs: number): Promise<readonly string[]>;
  ofDocument(documentId: string): Promise<string | undefined>;
  sealed(): Promise<readonly string[]>;
  entriesOf(matterId: string): Promise<readonly EntryRef[]>;
}

export function mattersOf(table: ViewTable): Matters {
  return {
    find: (matterId) => read(table, matterId),
    async labelsOf(target) {
      const labels = (await table.get(key.target(target)))?.["labels"];
      return Array.isArray(labels) ? (labels as readonly Sensitivity[]) : [];
    },
    async at(cameraId, fromMs, toMs) {
      const rows = await table.range({
        from: `s/${cameraId}/${padded(fromMs - LONGEST_SESSION_MS)}`,
        to: `s/${cameraId}/${padded(toMs)}`,
        limit: SESSIONS_MOST,
      });
      const reaching = rows.filter(([, row]) => row["toMs"] === null || Number(row["toMs"]) > fromMs);
      return [...new Set(reaching.flatMap(([, row]) => idIn(row)))];
    },
    async ofDocument(documentId) {
      const id = (await table.get(key.document(documentId)))?.["matterId"];
      return typeof id === "string" ? id : undefined;
    },
    async sealed() {
      return (await table.range({ from: "x/", to: "x0" })).flatMap(([, row]) => idIn(row));
    },
    async entriesOf(matterId) {
      const found: EntryRef[] = [];
      for (let from = `e/${matterId}/`; ;) {
        const rows = await table.range({ from, to: `e/${matterId}0`, limit: ENTRIES_PAGE });
        for (const [at] of rows) {
          const [, , log = "", index = ""] = at.split("/");
          found.push({ logId: logId(log), seq: seq(Number(index)) });
        }
        const last = rows.at(-1);
        if (last === undefined || rows.length < ENTRIES_PAGE) return found;
        from = `${last[0]}!`;
      }
    },
  };
}
