/**
 * The view of matters for viewing and copying: who acted, which footage, which labels, whether it is sealed, and
 * what belongs to it. Invariant: derived from entries alone; nothing in it is personal.
 */
import type { MatterFacts } from "../../domain/access/matter-facts.ts";
import type { Sensitivity } from "../../domain/access/parties.ts";
import type { IntakeEvent } from "../../domain/intake/events.ts";
import type { UserId } from "../../domain/ids.ts";
import { asJson, eventOf } from "../entries.ts";
import { type MatterMaterial, applyMaterial, matterMaterial } from "./matter-material.ts";
import type { JsonObject, ProjectedEntry, Projection, ViewTable, ViewTransaction } from "./ports.ts";

/** No session is longer; a range of footage is looked up this much earlier. */
const LONGEST_SESSION_MS = 24 * 3_600_000;
const SESSIONS_MOST = 2000;

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

export const matterProjection: Projection = {
  name: "access-matters",
  version: 2,
  types: [
    "intake",
    "service",
    "person",
    "document",
    "rendition",
    "print",
    "signature",
    "scan",
    "file",
    "dock",
    "case",
    "label",
    "approval",
    "access",
    "hold",
    "oversight",
  ],
  async apply(projected, table) {
    const json = projected.record?.json;
    if (json === undefined) return;
    const { type } = projected.entry;
    if (type === "intake" || type === "service") await applyEvent(json, table);
    if (type === "label") await applyLabel(json, projected, table);
    await applyMaterial(projected, table);
  },
};

const idIn = ({ matterId }: JsonObject): readonly string[] =>
  typeof matterId === "string" ? [matterId] : [];

/** Reads the view. */
export interface Matters extends MatterMaterial {
  find(matterId: string): Promise<MatterRow | undefined>;
  labelsOf(target: string): Promise<readonly Sensitivity[]>;
  /** Matters whose counter sessions a range of a camera's footage reaches into. */
  at(cameraId: string, fromMs: number, toMs: number): Promise<readonly string[]>;
  sealed(): Promise<readonly string[]>;
}

export function mattersOf(table: ViewTable): Matters {
  return {
    ...matterMaterial(table),
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
    async sealed() {
      return (await table.range({ from: "x/", to: "x0" })).flatMap(([, row]) => idIn(row));
    },
  };
}
