/**
 * How much of the five regulations is proven: from `npm run law`, the catalogue of papers, and the titles of scenario
 * tests and calendar vectors. Nothing in here is counted by hand.
 */
import { join } from "node:path";
import { loadDocumentKinds } from "../../gateway/intake/records/load-kinds.ts";
import { runTool } from "../tool.ts";

interface Row {
  readonly id: string;
  readonly class: string;
  readonly state: "proven" | "outside" | "missing";
  /** Why it is outside, or what it waits for while it is missing. */
  readonly reason?: string;
}

const ROOT = join(import.meta.dirname, "../..");

function jsonOf(text: string, open: string, close: string): unknown {
  return JSON.parse(text.slice(text.indexOf(open), text.lastIndexOf(close) + 1));
}
function output(tool: string, args: readonly string[]): string {
  const { stdout, status } = runTool(tool, args, { collect: true });
  if (status !== 0) throw new Error(`${tool} ended with ${status}`);
  return stdout;
}

const rows = jsonOf(output("node", [join(ROOT, "test/law/law.ts"), "--json"]), "[", "]") as readonly Row[];
const listed = output("vitest", ["list", "--json", "--no-static-parse", "--config", "test/vitest.config.ts"]);
const tests = jsonOf(listed, "[", "]") as readonly { readonly name: string; readonly file: string }[];
const { kinds } = await loadDocumentKinds(join(ROOT, "firmware-configs/document-kinds"));

const count = (state: Row["state"]): number => rows.filter((row) => row.state === state).length;
/** Acceptance scenarios by their number, each once however many tests show it. */
const scenarios = new Set(tests.flatMap(({ name }) => name.match(/AS-[0-9]{2}/g) ?? []));
const calendarVectors = tests.filter(({ name }) => /from \d{4}-\d{2}-\d{2}: day 2 is /.test(name));

for (const { id, class: of, reason = "" } of rows.filter(({ state }) => state === "missing"))
  console.log(`missing ${id.padEnd(7)} ${of} ${reason}`);
console.log(
  `RESULT ${JSON.stringify({
    articles: rows.length,
    proven: count("proven"),
    outside: count("outside"),
    missing: count("missing"),
    documentKinds: kinds.length,
    scenarios: scenarios.size,
    calendarVectors: calendarVectors.length,
  })}`,
);
