/**
 * `npm run law`: every article of the five regulations with the tests that declare to prove it, or "outside"
 * with its reason, or "missing" with what it waits for. Built from the titles that `proves()` writes; with `--json` for programs.
 */
import { runTool } from "../tool.ts";
import articleList from "./articles.json" with { type: "json" };

interface ListedTest {
  readonly name: string;
  readonly file: string;
}

function listTests(): readonly ListedTest[] {
  // Titles are made by `proves()`, so the files have to be run for them; a static look would miss them all.
  const args = ["list", "--json", "--no-static-parse", "--config", "test/vitest.config.ts"];
  const { stdout, status } = runTool("vitest", args, { collect: true });
  if (status !== 0) throw new Error(`the tests could not be listed (status ${status})`);
  return JSON.parse(stdout.slice(stdout.indexOf("["))) as ListedTest[];
}

/** Article ids, paragraphs cut off, that a title declares. */
function declared(name: string): readonly string[] {
  const match = /⚖ (.+?) ⚖/.exec(name);
  return match?.[1] === undefined ? [] : match[1].split(" ").map((ref) => ref.replace(/\(.*$/, ""));
}

const proofs = new Map<string, string[]>();
for (const { name, file } of listTests()) {
  const title = name.replace(/⚖ .+? ⚖ /, "");
  const place = file.slice(file.indexOf("/test/") + 1);
  for (const article of declared(name))
    proofs.set(article, [...(proofs.get(article) ?? []), `${title} (${place})`]);
}

const rows = articleList.articles.map((row) => {
  const tests = proofs.get(row.id) ?? [];
  const state = tests.length > 0 ? "proven" : row.outside === undefined ? "missing" : "outside";
  const reason = state === "missing" ? row.waits : row.outside;
  return { id: row.id, class: row.class, state, demand: row.demand, tests, reason };
});
const count = (state: string): number => rows.filter((row) => row.state === state).length;

if (process.argv.includes("--json")) console.log(JSON.stringify(rows, null, 2));
else {
  for (const row of rows) {
    console.log(`${row.id.padEnd(7)} ${row.class} ${row.state.padEnd(8)} ${row.demand}`);
    for (const test of row.tests) console.log(`${" ".repeat(19)}${test}`);
    if (row.state !== "proven")
      console.log(`${" ".repeat(19)}${row.reason ?? "nobody has said what it waits for"}`);
  }
}
console.log(
  `${rows.length} articles: ${count("proven")} proven, ${count("outside")} outside, ${count("missing")} missing`,
);
