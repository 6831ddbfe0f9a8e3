/** A document's content as the contract gives it: the same blocks, as lists that may be written. */
import type { DocumentContent } from "../domain/document-content.ts";
import type { DocumentContentView } from "./contract/documents.ts";

/** The contract's Mirror type holds the two forms together; only `readonly` is dropped here. */
export function contentView(content: DocumentContent): DocumentContentView {
  return content as DocumentContentView;
}
