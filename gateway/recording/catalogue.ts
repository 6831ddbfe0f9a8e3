/**
 * The camera catalogue: a view of the log from (camera, time) to fragments, init segments, runs and gaps.
 * Invariant: derived from entries only, so it can be deleted and rebuilt at any time.
 */
import { type CameraId, type EntryRef, cameraId, logId, seq, streamId } from "../domain/ids.ts";
import type { StreamId } from "../domain/ids.ts";
import type { JsonObject } from "../evidence/record.ts";
import { type Coverage, type FragmentRow, type GapRow, coverageOf } from "./coverage.ts";
import type { ProjectedEntry, Projection, ViewTable, ViewTransaction } from "./ports.ts";
import type { GapCause } from "./recorder-status.ts";

const VERSION = 2;
/** No fragment is longer, so a range read starts this much earlier. */
const LONGEST_FRAGMENT_MS = 30_000;
/** Gaps do not nest; this many before a range are looked at for one that reaches into it. */
const GAPS_BEFORE = 8;
const PAGE_ROWS = 1000;
/** Fragments of a run that may wait for the camera's first word about its clock (RTCP comes within seconds). */
const UNTIMED_MAX = 16;

/** The stream of a camera's main recording. */
export function mainStream(camera: CameraId): StreamId {
  return streamId(`camera/${camera}/main`);
}

/** Undefined when the stream is not a camera's main recording. */
export function cameraOfStream(stream: StreamId): CameraId | undefined {
  const parts = stream.split("/");
  return parts.length === 3 && parts[0] === "camera" && parts[2] === "main"
    ? cameraId(parts[1] ?? "")
    : undefined;
}

export interface Catalogue {
  /**
   * Everything from `from` to `to` (UTC ms, half-open) and what is missing there. The newest 2 s are not cut yet:
   * a range that reaches to this moment ends with `notRecorded`.
   */
  coverage(camera: CameraId, from: number, to: number): Promise<Coverage>;
  /** End of the newest fragment in UTC ms; undefined when nothing was recorded yet. */
  lastEnd(camera: CameraId): Promise<number | undefined>;
  /** The newest fragment that starts at a key frame. */
  newestKeyFragment(camera: CameraId): Promise<FragmentRow | undefined>;
}

const time = (ms: number): string => String(Math.max(0, ms)).padStart(15, "0");
const place = (ref: EntryRef): string => `${ref.logId}/${String(ref.seq).padStart(12, "0")}`;
const refJson = (ref: EntryRef): JsonObject => ({ logId: ref.logId, seq: ref.seq });

function refOf(value: unknown): EntryRef | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { logId: log, seq: index } = value as { logId?: unknown; seq?: unknown };
  return typeof log === "string" && typeof index === "number"
    ? { logId: logId(log), seq: seq(index) }
    : undefined;
}

/** The projection to register with the store's views. */
export const catalogueProjection: Projection = {
  name: "camera-catalogue",
  version: VERSION,
  types: ["run", "init", "fragment", "gap"],
  async apply(projected, table) {
    const camera = cameraOfStream(projected.entry.stream);
    if (camera === undefined) return;
    const { type } = projected.entry;
    const head = `h/${camera}`;
    if (type === "run")
      table.put(head, { ...(await table.get(head)), run: refJson(projected), init: null, untimed: [] });
    else if (type === "init") table.put(head, { ...(await table.get(head)), init: refJson(projected) });
    else if (type === "fragment") await applyFragment(camera, projected, table);
    else if (type === "gap") applyGap(camera, projected, table);
  },
};

async function applyFragment(
  camera: CameraId,
  projected: ProjectedEntry,
  table: ViewTransaction,
): Promise<void> {
  const { entry } = projected;
  const head = (await table.get(`h/${camera}`)) ?? {};
  const run = head["run"];
  const init = head["init"];
  // A fragment before any run or init entry can't be played; the log still has it.
  if (run === undefined || run === null || init === undefined || init === null) return;
  const key = `f/${camera}/${time(entry.t)}/${place(projected)}`;
  table.put(key, {
    ...refJson(projected),
    t: entry.t,
    dur: entry.dur,
    len: entry.len,
    init,
    run,
    ...(entry.codec === undefined ? {} : { codec: entry.codec }),
    ...(entry.cam === undefined ? {} : { cam: entry.cam }),
    ...(entry.cont === undefined ? {} : { cont: 1 }),
  });
  const untimed = Array.isArray(head["untimed"]) ? head["untimed"] : undefined;
  if (entry.cam !== undefined && untimed !== undefined)
    for (const earlier of untimed) await timeBackwards(String(earlier), entry.cam - entry.t, table);
  table.put(`h/${camera}`, {
    ...head,
    // Once the camera has told its time there is nothing left to time backwards in this run.
    untimed:
      entry.cam !== undefined || untimed === undefined ? null : [...untimed, key].slice(0, UNTIMED_MAX),
    lastEnd: entry.t + entry.dur,
    ...(entry.cont === undefined ? { lastKey: key } : {}),
  });
}

/** The camera's time of a fragment stored before the camera first told it, from the run's first that has one. */
async function timeBackwards(key: string, aheadMs: number, table: ViewTransaction): Promise<void> {
  const row = await table.get(key);
  if (typeof row?.["t"] === "number") table.put(key, { ...row, cam: row["t"] + aheadMs, camDerived: 1 });
}

/** Keyed by where it begins: the entry that closes a gap replaces the one that opened it. */
function applyGap(camera: CameraId, projected: ProjectedEntry, table: ViewTransaction): void {
  const json = projected.record?.json;
  const from = json?.["from"];
  if (json === undefined || typeof from !== "number") return;
  table.put(`g/${camera}/${time(from)}`, {
    ...refJson(projected),
    from,
    to: json["to"] ?? null,
    causes: json["causes"] ?? [],
  });
}

function fragmentOf(value: JsonObject): FragmentRow | undefined {
  const ref = refOf(value);
  const init = refOf(value["init"]);
  const run = refOf(value["run"]);
  const { t, dur, len, codec, cam } = value as Record<string, unknown>;
  if (ref === undefined || init === undefined || run === undefined) return undefined;
  if (typeof t !== "number" || typeof dur !== "number" || typeof len !== "number") return undefined;
  return {
    ref,
    t,
    durMs: dur,
    sizeBytes: len,
    init,
    run,
    cont: value["cont"] === 1,
    ...(typeof codec === "string" ? { codec } : {}),
    ...(typeof cam === "number" ? { cam } : {}),
    ...(value["camDerived"] === 1 ? { camIsDerived: true } : {}),
  };
}

function gapOf(value: JsonObject): GapRow | undefined {
  const ref = refOf(value);
  const from = value["from"];
  const to = value["to"];
  const causes = value["causes"];
  if (ref === undefined || typeof from !== "number" || !Array.isArray(causes)) return undefined;
  return {
    ref,
    from,
    ...(typeof to === "number" ? { to } : {}),
    causes: causes as GapCause[],
  };
}

const present = <Row>(row: Row | undefined): row is Row => row !== undefined;

async function all(table: ViewTable, from: string, to: string): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  let start = from;
  for (;;) {
    const page = await table.range({ from: start, to, limit: PAGE_ROWS });
    rows.push(...page.map(([, value]) => value));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return rows;
    start = `${last[0]}\0`;
  }
}

/** Reads the view; `table` is what registering `catalogueProjection` returned. */
export function createCatalogue(table: ViewTable): Catalogue {
  return {
    async coverage(camera, from, to) {
      const fragments = await all(
        table,
        `f/${camera}/${time(from - LONGEST_FRAGMENT_MS)}`,
        `f/${camera}/${time(to)}`,
      );
      const inside = await all(table, `g/${camera}/${time(from)}`, `g/${camera}/${time(to)}`);
      const before = await table.range({
        from: `g/${camera}/`,
        to: `g/${camera}/${time(from)}`,
        limit: GAPS_BEFORE,
        reverse: true,
      });
      return coverageOf(
        from,
        to,
        fragments.map(fragmentOf).filter(present),
        [...before.map(([, value]) => value), ...inside].map(gapOf).filter(present),
      );
    },
    async lastEnd(camera) {
      const end = (await table.get(`h/${camera}`))?.["lastEnd"];
      return typeof end === "number" ? end : undefined;
    },
    async newestKeyFragment(camera) {
      const key = (await table.get(`h/${camera}`))?.["lastKey"];
      const row = typeof key === "string" ? await table.get(key) : undefined;
      return row === undefined ? undefined : fragmentOf(row);
    },
  };
}
