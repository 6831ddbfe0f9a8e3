/**
 * `npm run verify -- <folder>`: checks an evidence folder, an archive's folder or the data folder of a stopped
 * gateway, and names everything that is wrong. Writes nothing. Exit codes: 0 ok, 2 invalid, 3 missing,
 * 4 cannot tell, 1 the command itself failed.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { judge } from "../evidence/verify/judge.ts";
import { nodeSha256, nodeVerify } from "../signer/ed25519.ts";
import { faultLines, openEvidence } from "./verify/open-evidence.ts";
import { EXIT_CODES, reportLines } from "./verify/report.ts";

const USAGE = `用法 usage: npm run verify -- <folder> [--trust FILE] [--index-only] [--json]
  --trust FILE   信任文件，须另行取得 · the trust file, got by another way than the evidence
  --index-only   不核对内容 · entries, tree and signatures only
  --json         以 JSON 输出 · print the verdict as JSON`;

const PROGRESS_MS = 5000;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      trust: { type: "string" },
      "index-only": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [folder, ...extra] = positionals;
  if (values.help || folder === undefined || extra.length > 0) {
    console.log(USAGE);
    return values.help ? 0 : 1;
  }
  const trustText = values.trust === undefined ? undefined : await readFile(values.trust, "utf8");
  const source = await openEvidence(resolve(folder));
  try {
    let spokeMs = performance.now();
    const verdict = await judge({
      source,
      sha256: nodeSha256,
      verify: nodeVerify,
      bodies: !values["index-only"],
      ...(trustText === undefined ? {} : { trustText }),
      onProgress: ({ log, place }) => {
        if (performance.now() - spokeMs < PROGRESS_MS) return;
        spokeMs = performance.now();
        console.error(`${log}: #${place}`);
      },
    });
    console.log(values.json ? JSON.stringify(verdict, undefined, 1) : reportLines(verdict).join("\n"));
    return EXIT_CODES[verdict.result];
  } finally {
    await source.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  for (const line of faultLines(error)) console.error(line);
  process.exitCode = 1;
}
