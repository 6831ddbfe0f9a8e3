/**
 * The ledger of views and copies 查阅登记簿: each is an `access` entry, written before anything is shown.
 * Invariant: a row names accounts, kiosks and things by id, never a person outside the house.
 */
import { type ApplicationId, type EntryRef, applicationId, logId, seq, streamId } from "../domain/ids.ts";
import { newestFirst } from "./oversight-ledger.ts";
import type { Append, JsonObject, Projection, Views, ViewTable } from "./ports.ts";

const STREAM = streamId("access");

/** `claim` is written by the intake: a try to open papers with a claim code, right or wrong. */
export type AccessAct = "view" | "copy" | "print" | "playback" | "snapshot" | "live" | "claim" | "supply";

/** Why somebody may look: on the case, at the counter's own work, checking the work of others, by a request. */
export const ACCESS_BASES = ["caseOfficer", "handling", "inspection", "request"] as const;
export type AccessBasis = (typeof ACCESS_BASES)[number];

export interface Access {
  /** Account id, or `kiosk/<counter>` for an applicant or party at a kiosk. */
  readonly by: string;
  readonly act: AccessAct;
  /** What was looked at, such as `document/<id>`, `application/<id>`, `camera/<id>`. */
  readonly subject: string;
  readonly reason?: string;
  readonly applicationId?: ApplicationId;
  /** Range of footage, UTC ms. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly basis?: AccessBasis;
  /** The approved request it rests on. */
  readonly requestId?: string;
}

export interface AccessRow extends Access {
  readonly ref: EntryRef;
  readonly atMs: number;
}

export interface AccessLedger {
  /** Durable when it resolves: only then may the thing be shown. */
  record(access: Access): Promise<EntryRef>;
  /** Newest first; `before` is `next` of the page before. */
  page(options: { readonly limit?: number; readonly before?: string }): Promise<{
    readonly rows: readonly AccessRow[];
    readonly next?: string;
  }>;
}

const keyOf = (ref: EntryRef): string => `a/${ref.logId}/${String(ref.seq).padStart(12, "0")}`;

/** The intake writes tries to claim papers in its own form: which kiosk, which outcome, which application. */
function claimed(json: JsonObject): JsonObject {
  const { what, kioskId, outcome, applicationId: application } = json;
  if (what !== "claim" || typeof kioskId !== "string") return json;
  return {
    by: `kiosk/${kioskId}`,
    act: "claim",
    subject: typeof application === "string" ? `application/${application}` : "unknown",
    ...(typeof outcome === "string" ? { reason: outcome } : {}),
    ...(typeof application === "string" ? { applicationId: application } : {}),
  };
}

export const accessProjection: Projection = {
  name: "access-ledger",
  version: 2,
  types: ["access"],
  apply({ logId, seq, entry, record }, table) {
    const what = record?.json["what"];
    // Steps of a request (asked, credentials, closed) are no looks; the request's own register has them.
    if (what !== undefined && what !== "claim") return;
    table.put(keyOf({ logId, seq }), { ...claimed(record?.json ?? {}), logId, seq, atMs: entry.t });
  },
};

const ACTS: readonly string[] = [
  "view",
  "copy",
  "print",
  "playback",
  "snapshot",
  "live",
  "claim",
  "supply",
] satisfies AccessAct[];

function rowOf(json: JsonObject): AccessRow | undefined {
  const {
    by,
    act,
    subject,
    reason,
    applicationId: application,
    fromMs,
    toMs,
    basis,
    requestId,
    atMs,
  } = json as Record<string, unknown>;
  const { logId: log, seq: index } = json as Record<string, unknown>;
  if (typeof log !== "string" || typeof index !== "number" || typeof atMs !== "number") return undefined;
  return {
    ref: { logId: logId(log), seq: seq(index) },
    atMs,
    by: typeof by === "string" ? by : "",
    act: typeof act === "string" && ACTS.includes(act) ? (act as AccessAct) : "view",
    subject: typeof subject === "string" ? subject : "",
    ...(typeof reason === "string" ? { reason } : {}),
    ...(typeof application === "string" ? { applicationId: applicationId(application) } : {}),
    ...(typeof fromMs === "number" ? { fromMs } : {}),
    ...(typeof toMs === "number" ? { toMs } : {}),
    ...(isBasis(basis) ? { basis } : {}),
    ...(typeof requestId === "string" ? { requestId } : {}),
  };
}

const isBasis = (value: unknown): value is AccessBasis => ACCESS_BASES.some((basis) => basis === value);

/** To be called before the store catches up, since it registers a view. */
export function createAccessLedger(parts: { readonly append: Append; readonly views: Views }): AccessLedger {
  const table: ViewTable = parts.views.register(accessProjection);
  return {
    async record(access) {
      const [appended] = await parts.append.append([
        { type: "access", stream: STREAM, record: { json: { v: 1, ...access } } },
      ]);
      if (appended === undefined) throw new RangeError("an append answered nothing");
      await parts.views.applied(appended);
      return { logId: appended.logId, seq: appended.seq };
    },
    async page(request) {
      const { rows, ...rest } = await newestFirst(table, { ...request, prefix: "a", row: rowOf });
      return { ...rest, rows: rows.filter((row) => row !== undefined) };
    },
  };
}
