/**
 * Figures by month: what each officer and counter did, lateness, overrides, repeated notices, how devices were used,
 * and what a sample can be drawn from. Invariant: sums of entries alone, so a rebuilt view says the same.
 */
import { beijingDate } from "../../domain/time.ts";
import type { IntakeEvent } from "../../domain/intake/events.ts";
import { asJson, eventOf } from "../entries.ts";
import type { JsonObject, ProjectedEntry, Projection, ViewTable, ViewTransaction } from "./ports.ts";

const CAMERA_STREAM = /^camera\/([^/]+)\/main$/;
const monthOf = (ms: number): string => beijingDate(ms).slice(0, 7);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const object = (value: unknown): JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

type Sums = Readonly<Record<string, number>>;

async function add(table: ViewTransaction, key: string, more: Sums): Promise<void> {
  const before = (await table.get(key)) ?? {};
  const after: Record<string, number> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(more)]))
    after[name] = Number(before[name] ?? 0) + (more[name] ?? 0);
  table.put(key, after);
}

function countsOf(event: IntakeEvent): Sums {
  const warned = (name: string): number => (event.meta.warnings?.includes(name) === true ? 1 : 0);
  const override = event.type === "correctionNotified" && event.override !== undefined ? 1 : 0;
  const deemed = event.type === "accepted" && event.kind === "deemed" ? 1 : 0;
  return {
    [event.type]: 1,
    papers: event.papers.length,
    lateNotices: warned("noticeAfterLocalLimit"),
    notAtOnce: warned("notAcceptedNotAtOnce"),
    uncertified: warned("officerNotCertified"),
    enteredLate: warned("enteredLate"),
    overrides: override,
    deemed,
  };
}

const LISTED: readonly (readonly [kind: string, is: (event: IntakeEvent) => boolean])[] = [
  ["lateNotice", ({ meta }) => meta.warnings?.includes("noticeAfterLocalLimit") === true],
  ["deemed", (event) => event.type === "accepted" && event.kind === "deemed"],
  ["override", (event) => event.type === "correctionNotified" && event.override !== undefined],
];

function list(
  table: ViewTransaction,
  { entry, logId, seq }: ProjectedEntry,
  kind: string,
  row: { readonly applicationId: string; readonly by: string; readonly detail?: string },
): void {
  const key = `l/${monthOf(entry.t)}/${kind}/${logId}/${String(seq).padStart(12, "0")}`;
  table.put(key, asJson({ ...row, kind, atMs: entry.t }));
}

/** I5: a notice on a resubmitted application that names items which the first notice did not name. */
async function applyRepeat(
  projected: ProjectedEntry,
  id: string,
  event: IntakeEvent,
  table: ViewTransaction,
): Promise<void> {
  if (event.type === "registered" && event.previousApplicationId !== undefined)
    table.put(`p/${id}`, { previous: event.previousApplicationId });
  const named =
    event.type === "correctionNotified" || event.type === "notAccepted" ? event.itemIds : ([] as const);
  if (named.length === 0) return;
  const own = (await table.get(`i/${id}`))?.["items"];
  const told = new Set(Array.isArray(own) ? own.map(text) : []);
  const isFirst = told.size === 0;
  table.put(`i/${id}`, { items: [...new Set([...told, ...named])] });
  const previous = text((await table.get(`p/${id}`))?.["previous"]);
  if (previous === "" || !isFirst) return;
  const before = (await table.get(`i/${previous}`))?.["items"];
  const known = new Set(Array.isArray(before) ? before.map(text) : []);
  const fresh = named.filter((item) => !known.has(item));
  if (known.size === 0 || fresh.length === 0) return;
  const by = event.meta.actor.userId;
  list(table, projected, "repeatNotice", {
    applicationId: id,
    by,
    detail: `${previous}: ${fresh.join(" ")}`,
  });
  await add(table, `n/${monthOf(projected.entry.t)}/${by}`, { repeatNotices: 1 });
}

async function applyIntake(
  projected: ProjectedEntry,
  json: JsonObject,
  table: ViewTransaction,
): Promise<void> {
  const found = eventOf(json);
  if (found === undefined) return;
  const { applicationId: id, event } = found;
  const month = monthOf(projected.entry.t);
  const by = event.meta.actor.userId;
  if (event.type === "started") table.put(`w/${month}/matter/${id}`, {});
  const counts = countsOf(event);
  await add(table, `n/${month}/${by}`, counts);
  await add(table, `d/${month}/${event.meta.device}`, counts);
  for (const [kind, is] of LISTED) if (is(event)) list(table, projected, kind, { applicationId: id, by });
  await applyRepeat(projected, id, event, table);
}

async function applyRefused(
  projected: ProjectedEntry,
  json: JsonObject,
  table: ViewTransaction,
): Promise<void> {
  if (json["what"] !== "refusedAttempt") return;
  const by = text(json["userId"]);
  await add(table, `n/${monthOf(projected.entry.t)}/${by}`, { refused: 1 });
  list(table, projected, "refused", {
    applicationId: text(json["applicationId"]),
    by,
    detail: `${text(json["code"])} ${text(json["article"])}`.trim(),
  });
}

/**
 * Cases opened by hand can be drawn in each month they were worked on; a matter of the counter has its own place in
 * the list, by its session, and isn't drawn twice under another name.
 */
async function applyCase({ entry }: ProjectedEntry, json: JsonObject, table: ViewTransaction): Promise<void> {
  const opened = json["what"] === "opened" ? text(object(json["row"])["caseId"]) : "";
  if (opened !== "") table.put(`k/${opened}`, {});
  const id = opened === "" ? text(json["caseId"]) : opened;
  if (id !== "" && (await table.get(`k/${id}`)) !== undefined)
    table.put(`w/${monthOf(entry.t)}/case/${id}`, {});
}

async function applyGap({ entry, record }: ProjectedEntry, table: ViewTransaction): Promise<void> {
  const camera = CAMERA_STREAM.exec(entry.stream)?.[1];
  const { from, to, causes } = record?.json ?? {};
  if (camera === undefined || typeof from !== "number") return;
  const month = monthOf(from);
  const key = `g/${camera}/${Math.floor(from)}`;
  const before = await table.get(key);
  const ms = typeof to === "number" ? to - from : 0;
  // The entry that closes a gap comes after the one that opened it: it is one fault.
  await add(table, `cam/${month}/${camera}`, {
    gaps: before === undefined ? 1 : 0,
    gapMs: ms - Number(before?.["ms"] ?? 0),
  });
  table.put(key, { ms, cause: Array.isArray(causes) ? text(causes[0]) : "" });
}

async function applyFile({ entry }: ProjectedEntry, json: JsonObject, table: ViewTransaction): Promise<void> {
  const { fileId, sizeBytes, late, claims } = json;
  const month = monthOf(entry.t);
  const serial = Array.isArray(claims) ? text(object(claims[0])["camera"]) : "";
  const durationMs = Number(object(json["media"])["durationMs"] ?? 0);
  table.put(`w/${month}/file/${text(fileId)}`, {});
  table.put(`b/${text(fileId)}`, { month, serial });
  await add(table, `bc/${month}/${encodeURIComponent(serial)}`, {
    files: 1,
    bytes: Number(sizeBytes ?? 0),
    durationMs,
    late: late === null || late === undefined ? 0 : 1,
    withoutPurpose: 1,
  });
}

/** A file's first labelling says what matter it was recorded for: until then its purpose is not shown. */
async function applyLabel(
  _projected: ProjectedEntry,
  json: JsonObject,
  table: ViewTransaction,
): Promise<void> {
  const id = text(json["fileId"]);
  const row = id === "" ? undefined : await table.get(`b/${id}`);
  const { given } = json;
  // Labels of before had their words in the same entry.
  const saysMatter = Array.isArray(given) ? given.includes("matter") : text(json["matter"]) !== "";
  if (row === undefined || row["labelled"] === true || !saysMatter) return;
  table.put(`b/${id}`, { ...row, labelled: true });
  const key = `bc/${text(row["month"])}/${encodeURIComponent(text(row["serial"]))}`;
  await add(table, key, { withoutPurpose: -1 });
}

async function applyCustody(
  { entry }: ProjectedEntry,
  json: JsonObject,
  table: ViewTransaction,
): Promise<void> {
  const serial = encodeURIComponent(text(json["camera"]));
  await add(table, `bc/${monthOf(entry.t)}/${serial}`, { [text(json["kind"])]: 1 });
  const ref = `${entry.t}`.padStart(15, "0");
  table.put(`cu/${ref}/${String(entry.seq).padStart(12, "0")}`, asJson({ ...json, atMs: entry.t }));
}

async function applyDock({ entry }: ProjectedEntry, json: JsonObject, table: ViewTransaction): Promise<void> {
  const body = object(json["body"]);
  const dock = text(json["dock"]);
  if (json["kind"] !== "report" || dock === "") return;
  const month = monthOf(entry.t);
  if (json["report"] === "bayEvent" && body["event"] === "alarm")
    await add(table, `dk/${month}/${dock}`, { alarms: 1 });
  if (json["report"] === "state" && body["state"] === "lost")
    await add(table, `dk/${month}/${dock}`, { lost: 1 });
  if (json["report"] === "birth") await add(table, `dk/${month}/${dock}`, { starts: 1 });
}

const APPLY: Readonly<
  Partial<
    Record<
      ProjectedEntry["entry"]["type"],
      (projected: ProjectedEntry, json: JsonObject, table: ViewTransaction) => Promise<void>
    >
  >
> = {
  intake: applyIntake,
  service: applyIntake,
  oversight: applyRefused,
  file: applyFile,
  label: applyLabel,
  custody: applyCustody,
  dock: applyDock,
  case: applyCase,
};

export const figuresProjection: Projection = {
  name: "oversight-figures",
  version: 2,
  types: ["intake", "service", "oversight", "fragment", "gap", "file", "label", "custody", "dock", "case"],
  async apply(projected, table) {
    const { entry, record } = projected;
    if (entry.type === "fragment") {
      const camera = CAMERA_STREAM.exec(entry.stream)?.[1];
      if (camera !== undefined)
        await add(table, `cam/${monthOf(entry.t)}/${camera}`, { recordedMs: entry.dur, fragments: 1 });
      return;
    }
    if (entry.type === "gap") return applyGap(projected, table);
    const json = record?.json;
    if (json === undefined) return;
    await APPLY[entry.type]?.(projected, json, table);
  },
};

export type Figures = Readonly<Record<string, number>>;
export type FigureRow = { readonly of: string; readonly figures: Figures };
export type ListedRow = {
  readonly kind: string;
  readonly atMs: number;
  readonly applicationId: string;
  readonly by: string;
  readonly detail?: string;
};
export type CustodyRow = {
  readonly atMs: number;
  readonly camera: string;
  readonly kind: string;
  readonly officer?: string;
  readonly keeper?: string;
  readonly dock?: string;
  readonly checks?: Readonly<Record<string, boolean>>;
};

/** Reads the view. A period is a month `YYYY-MM` or a year `YYYY`. */
export interface FigureTable {
  officers(period: string): Promise<readonly FigureRow[]>;
  counters(period: string): Promise<readonly FigureRow[]>;
  cameras(period: string): Promise<readonly FigureRow[]>;
  bodyCameras(period: string): Promise<readonly FigureRow[]>;
  docks(period: string): Promise<readonly FigureRow[]>;
  listed(period: string): Promise<readonly ListedRow[]>;
  custody(fromMs: number, toMs: number): Promise<readonly CustodyRow[]>;
  /** What a sample of the month is drawn from: `matter/<id>`, `file/<id>`, `case/<id>`. */
  candidates(month: string): Promise<readonly string[]>;
}

const ROWS_MOST = 20_000;

export function figuresOf(table: ViewTable): FigureTable {
  const under = (prefix: string, period: string) =>
    table.range({ from: `${prefix}/${period}`, to: `${prefix}/${period}~`, limit: ROWS_MOST });
  async function summed(prefix: string, period: string): Promise<readonly FigureRow[]> {
    const rows = new Map<string, Record<string, number>>();
    for (const [key, row] of await under(prefix, period)) {
      const of = decodeURIComponent(key.split("/").slice(2).join("/"));
      const sums = rows.get(of) ?? {};
      for (const [name, value] of Object.entries(row)) sums[name] = (sums[name] ?? 0) + Number(value);
      rows.set(of, sums);
    }
    return [...rows].map(([of, figures]) => ({ of, figures })).toSorted((a, b) => (a.of < b.of ? -1 : 1));
  }
  return {
    officers: (period) => summed("n", period),
    counters: (period) => summed("d", period),
    cameras: (period) => summed("cam", period),
    bodyCameras: (period) => summed("bc", period),
    docks: (period) => summed("dk", period),
    listed: async (period) => (await under("l", period)).map(([, row]) => row as unknown as ListedRow),
    async custody(fromMs, toMs) {
      const at = (ms: number): string => `cu/${String(Math.max(0, Math.floor(ms))).padStart(15, "0")}`;
      const rows = await table.range({ from: at(fromMs), to: at(toMs), limit: ROWS_MOST, reverse: true });
      return rows.map(([, row]) => row as unknown as CustodyRow);
    },
    async candidates(month) {
      const prefix = `w/${month}/`;
      return (await under("w", `${month}/`)).map(([key]) => key.slice(prefix.length));
    },
  };
}
