/**
 * The view of packs: what waits, what is sealed, what is acknowledged, what others have seen. Invariant: it
 * follows from the log alone; the running numbers of packs are the order of their `pack` entries.
 *
 * Rows: `open/<class>/<log>`, `full/<class>/<log>/<first seq>`, `pack/<no>`, `class/<class>/<no>`,
 * `name/<sha256>`, `last` (newest number), `exposure`.
 */
import { logId, seq } from "../domain/ids.ts";
import { parseAck } from "../evidence/ack.ts";
import type { ProjectedEntry, Projection, ViewTable, ViewTransaction } from "../evidence/append.ts";
import { ENTRY_TYPES, encodeEntry } from "../evidence/entry.ts";
import { parseNote } from "../evidence/note.ts";
import { frameBytes } from "../evidence/pack.ts";
import type { JsonObject } from "../evidence/record.ts";
import type { PackClass, SealedPack } from "./contract.ts";
import { type ExposureState, decodeExposure, encodeExposure, exposureAfter } from "./exposure.ts";
import { classOf, isBookkeeping } from "./pack-class.ts";
import {
  type Portion,
  addEntry,
  decodePortion,
  emptyPortion,
  encodePortion,
  firstSeq,
  isFull,
  without,
} from "./pending.ts";
import { type Seal, decodeSeal, encodeSeal } from "./seal-record.ts";

const padded = (value: number): string => String(value).padStart(12, "0");
const openKey = (portion: Pick<Portion, "class" | "logId">): string =>
  `open/${portion.class}/${portion.logId}`;
const fullKey = (portion: Portion): string =>
  `full/${portion.class}/${portion.logId}/${padded(firstSeq(portion))}`;
const LAST = "last";
const EXPOSURE = "exposure";
const MAX_PORTIONS = 10_000;

export function packProjection(targetBytes: number): Projection {
  return {
    name: "handover-packs",
    version: 2,
    types: ENTRY_TYPES,
    async apply(entry, table) {
      await wait(entry, table, targetBytes);
      if (entry.entry.type === "pack") await seal(entry, table);
      if (entry.entry.type === "ack") await acknowledge(entry, table);
      const before = decodeExposure(await table.get(EXPOSURE));
      table.put(EXPOSURE, encodeExposure(exposureAfter(before, entry)));
    },
  };
}

async function wait(entry: ProjectedEntry, table: ViewTransaction, targetBytes: number): Promise<void> {
  const { type } = entry.entry;
  const empty = emptyPortion(entry.logId, classOf(type));
  const row = await table.get(openKey(empty));
  const open = row === undefined ? empty : decodePortion(row);
  const next = {
    seq: entry.seq,
    frameBytes: frameBytes(encodeEntry(entry.entry).length, entry.entry.len),
    worth: !isBookkeeping(type),
  };
  const full = isFull(open, next, targetBytes);
  if (full) table.put(fullKey(open), encodePortion(open));
  table.put(openKey(empty), encodePortion(addEntry(full ? empty : open, next)));
}

async function seal(entry: ProjectedEntry, table: ViewTransaction): Promise<void> {
  if (entry.record === undefined) return;
  const made = decodeSeal(entry.record.json);
  const { portion } = made;
  const open = await table.get(openKey(portion));
  const full = await table.get(fullKey(portion));
  if (full !== undefined) {
    // What was open when its seal began may be full by now: the rest of it goes on waiting.
    const rest = without(decodePortion(full), portion);
    table.del(fullKey(portion));
    if (rest.entries > 0) table.put(fullKey(rest), encodePortion(rest));
  } else if (open !== undefined) {
    table.put(openKey(portion), encodePortion(without(decodePortion(open), portion)));
  }
  const last = await table.get(LAST);
  const no = (typeof last?.["no"] === "number" ? last["no"] : 0) + 1;
  table.put(LAST, { no });
  table.put(`pack/${padded(no)}`, {
    ...encodeSeal(made),
    no,
    sealedMs: entry.entry.t,
    seal: { logId: entry.logId, seq: entry.seq },
  });
  table.put(`class/${portion.class}/${padded(no)}`, { no });
  table.put(`name/${made.sha256}`, { no });
}

async function acknowledge(entry: ProjectedEntry, table: ViewTransaction): Promise<void> {
  const { note, by } = entry.record?.json ?? {};
  if (typeof note !== "string" || typeof by !== "string") return;
  for (const { sha256, retainUntilS } of parseAck(parseNote(note).text).packs) {
    const key = await keyOfPack(table, sha256);
    const row = key === undefined ? undefined : await table.get(key);
    if (key === undefined || row === undefined) continue;
    const ack = { logId: entry.logId, seq: entry.seq };
    table.put(key, { ...row, acked: { by, retainUntilMs: retainUntilS * 1000, ack } });
  }
}

async function keyOfPack(table: ViewTable, sha256: string): Promise<string | undefined> {
  const row = await table.get(`name/${sha256}`);
  return typeof row?.["no"] === "number" ? `pack/${padded(row["no"])}` : undefined;
}

export interface StoredPack extends SealedPack {
  readonly alone: Seal["alone"];
}

function decodePack(row: JsonObject): StoredPack {
  const made = decodeSeal(row);
  const { no, sealedMs, seal: ref, acked } = row;
  if (typeof no !== "number" || typeof sealedMs !== "number") throw new RangeError("not a pack");
  return {
    no,
    logId: made.portion.logId,
    class: made.portion.class,
    sha256: made.sha256,
    sizeBytes: made.sizeBytes,
    ranges: made.portion.ranges,
    reason: made.reason,
    sealedMs,
    seal: decodeRef(ref),
    alone: made.alone,
    ...(acked === undefined ? {} : { acked: decodeAcked(acked) }),
  };
}

function decodeRef(json: JsonObject[string]): SealedPack["seal"] {
  const ref = asObject(json);
  if (typeof ref["logId"] !== "string" || typeof ref["seq"] !== "number") throw new RangeError("not a place");
  return { logId: logId(ref["logId"]), seq: seq(ref["seq"]) };
}

function decodeAcked(json: JsonObject[string]): NonNullable<SealedPack["acked"]> {
  const { by, retainUntilMs, ack } = asObject(json);
  if (typeof by !== "string" || typeof retainUntilMs !== "number")
    throw new RangeError("not an acknowledgement");
  return { by, retainUntilMs, ack: decodeRef(ack) };
}

function asObject(json: JsonObject[string]): JsonObject {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new RangeError("not an object");
  return json as JsonObject;
}

/** Reads the view. */
export class PackTable {
  readonly #table: ViewTable;

  constructor(table: ViewTable) {
    this.#table = table;
  }

  /** Portions to seal, smallest class first: full ones, or with `open` also what is not full yet. */
  async portions(open: boolean): Promise<readonly Portion[]> {
    const limit = MAX_PORTIONS;
    const full = await this.#table.range({ from: "full/", to: "full0", limit });
    const rest = open ? await this.#table.range({ from: "open/", to: "open0", limit }) : [];
    return [...full, ...rest]
      .map(([, row]) => decodePortion(row))
      .filter((portion) => portion.worth > 0)
      .sort((a, b) => a.class - b.class);
  }

  async find(sha256: string): Promise<StoredPack | undefined> {
    const key = await keyOfPack(this.#table, sha256);
    const row = key === undefined ? undefined : await this.#table.get(key);
    return row === undefined ? undefined : decodePack(row);
  }

  async list(after: number, cls: PackClass | undefined, limit: number): Promise<readonly StoredPack[]> {
    const prefix = cls === undefined ? "pack/" : `class/${cls}/`;
    const rows = await this.#table.range({
      from: `${prefix}${padded(after + 1)}`,
      to: `${prefix.slice(0, -1)}0`,
      limit,
    });
    const packs: StoredPack[] = [];
    for (const [, row] of rows) {
      const no = row["no"];
      const pack =
        cls === undefined ? row : await this.#table.get(`pack/${padded(typeof no === "number" ? no : 0)}`);
      if (pack !== undefined) packs.push(decodePack(pack));
    }
    return packs;
  }

  async exposure(): Promise<ExposureState> {
    return decodeExposure(await this.#table.get(EXPOSURE));
  }
}
