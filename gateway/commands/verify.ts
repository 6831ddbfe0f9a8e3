/**
 * `npm run verify -- <folder>`: checks an evidence folder, an archive's folder or the data folder of a stopped
 * gateway, and names everything that is wrong. Writes nothing. Exit codes: 0 ok, 2 invalid, 3 missing,
 * 4 cannot tell, 1 the command itself failed.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { CodedError } from "../domain/errors.ts";
import type { EvidenceSource } from "../evidence/verify/source.ts";
import { judge } from "../evidence/verify/judge.ts";
import { nodeSha256, nodeVerify } from "../signer/ed25519.ts";
import { findEvidenceFolders, openFolderSource } from "./evidence-folder-source.ts";
import { isDataFolder, openDataFolder } from "./verify/data-folder.ts";
import { EXIT_CODES, reportLines } from "./verify/report.ts";

const USAGE = `用法 usage: npm run verify -- <folder> [--trust FILE] [--index-only] [--json]
  --trust FILE   信任文件，须另行取得 · the trust file, got by another way than the evidence
  --index-only   不核对内容 · entries, tree and signatures only
  --json         以 JSON 输出 · print the verdict as JSON`;

const PROGRESS_MS = 5000;

/** Finds out what lies in the folder. Throws Error with a plain message when it is no evidence. */
async function openSource(folder: string): Promise<EvidenceSource> {
  const folders = await findEvidenceFolders(folder);
  if (folders.length > 0) return openFolderSource(folder, folders, nodeSha256);
  if (await isDataFolder(folder)) return openDataFolder(folder);
  throw new Error(`这里没有证据 · no evidence here: ${folder}`);
}

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
  const source = await openSource(resolve(folder));
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
  if (error instanceof CodedError && error.code === "store.unreadable")
    console.error(
      "网关是否正在运行？请先停止，或核验档案副本 · Is the gateway running? Stop it, or verify the archive's copy.",
    );
  console.error(error instanceof Error ? error.message : "failed");
  process.exitCode = 1;
}
