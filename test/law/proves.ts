/**
 * How a test declares which articles it proves: the declaration is part of the test's title, and `npm run law`
 * is built from the titles. Invariant: an article that is not in articles.json fails the declaration.
 */
import articles from "./articles.json" with { type: "json" };

const known = new Set(articles.articles.map((row) => row.id));

/**
 * Title of a test that proves articles, such as `proves(["S1-6(4)", "S0-8"], "one notice names every defect")`.
 * A paragraph in brackets belongs to its article. Throws RangeError on an unknown article.
 */
export function proves(refs: readonly [string, ...string[]], title: string): string {
  for (const ref of refs) {
    const article = ref.replace(/\(.*$/, "");
    if (!known.has(article)) throw new RangeError(`no such article: ${ref}`);
  }
  return `⚖ ${refs.join(" ")} ⚖ ${title}`;
}
