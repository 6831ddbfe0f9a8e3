/**
 * Finishes papers after they were issued: rendition, print job. Invariant: no failure here reaches the legal state;
 * what isn't finished stays listed and is tried again (I13).
 */
import type { DocumentId, EntryRef } from "../domain/ids.ts";
import { documentId } from "../domain/ids.ts";
import type { Papers, ViewTable } from "./ports.ts";
import { refIn, under } from "./view-rows.ts";

const LONGEST_WAIT_MS = 20_000;
const REMEMBERED_SECRETS = 512;

export interface Finisher {
  /** Whether it was finished now. */
  finish(id: DocumentId, ref: EntryRef, claimCode?: string): Promise<boolean>;
  /** Tries all that are open again; how many stay open. */
  finishOpen(): Promise<number>;
}

async function within(work: Promise<unknown>, limitMs: number): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`not finished within ${limitMs} ms`));
  }, limitMs);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

export function finisher(papers: Papers, table: ViewTable, onFailed: (failure: unknown) => void): Finisher {
  const secrets = new Map<string, string>();
  const finish: Finisher["finish"] = async (id, ref, claimCode) => {
    const code = claimCode ?? secrets.get(id);
    try {
      await within(papers.finish(ref, code === undefined ? undefined : { claimCode: code }), LONGEST_WAIT_MS);
      secrets.delete(id);
      return true;
    } catch (error) {
      onFailed(error);
      if (code !== undefined) secrets.set(id, code);
      const oldest = secrets.keys().next().value;
      if (secrets.size > REMEMBERED_SECRETS && oldest !== undefined) secrets.delete(oldest);
      return false;
    }
  };
  return {
    finish,
    async finishOpen() {
      let open = 0;
      for (const [, row] of await table.range(under("unfinished/"))) {
        const ref = refIn(row);
        const id = row["documentId"];
        if (ref === undefined || typeof id !== "string") continue;
        if (!(await finish(documentId(id), ref))) open += 1;
      }
      return open;
    },
  };
}
