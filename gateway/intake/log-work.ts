/**
 * What the ledgers beside the application share: append and wait until it shows, and a command counted once.
 * Invariant: a repeat of a command id answers what the first one did, also after a restart.
 */
import type { CommandId, EntryRef } from "../domain/ids.ts";
import { asJson } from "./entries.ts";
import type { Append, EntryDraft, JsonObject, Views, ViewTable, ViewTransaction } from "./ports.ts";

export interface LogParts {
  readonly append: Append;
  readonly views: Views;
}

/** Resolves with where the last entry stands, once every view shows it. */
export async function appendAndShow(parts: LogParts, drafts: readonly EntryDraft[]): Promise<EntryRef> {
  const appended = await parts.append.append(drafts);
  const last = appended.at(-1);
  if (last === undefined) throw new RangeError("nothing was appended");
  await parts.views.applied(last);
  return { logId: last.logId, seq: last.seq };
}

const doneKey = (command: string): string => `done/${command}`;

/** In a projection: this command has been carried out, and what about. */
export function markDone(table: ViewTransaction, command: unknown, about: JsonObject): void {
  if (typeof command === "string") table.put(doneKey(command), about);
}

export async function doneBefore(table: ViewTable, command: CommandId): Promise<JsonObject | undefined> {
  return table.get(doneKey(command));
}

/** All rows under a prefix, page by page, at most `most`. */
export async function allUnder(
  table: ViewTable,
  prefix: string,
  most = 5000,
): Promise<readonly (readonly [key: string, value: JsonObject])[]> {
  const rows: (readonly [string, JsonObject])[] = [];
  let from = prefix;
  for (;;) {
    const page = await table.range({ from, to: `${prefix}\u007f`, limit: 1000 });
    rows.push(...page);
    if (page.length < 1000 || rows.length >= most) return rows.slice(0, most);
    from = `${page.at(-1)?.[0] ?? prefix}\0`;
  }
}

export { asJson };
