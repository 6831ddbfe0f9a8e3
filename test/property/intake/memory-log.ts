/** A log in memory for properties over many sequences: appends all or nothing, fails when told to, replays its views. */
import { createHash } from "node:crypto";
import { logId, seq, sha256Hex } from "../../../gateway/domain/ids.ts";
import type {
  Append,
  EntryDraft,
  LogReader,
  ProjectedEntry,
  Projection,
  ReadRecord,
  ViewTable,
  ViewTransaction,
  Views,
} from "../../../gateway/evidence/append.ts";
import type { Entry } from "../../../gateway/evidence/entry.ts";
import type { JsonObject, RecordBody } from "../../../gateway/evidence/record.ts";

const LOG = logId("2026");

export interface MemoryLog extends Append, LogReader {
  readonly records: readonly ReadRecord[];
  /** The next append fails: before anything is durable, or after, so that only the answer is lost. */
  failNext: "before" | "after" | undefined;
  /** Views of a fresh start: whatever registers is replayed from the whole log at once. */
  views(): Views & { readonly tables: readonly Map<string, JsonObject>[] };
}

function tableOver(rows: Map<string, JsonObject>): ViewTransaction {
  const table: ViewTable = {
    get: async (key) => rows.get(key),
    async range({ from, to, limit = 1000, reverse = false }) {
      const keys = [...rows.keys()].filter((key) => key >= from && key < to).toSorted();
      if (reverse) keys.reverse();
      return keys.slice(0, limit).map((key) => [key, rows.get(key) ?? {}] as const);
    },
  };
  return { ...table, put: (key, value) => void rows.set(key, value), del: (key) => void rows.delete(key) };
}

export function memoryLog(): MemoryLog {
  const records: ReadRecord[] = [];
  let live: { readonly apply: (entry: ProjectedEntry) => Promise<void> }[] = [];
  const sha256 = sha256Hex(createHash("sha256").digest("hex"));
  const read = (at: number): ReadRecord => {
    const record = records[at];
    if (record === undefined) throw new RangeError(`no entry ${at}`);
    return record;
  };
  const entryOf = (draft: EntryDraft, at: number): Entry => ({
    v: 1,
    seq: seq(at),
    type: draft.type,
    stream: draft.stream,
    n: at,
    t: draft.t ?? 0,
    dur: 0,
    boot: "boot",
    mono: 0,
    ntp: "synced",
    len: 0,
    sha256,
  });
  const log: MemoryLog = {
    records,
    failNext: undefined,
    async append(drafts) {
      const fails = log.failNext;
      log.failNext = undefined;
      if (fails === "before") throw new Error("disk error before");
      const added = drafts.map((draft): ReadRecord => {
        const at = records.length;
        const json: RecordBody["json"] =
          "record" in draft ? (JSON.parse(JSON.stringify(draft.record.json)) as JsonObject) : {};
        const record: ReadRecord = { logId: LOG, seq: seq(at), entry: entryOf(draft, at), body: { json } };
        records.push(record);
        return record;
      });
      for (const view of live)
        for (const record of added) await view.apply({ ...record, record: record.body });
      if (fails === "after") throw new Error("disk error after");
      return added;
    },
    readRecord: async (ref) => read(ref.seq),
    readFootage: async () => Promise.reject(new RangeError("no footage here")),
    readEntry: async (ref) => read(ref.seq).entry,
    views() {
      live = [];
      const tables: Map<string, JsonObject>[] = [];
      let caughtUp = Promise.resolve();
      return {
        tables,
        register(projection: Projection) {
          const rows = new Map<string, JsonObject>();
          tables.push(rows);
          const table = tableOver(rows);
          const apply = async (entry: ProjectedEntry): Promise<void> => {
            if (projection.types.includes(entry.entry.type)) await projection.apply(entry, table);
          };
          const past = [...records];
          const before = caughtUp;
          caughtUp = (async () => {
            await before;
            for (const record of past) await apply({ ...record, record: record.body });
          })();
          live.push({ apply });
          return table;
        },
        applied: () => caughtUp,
      };
    },
  };
  return log;
}
