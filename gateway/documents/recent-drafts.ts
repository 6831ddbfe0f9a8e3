/**
 * What this process typeset a moment ago: the same facts under the same template give the same bytes, so finishing need
 * not typeset the draft once more. Invariant: a draft is found by all of its facts, as they stand in the record.
 */
import { createHash } from "node:crypto";
import type { DocumentDraft } from "../domain/document-record.ts";
import type { DocumentFacts } from "../domain/document.ts";

const REMEMBERED = 256;

export interface RecentDrafts {
  remember(facts: DocumentFacts, draft: DocumentDraft): void;
  /** Takes it out: a document is finished once. */
  take(facts: DocumentFacts): DocumentDraft | undefined;
}

export function recentDrafts(): RecentDrafts {
  const drafts = new Map<string, DocumentDraft>();
  const keyOf = (facts: DocumentFacts): string =>
    createHash("sha256").update(JSON.stringify(facts)).digest("base64");
  return {
    remember(facts, draft) {
      drafts.set(keyOf(facts), draft);
      const oldest = drafts.keys().next().value;
      if (drafts.size > REMEMBERED && oldest !== undefined) drafts.delete(oldest);
    },
    take(facts) {
      const key = keyOf(facts);
      const draft = drafts.get(key);
      drafts.delete(key);
      return draft;
    },
  };
}
