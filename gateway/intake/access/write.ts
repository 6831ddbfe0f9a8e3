/** Writing entries so that the views show them when it resolves. */
import type { EntryRef } from "../../domain/ids.ts";
import type { Append, EntryDraft, Views } from "./ports.ts";

/** Durable and in the views when it resolves, with the place of the last. */
export type Write = (drafts: readonly EntryDraft[]) => Promise<EntryRef>;

export function writeInto(append: Append, views: Views): Write {
  return async (drafts) => {
    const last = (await append.append(drafts)).at(-1);
    if (last === undefined) throw new RangeError("an append answered nothing");
    await views.applied(last);
    return { logId: last.logId, seq: last.seq };
  };
}
