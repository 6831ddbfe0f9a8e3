/** How far a view is applied, and from which history; stored beside its rows. */
import { type LogId, logId } from "../domain/ids.ts";

/** The next entry to apply; all earlier logs are applied. */
export interface Cursor {
  readonly logId: LogId;
  readonly next: number;
}

export interface Mark {
  readonly version: number;
  readonly cursor: Cursor;
  /** Leaf hash, hex, of the entry before the cursor; empty at the begin of a log. */
  readonly leaf: string;
}

export function writeMark(mark: Mark): Uint8Array {
  const { version, cursor, leaf } = mark;
  return new TextEncoder().encode(JSON.stringify({ version, logId: cursor.logId, next: cursor.next, leaf }));
}

/** Undefined when there is none, or one of another form: the view is then built from the start. */
export function readMark(bytes: Uint8Array | undefined): Mark | undefined {
  if (bytes === undefined) return undefined;
  const raw: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof raw !== "object" || raw === null) return undefined;
  const { version, logId: id, next, leaf } = raw as Record<string, unknown>;
  if (typeof version !== "number" || typeof id !== "string" || typeof next !== "number") return undefined;
  return typeof leaf === "string" ? { version, cursor: { logId: logId(id), next }, leaf } : undefined;
}
