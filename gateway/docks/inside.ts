/** What the use cases of this folder share: the log, the view, the rules, and work in turn. */
import type { EntryRef } from "../domain/ids.ts";
import type { Clock } from "../domain/time.ts";
import type { LateFile } from "./docks.ts";
import type { InTurn } from "./in-turn.ts";
import type {
  Append,
  CommandSender,
  EntryDraft,
  IngestRules,
  LogReader,
  Probe,
  VendorNames,
  Views,
  ViewTable,
} from "./ports.ts";

export interface Inside {
  readonly append: Append;
  readonly reader: LogReader;
  readonly views: Views;
  readonly table: ViewTable;
  readonly clock: Clock;
  readonly rules: () => IngestRules;
  readonly probe: Probe;
  readonly vendorNames: VendorNames;
  readonly sender: CommandSender;
  /** Hears of each file that came late, once it is stored. */
  readonly onLate?: (file: { readonly fileId: string } & LateFile) => void;
  readonly inTurn: InTurn;
  /** Work that nobody waits for; a failure is reported, and `close` waits for it. */
  readonly background: (what: string, work: Promise<unknown>) => void;
}

/** Appends and waits until the view shows it; resolves with where the first entry stands. */
export async function appendAndApply(
  inside: Pick<Inside, "append" | "views">,
  drafts: readonly EntryDraft[],
): Promise<EntryRef> {
  const appended = await inside.append.append(drafts);
  const first = appended[0];
  const last = appended.at(-1);
  if (first === undefined || last === undefined) throw new TypeError("nothing was appended");
  await inside.views.applied(last);
  return { logId: first.logId, seq: first.seq };
}

/** The article of this office's profile, for the details of a refusal. */
export function byArticle(article: string | null): { readonly article?: string } {
  return article === null ? {} : { article };
}
