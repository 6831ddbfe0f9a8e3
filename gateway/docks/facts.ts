/**
 * The JSON of the entries this part writes, and reading them back from rows. Invariant: a name or number of a
 * person stands only in record bodies, never in a stream name or key that leaves the box.
 */
import { type EntryRef, type StreamId, logId, seq, streamId } from "../domain/ids.ts";
import type { JsonObject, LabelName } from "./ports.ts";

export const FILES: StreamId = streamId("files");
export const LABELS: StreamId = streamId("labels");
export const LABEL_WORDS: StreamId = streamId("label-words");
export const CUSTODY: StreamId = streamId("custody");
export const dockStream = (dock: string): StreamId => streamId(`dock/${dock}`);
export const chunkStream = (upload: string, attempt: number): StreamId =>
  streamId(`upload/${upload}/${attempt}`);

/** Upload and attempt of a chunk, from its stream. */
export function ofChunkStream(
  stream: StreamId,
): { readonly upload: string; readonly attempt: number } | undefined {
  const parts = /^upload\/(f[0-9a-f]{40})\/(\d{1,6})$/.exec(stream);
  return parts === null ? undefined : { upload: parts[1] ?? "", attempt: Number(parts[2]) };
}

/** The same content is the same upload, whoever offers it: a camera may go on at another dock. */
export function uploadIdOf(sha256: string): string {
  return `f${sha256.slice(0, 40)}`;
}

/** Rows come from this part's own projection, so a wrong type is a defect and not input. */
export class Row {
  readonly json: JsonObject;
  constructor(json: JsonObject) {
    this.json = json;
  }
  text(key: string): string {
    const value = this.json[key];
    if (typeof value !== "string") throw new TypeError(`a dock row lacks ${key}`);
    return value;
  }
  number(key: string): number {
    const value = this.json[key];
    if (typeof value !== "number") throw new TypeError(`a dock row lacks ${key}`);
    return value;
  }
  textOrNull(key: string): string | null {
    const value = this.json[key];
    return typeof value === "string" ? value : null;
  }
  numberOrNull(key: string): number | null {
    const value = this.json[key];
    return typeof value === "number" ? value : null;
  }
  flag(key: string): boolean {
    return this.json[key] === true;
  }
  row(key: string): Row | undefined {
    const value = this.json[key];
    return isJsonObject(value) ? new Row(value) : undefined;
  }
  rows(key: string): Row[] {
    const value = this.json[key];
    return Array.isArray(value) ? value.filter(isJsonObject).map((one) => new Row(one)) : [];
  }
}

/** Where the entry of a row stands. */
export const refOfRow = (row: Row): EntryRef => ({
  logId: logId(row.text("logId")),
  seq: seq(row.number("seq")),
});

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const LONGEST_LABEL: Readonly<Record<LabelName, number>> = {
  matter: 120,
  party: 120,
  officer: 60,
  certNo: 32,
};
