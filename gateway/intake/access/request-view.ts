/** The view of requests: state of each, a register by time, results of commands. Invariant: derived from entries alone. */
import { logId, seq } from "../../domain/ids.ts";
import { asJson } from "../entries.ts";
import type { JsonObject, ProjectedEntry, Projection, ViewTable, ViewTransaction } from "./ports.ts";
import { type RequestFacts, type RequestState, statusOf } from "./request.ts";

const padded = (value: number): string => String(value).padStart(15, "0");
export const requestKey = {
  request: (id: string): string => `q/${id}`,
  byTime: (atMs: number, id: string): string => `t/${padded(atMs)}/${id}`,
  command: (id: string): string => `c/${id}`,
  person: (id: string): string => `p/${id}`,
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");

async function change(
  table: ViewTransaction,
  { entry }: ProjectedEntry,
  id: unknown,
  next: (state: RequestState) => RequestState,
): Promise<void> {
  if (typeof id !== "string") return;
  const state = (await table.get(requestKey.request(id))) as RequestState | undefined;
  if (state === undefined) return;
  const after = next(state);
  const granted = after.grantedMs === undefined && statusOf(after) === "granted";
  table.put(requestKey.request(id), asJson(granted ? { ...after, grantedMs: entry.t } : after));
}

async function applyAccess(
  projected: ProjectedEntry,
  json: JsonObject,
  table: ViewTransaction,
): Promise<void> {
  const { what, requestId, by } = json;
  const { entry } = projected;
  if (what === "request") {
    const facts = json["request"] as unknown as RequestFacts;
    const begun: RequestState = { ...facts, shown: [], approvals: [], supplies: [], looks: 0 };
    table.put(requestKey.byTime(facts.atMs, facts.requestId), { requestId: facts.requestId });
    table.put(requestKey.request(facts.requestId), asJson(begun));
    await change(table, projected, facts.requestId, (state) => state);
    return;
  }
  if (what === "credentials") {
    const shown = json["shown"] as unknown as RequestState["shown"];
    await change(table, projected, requestId, (state) => ({
      ...state,
      shown,
      checkedBy: by as RequestState["registeredBy"],
    }));
    return;
  }
  if (what === "closed") {
    await change(table, projected, requestId, (state) => ({ ...state, closedMs: entry.t }));
    return;
  }
  if (what !== undefined || typeof requestId !== "string") return;
  if (json["act"] !== "supply") {
    await change(table, projected, requestId, (state) => ({ ...state, looks: state.looks + 1 }));
    return;
  }
  await change(table, projected, requestId, (state) => ({
    ...state,
    supplies: [
      ...state.supplies,
      {
        ref: { logId: projected.logId, seq: projected.seq },
        atMs: entry.t,
        by: by as RequestState["registeredBy"],
        sha256: text(json["sha256"]),
        what: text(json["subject"]),
      },
    ],
  }));
}

export const requestProjection: Projection = {
  name: "access-requests",
  version: 1,
  types: ["access", "approval", "signature", "person"],
  async apply(projected, table) {
    const json = projected.record?.json;
    if (json === undefined) return;
    const { logId: log, seq: index, entry } = projected;
    const { commandId, requestId } = json;
    if (entry.type === "access") await applyAccess(projected, json, table);
    else if (entry.type === "person") {
      if (typeof json["personId"] === "string")
        table.put(requestKey.person(json["personId"]), { logId: log, seq: index });
      return;
    } else if (entry.type === "approval" && json["what"] === "access")
      await change(table, projected, requestId, (state) => ({
        ...state,
        approvals: [
          ...state.approvals,
          {
            ...(json as unknown as RequestState["approvals"][number]),
            atMs: entry.t,
          },
        ].map(({ office, by, atMs, approved, opinion, article }) => ({
          office,
          by,
          atMs,
          approved,
          opinion,
          ...(article === undefined ? {} : { article }),
        })),
      }));
    else if (entry.type === "signature" && json["what"] === "accessReceipt")
      await change(table, projected, requestId, (state) => ({
        ...state,
        receipt: {
          ref: { logId: logId(log), seq: seq(index) },
          atMs: entry.t,
          mode: json["mode"] === "ink" ? "ink" : "stroke",
        },
      }));
    else return;
    const facts = json["request"] as unknown as RequestFacts | undefined;
    const id = requestId ?? facts?.requestId;
    if (typeof commandId === "string" && typeof id === "string")
      table.put(requestKey.command(commandId), { requestId: id });
  },
};

/** Reads the view. */
export interface Requests {
  find(requestId: string): Promise<RequestState | undefined>;
  /** The request that this command made or changed, where it was carried out before. */
  ofCommand(commandId: string): Promise<RequestState | undefined>;
  /** Newest first, registered in the interval. */
  list(options: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly limit: number;
  }): Promise<readonly RequestState[]>;
  personRef(personId: string): Promise<JsonObject | undefined>;
}

export function requestsOf(table: ViewTable): Requests {
  const find = async (id: string): Promise<RequestState | undefined> =>
    (await table.get(requestKey.request(id))) as RequestState | undefined;
  const behind = async (row: JsonObject | undefined): Promise<RequestState | undefined> =>
    typeof row?.["requestId"] === "string" ? find(row["requestId"]) : undefined;
  return {
    find,
    ofCommand: async (commandId) => behind(await table.get(requestKey.command(commandId))),
    async list({ fromMs, toMs, limit }) {
      const rows = await table.range({
        from: `t/${padded(fromMs)}`,
        to: `t/${padded(toMs)}`,
        limit,
        reverse: true,
      });
      const states = await Promise.all(rows.map(([, row]) => behind(row)));
      return states.filter((state) => state !== undefined);
    },
    personRef: (personId) => table.get(requestKey.person(personId)),
  };
}
