/** Sessions at the counter by when they began. Invariant: derived from entries alone; one row for each session. */
import { asJson, eventOf } from "../entries.ts";
import type { Projection, ViewTable } from "./ports.ts";

/** `toMs` is absent while it lasts. */
export type SessionFigure = {
  readonly applicationId: string;
  /** Who opened it. */
  readonly by: string;
  readonly cameraIds: readonly string[];
  readonly fromMs: number;
  readonly toMs?: number;
};

const PAGE = 500;
const moment = (ms: number): string => String(Math.max(0, Math.floor(ms))).padStart(15, "0");
const sessionKey = (fromMs: number, id: string): string => `s/${moment(fromMs)}/${id}`;
/** Where the newest session of an application stands. */
const newestKey = (id: string): string => `n/${id}`;

export const sessionsProjection: Projection = {
  name: "oversight-sessions",
  version: 1,
  types: ["intake"],
  async apply({ record }, table) {
    const read = record?.json === undefined ? undefined : eventOf(record.json);
    if (read === undefined) return;
    const { applicationId, event } = read;
    const { wallMs } = event.meta.at;
    if (event.type === "started" || event.type === "reopened") {
      const { cameraIds } = event;
      const key = sessionKey(wallMs, applicationId);
      const by = event.meta.actor.userId;
      table.put(key, asJson({ applicationId, by, cameraIds, fromMs: wallMs } satisfies SessionFigure));
      table.put(newestKey(applicationId), { key });
    }
    if (event.type !== "sessionClosed") return;
    const key = (await table.get(newestKey(applicationId)))?.["key"];
    const row = typeof key === "string" ? await table.get(key) : undefined;
    if (typeof key === "string" && row !== undefined) table.put(key, { toMs: wallMs, ...row });
  },
};

/** Those that began from `fromMs` to `toMs` (half-open), oldest first. */
export async function* sessionsWithin(
  table: ViewTable,
  fromMs: number,
  toMs: number,
): AsyncIterable<SessionFigure> {
  const to = `s/${moment(toMs)}`;
  let from = `s/${moment(fromMs)}`;
  for (;;) {
    const rows = await table.range({ from, to, limit: PAGE });
    for (const [, row] of rows) yield row as unknown as SessionFigure;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    from = `${last[0]}\0`;
  }
}
