/** The catalogue of the counter's document kinds: the code's list and the data's are one, and cite what exists. */
import { expect, it } from "vitest";
import counter from "../../../firmware-configs/document-kinds/counter.json" with { type: "json" };
import articles from "../../law/articles.json" with { type: "json" };
import { DOCUMENT_KINDS } from "../../../gateway/domain/document.ts";

it("names every document of the counter once, with articles of the regulations or the law", () => {
  expect(counter.kinds.map((row) => row.kind).toSorted()).toEqual([...DOCUMENT_KINDS].toSorted());
  const known = new Set(articles.articles.map((row) => row.id));
  for (const row of counter.kinds) {
    expect(row.signers.length).toBeGreaterThan(0);
    for (const article of row.articles)
      if (!article.startsWith("行政许可法")) expect(known).toContain(article.replace(/\(.*$/, ""));
  }
});
