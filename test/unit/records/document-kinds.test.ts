/** The catalogue of papers, counted against every passage of the five regulations that names one. */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadProfiles } from "../../../gateway/intake/load-rules.ts";
import { loadDocumentKinds } from "../../../gateway/intake/records/load-kinds.ts";
import type { DocumentKinds } from "../../../gateway/domain/records/document-kinds.ts";
import { parseDocumentKinds } from "../../../gateway/domain/records/document-kinds.ts";
import articles from "../../law/articles.json" with { type: "json" };
import named from "../../law/named-papers.json" with { type: "json" };

const CONFIGS = join(import.meta.dirname, "../../../firmware-configs");
/** Kinds of the counter that rest on national law alone. */
const NATIONAL = new Set(["supplementReceipt", "lateAcceptanceNotice"]);
const base = (article: string): string => article.replace(/\(.*$/, "");
let kinds: DocumentKinds;
beforeAll(async () => {
  kinds = await loadDocumentKinds(join(CONFIGS, "document-kinds"));
});

describe("the catalogue of papers", () => {
  it("has a kind for every passage that names a paper, and the kind cites that article", () => {
    const known = new Set(articles.articles.map((row) => row.id));
    for (const { article, words, kinds: stands } of named.passages) {
      expect(known, words).toContain(article);
      for (const kind of stands)
        expect(kinds.find(kind)?.articles.map(base), `${article} ${words} ${kind}`).toContain(article);
    }
  });

  it("has no kind and no citation that no passage stands behind", () => {
    const pairs = new Set(
      named.passages.flatMap(({ article, kinds: of }) => of.map((kind) => `${kind} ${article}`)),
    );
    for (const { kind, articles: cited } of kinds.kinds) {
      if (NATIONAL.has(kind)) continue;
      const own = cited.filter((article) => article.startsWith("S"));
      expect(own.length, kind).toBeGreaterThan(0);
      for (const article of own) expect(pairs).toContain(`${kind} ${base(article)}`);
    }
  });

  it("says of every context what each profile's regulation makes compulsory, no more and no less", async () => {
    const { all } = await loadProfiles(join(CONFIGS, "profiles"), "zz-mr");
    for (const profile of all) {
      const compulsory = kinds.matters
        .filter(({ rules }) => ["required", "audio"].includes(rules[profile.regulation]?.rule ?? ""))
        .map(({ context }) => context);
      expect([...profile.rule("av.required").value].toSorted(), profile.id).toEqual(compulsory.toSorted());
    }
  });

  it.each([
    ["an unknown field", { fields: ["noSuchField"] }, /no such field/],
    ["an unknown signer", { signers: ["noSuchSigner"] }, /no such signer/],
    ["an unknown AV context", { av: [{ context: "nowhere" }] }, /no such AV context/],
    ["an unknown stage", { stage: "nowhen" }, /stage/],
    ["an unknown activity", { activities: ["leisure"] }, /activities/],
  ])("is refused with %s", (_what, change, message) => {
    const good = {
      kind: "paper",
      name: { zh: "文书", en: "Paper" },
      activities: ["permit"],
      stage: "start",
      articles: ["S0-9"],
      fields: [],
      signers: [],
    };
    const words = { activities: {}, stages: {}, fields: {}, signers: {}, flags: {}, avReasons: {} };
    const parse = (kind: object) =>
      parseDocumentKinds({ kinds: [{ kinds: [kind] }], matters: { contexts: [] }, words });
    expect(parse(good).find("paper")?.stage).toBe("start");
    expect(() => parse({ ...good, ...change })).toThrow(message);
  });
});
