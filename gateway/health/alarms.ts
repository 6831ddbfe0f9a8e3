/**
 * All alarms as one list, from `alarm` entries. Invariant: a fault that repeats is counted, not logged each time;
 * a raised alarm stays until it is cleared, also across a restart.
 */
import { streamId } from "../domain/ids.ts";
import { CodedError } from "../domain/errors.ts";
import type { Clock } from "../domain/time.ts";
import type { Append, JsonObject, Projection, Views } from "./ports.ts";

const STREAM = streamId("alarms");
/** A repeating alarm is written again at most this often, with how often it came. */
const REPEAT_MS = 10 * 60_000;
const MOST = 1000;
const WORD = /^[A-Za-z0-9./:_-]{1,128}$/;

export interface Alarm {
  readonly code: string;
  /** What it is about, such as a camera's id; `gateway` for the box itself. */
  readonly subject: string;
  readonly sinceMs: number;
  readonly lastMs: number;
  readonly count: number;
  readonly seenBy: string | null;
  readonly clearedMs: number | null;
  /** For a technician; never a secret, never personal. */
  readonly detail: string;
}

export interface Alarms {
  /** Resolves when it is durable or was counted. Rejects as the append does; the alarm is then kept in memory. */
  raise(alarm: { readonly code: string; readonly subject: string; readonly detail?: string }): Promise<void>;
  /** Nothing happens when no such alarm is open. */
  clear(alarm: { readonly code: string; readonly subject: string }): Promise<void>;
  /** Throws `health.noSuchAlarm`. */
  see(alarm: { readonly code: string; readonly subject: string; readonly by: string }): Promise<Alarm>;
  /** Open ones first, then newest first. */
  list(filter?: { readonly open?: boolean }): Promise<readonly Alarm[]>;
}

const keyOf = (code: string, subject: string): string => `alarm/${code}/${subject}`;

export const alarmProjection: Projection = {
  name: "alarms",
  version: 1,
  types: ["alarm"],
  async apply({ entry, record }, table) {
    const { change, code, subject, count, detail, by } = (record?.json ?? {}) as Record<string, unknown>;
    if (typeof code !== "string" || typeof subject !== "string") return;
    const key = keyOf(code, subject);
    const row = await table.get(key);
    const isOpen = row !== undefined && row["clearedMs"] === null;
    switch (change) {
      case "raised":
        table.put(key, {
          code,
          subject,
          sinceMs: isOpen ? (row["sinceMs"] ?? entry.t) : entry.t,
          lastMs: entry.t,
          count: (isOpen ? Number(row["count"]) : 0) + (typeof count === "number" ? count : 1),
          seenBy: isOpen ? (row["seenBy"] ?? null) : null,
          clearedMs: null,
          detail: typeof detail === "string" ? detail : "",
        });
        return;
      case "cleared":
        if (isOpen)
          table.put(key, {
            ...row,
            clearedMs: entry.t,
            count: Number(row["count"]) + (typeof count === "number" ? count : 0),
          });
        return;
      case "seen":
        if (isOpen) table.put(key, { ...row, seenBy: typeof by === "string" ? by : null });
    }
  },
};

function alarmOf(row: JsonObject): Alarm | undefined {
  const { code, subject, sinceMs, lastMs, count, seenBy, clearedMs, detail } = row as Record<string, unknown>;
  if (typeof code !== "string" || typeof subject !== "string") return undefined;
  if (typeof sinceMs !== "number" || typeof lastMs !== "number") return undefined;
  return {
    code,
    subject,
    sinceMs,
    lastMs,
    count: typeof count === "number" ? count : 1,
    seenBy: typeof seenBy === "string" ? seenBy : null,
    clearedMs: typeof clearedMs === "number" ? clearedMs : null,
    detail: typeof detail === "string" ? detail : "",
  };
}

/** What happened since the last entry of an alarm, or before its first where the log could not take one. */
interface Repeats {
  readonly code: string;
  readonly subject: string;
  detail: string;
  count: number;
  sinceMs: number;
  lastMs: number;
  writtenMonoMs: number;
}

/** To be called before the store catches up, since it registers a view. */
export function createAlarms(parts: {
  readonly append: Append;
  readonly views: Views;
  readonly clock: Clock;
}): Alarms {
  const { append, views, clock } = parts;
  const table = views.register(alarmProjection);
  const repeats = new Map<string, Repeats>();

  async function write(json: JsonObject): Promise<void> {
    const [appended] = await append.append([
      { type: "alarm", stream: STREAM, record: { json: { v: 1, ...json } } },
    ]);
    if (appended !== undefined) await views.applied(appended);
  }
  function counted(alarm: Alarm): Alarm {
    const more = repeats.get(keyOf(alarm.code, alarm.subject));
    return more === undefined || alarm.clearedMs !== null || more.count === 0
      ? alarm
      : { ...alarm, count: alarm.count + more.count, lastMs: Math.max(alarm.lastMs, more.lastMs) };
  }

  /** Raised while the log could take no entry: shown all the same. */
  function unlogged(logged: readonly Alarm[]): readonly Alarm[] {
    const isOpen = (one: Repeats): boolean =>
      logged.some(
        ({ code, subject, clearedMs }) => code === one.code && subject === one.subject && clearedMs === null,
      );
    return [...repeats.values()]
      .filter((one) => one.count > 0 && !isOpen(one))
      .map(({ code, subject, detail, count, sinceMs, lastMs }) => ({
        code,
        subject,
        sinceMs,
        lastMs,
        count,
        seenBy: null,
        clearedMs: null,
        detail,
      }));
  }

  return {
    async raise({ code, subject, detail = "" }) {
      if (!WORD.test(code) || !WORD.test(subject))
        throw new RangeError("an alarm's code and subject are words");
      const key = keyOf(code, subject);
      const now = clock.wallMs();
      const known = repeats.get(key) ?? {
        code,
        subject,
        detail,
        count: 0,
        sinceMs: now,
        lastMs: now,
        writtenMonoMs: -Infinity,
      };
      repeats.set(key, known);
      known.count++;
      known.lastMs = now;
      known.detail = detail;
      if (clock.monotonicMs() - known.writtenMonoMs < REPEAT_MS) return;
      const { count, writtenMonoMs } = known;
      known.count = 0;
      known.writtenMonoMs = clock.monotonicMs();
      try {
        await write({ change: "raised", code, subject, count, detail: detail.slice(0, 500) });
      } catch (error) {
        known.count += count;
        known.writtenMonoMs = writtenMonoMs;
        throw error;
      }
    },
    async clear({ code, subject }) {
      const key = keyOf(code, subject);
      const row = await table.get(key);
      const count = repeats.get(key)?.count ?? 0;
      if (row === undefined || row["clearedMs"] !== null) {
        repeats.delete(key);
        return;
      }
      await write({ change: "cleared", code, subject, count });
      repeats.delete(key);
    },
    async see({ code, subject, by }) {
      const row = await table.get(keyOf(code, subject));
      if (row === undefined || row["clearedMs"] !== null) throw new CodedError("health.noSuchAlarm");
      await write({ change: "seen", code, subject, by });
      const alarm = alarmOf((await table.get(keyOf(code, subject))) ?? row);
      if (alarm === undefined) throw new CodedError("health.noSuchAlarm");
      return counted(alarm);
    },
    async list({ open } = {}) {
      const rows = await table.range({ from: "alarm/", to: "alarm0", limit: MOST });
      const logged = rows
        .map(([, row]) => alarmOf(row))
        .filter((alarm) => alarm !== undefined)
        .map(counted);
      return [...logged, ...unlogged(logged)]
        .filter((alarm) => open === undefined || open === (alarm.clearedMs === null))
        .toSorted(
          (a, b) => Number(a.clearedMs !== null) - Number(b.clearedMs !== null) || b.lastMs - a.lastMs,
        );
    },
  };
}
