/**
 * What a start does with bodies above the log's head, left by a crash between body and entry. Invariant: they
 * are appended in order up to the first hole; what lies behind it is set aside and told as `orphan`, never lost.
 */
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { RecordDraft } from "../evidence/append.ts";
import { decodeBodyValue } from "../evidence/body-value.ts";
import { toHex } from "../evidence/bytes.ts";
import { type Entry, decodeEntry, isFootage } from "../evidence/entry.ts";
import { type JsonObject, decodeRecord } from "../evidence/record.ts";
import type { Suite } from "../evidence/suite.ts";
import { streamId } from "../domain/ids.ts";
import { asideFolder, listAside, makeFolder, syncFolder } from "./folders.ts";
import type { LoggedEntry } from "./log-database.ts";
import type { OneLog } from "./one-log.ts";
import { sha256 } from "./sha256.ts";
import { sm3 } from "./sm3.ts";

type Kind = "record" | "footage";

const BATCH = 256;
/** A larger orphan stays a file beside the log; its entry says so. */
const MAX_ATTACHED_BYTES = 16 * 1024 * 1024;

/** The entry of a value that may follow the head, or undefined when it is not one. */
function follows(
  value: Uint8Array,
  at: {
    readonly seq: number;
    readonly kind: Kind;
    readonly n: (entry: Entry) => number;
    readonly suite: Suite;
  },
): LoggedEntry | undefined {
  try {
    const { entryBytes, body } = decodeBodyValue(value);
    const entry = decodeEntry(entryBytes);
    const fits =
      entry.seq === at.seq &&
      isFootage(entry.type) === (at.kind === "footage") &&
      entry.n === at.n(entry) &&
      entry.len === body.length &&
      entry.sha256 === toHex(sha256(body)) &&
      entry.sm3 === (at.suite === "sm2-sm3" ? toHex(sm3(body)) : undefined);
    return fits ? { entry, bytes: entryBytes } : undefined;
  } catch (cause) {
    // Not a body value, or not an entry: a torn or forged value, which is what this function tells apart.
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

/** Returns how many entries were appended. Call before anything else is appended. */
export async function recover(log: OneLog): Promise<number> {
  const above = await log.bodiesAboveHead();
  const kinds = new Map<number, Kind>([
    ...above.records.map((seq): [number, Kind] => [seq, "record"]),
    ...above.footage.map((seq): [number, Kind] => [seq, "footage"]),
  ]);
  if (kinds.size === 0) return 0;
  const head = log.size;
  let end = head;
  while (kinds.has(end)) end++;
  for (const [from, to] of await log.atomicParts()) if (from < end && end < to) end = Math.max(from, head);
  await appendUpTo(log, kinds, end);
  await setAside(log, kinds);
  return log.size - head;
}

async function appendUpTo(log: OneLog, kinds: ReadonlyMap<number, Kind>, end: number): Promise<void> {
  const next = new Map<string, number>();
  let batch: LoggedEntry[] = [];
  for (let seq = log.size; seq < end; seq++) {
    const kind = kinds.get(seq);
    const value = kind === undefined ? undefined : await log.bodyAt(seq, kind);
    const n = (entry: Entry): number => next.get(entry.stream) ?? log.log.nextOf(entry.stream);
    const logged =
      kind === undefined || value === undefined
        ? undefined
        : follows(value, { seq, kind, n, suite: log.log.suite });
    if (logged === undefined) break;
    next.set(logged.entry.stream, logged.entry.n + 1);
    batch.push(logged);
    if (batch.length === BATCH) {
      await log.log.append(batch);
      batch = [];
    }
  }
  if (batch.length > 0) await log.log.append(batch);
}

/** Moves what is left above the head into files, then out of the databases, so that its numbers are free. */
async function setAside(log: OneLog, kinds: ReadonlyMap<number, Kind>): Promise<void> {
  const left = [...kinds].filter(([seq]) => seq >= log.size);
  if (left.length === 0) return;
  const folder = asideFolder(log.options.folder);
  await makeFolder(folder);
  for (const [seq, kind] of left) {
    const value = await log.bodyAt(seq, kind);
    if (value === undefined) continue;
    const file = await open(
      join(folder, `${String(seq).padStart(12, "0")}-${toHex(sha256(value))}.body`),
      "w",
    );
    try {
      await file.writeFile(value);
      await file.sync();
    } finally {
      await file.close();
    }
  }
  await syncFolder(folder);
  await log.removeAboveHead();
}

export interface Orphan {
  readonly file: string;
  readonly draft: RecordDraft;
  /** False: the entry names the hash only and the file stays. */
  readonly attached: boolean;
}

/** Orphans that no entry tells of yet. */
export async function orphans(log: OneLog): Promise<readonly Orphan[]> {
  const found: Orphan[] = [];
  for (const file of await listAside(log.options.folder)) {
    const value = await readFile(file);
    const attached = value.length <= MAX_ATTACHED_BYTES;
    found.push({
      file,
      attached,
      draft: {
        type: "orphan",
        stream: streamId("log"),
        record: {
          json: { sizeBytes: value.length, sha256: toHex(sha256(value)), ...describe(value) },
          ...(attached ? { attachment: value } : {}),
        },
      },
    });
  }
  return found;
}

/** Ids that a body names, so that the orphan is destroyed with what it belongs to; none of them is personal. */
const OWNERS = ["applicationId", "caseId", "documentId"] as const;

function describe(value: Uint8Array): JsonObject {
  try {
    const { entryBytes, body } = decodeBodyValue(value);
    const entry = decodeEntry(entryBytes);
    const told = { readable: true, entry: new TextDecoder().decode(entryBytes) };
    return isFootage(entry.type) ? told : { ...told, ...ownersIn(body) };
  } catch (cause) {
    if (cause instanceof RangeError) return { readable: false };
    throw cause;
  }
}

function ownersIn(body: Uint8Array): JsonObject {
  try {
    const { json } = decodeRecord(body);
    return Object.fromEntries(
      OWNERS.flatMap((name) => (typeof json[name] === "string" ? [[name, json[name]]] : [])),
    );
  } catch (cause) {
    // A body that is whole, by its entry, and yet no record.
    if (cause instanceof RangeError || cause instanceof SyntaxError) return {};
    throw cause;
  }
}

/** To be called when the orphan's entry is durable. */
export async function forget(orphan: Orphan): Promise<void> {
  if (orphan.attached) await rm(orphan.file);
  else await rename(orphan.file, orphan.file.replace(/\.body$/, ".kept"));
}
