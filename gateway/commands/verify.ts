/**
 * `npm run verify -- <folder or address>`: checks an evidence folder, an archive's folder, the data folder of a
 * stopped gateway or the log of a running one, and names everything that is wrong. Writes nothing.
 */
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { CodedError } from "../domain/errors.ts";
import { type Progress, judge } from "../evidence/verify/judge.ts";
import type { EvidenceSource } from "../evidence/verify/source.ts";
import { nodeSha256, nodeVerify } from "../signer/ed25519.ts";
import { nodeSm3, nodeVerifySm2 } from "../signer/sm2.ts";
import { findEvidenceFolders, openFolderSource } from "./evidence-folder-source.ts";
import { isDataFolder, openDataFolder } from "./verify/data-folder.ts";
import { EXIT_CODES, reportLines } from "./verify/report.ts";
import { NOT_SEEN, openRunningGateway } from "./verify/running-gateway.ts";
import { RESULT_WORDS } from "./verify/texts.ts";

const codeLines = Object.entries(EXIT_CODES)
  .sort(([, a], [, b]) => a - b)
  .map(([result, code]) => {
    const { zh, en } = RESULT_WORDS[result as keyof typeof RESULT_WORDS];
    return `  ${code}  ${zh} · ${en}`;
  });

const USAGE = `用法 usage: npm run verify -- <folder | http://address> [options]
  <folder>       证据文件夹、档案文件夹或已停止网关的数据文件夹 · evidence folder, archive, or data of a stopped gateway
  http://…       正在运行的网关（只核对条目、哈希树和签名） · a running gateway (entries, tree and signatures)
  --trust FILE   信任文件，须另行取得 · the trust file, got by another way than the evidence
  --seen FILE    另行取得的检查点或纸上二维码文字，可多次 · a checkpoint or a paper's QR text held elsewhere, repeatable
  --index-only   不核对内容 · entries, tree and signatures only
  --jobs N       使用的处理器核数 · cores to use (default: all)
  --json         以 JSON 输出 · print the verdict as JSON
退出码 exit codes:
${codeLines.join("\n")}
  1  命令未能运行 · the command itself failed`;

const PROGRESS_MS = 5000;

/** Finds out what lies in the folder. Throws Error with a plain message when it is no evidence. */
async function openSource(folder: string, jobs: number): Promise<EvidenceSource> {
  const folders = await findEvidenceFolders(folder);
  if (folders.length > 0) return openFolderSource(folder, folders, nodeSha256, jobs);
  if (await isDataFolder(folder)) return openDataFolder(folder, jobs);
  throw new Error(`这里没有证据 · no evidence here: ${folder}`);
}

/** Says every few seconds where a long check is, and how long it will take. */
function progressLine(startMs: number): (progress: Progress) => void {
  let spokeMs = startMs;
  return ({ log, pass, place, size }) => {
    const now = performance.now();
    if (now - spokeMs < PROGRESS_MS) return;
    spokeMs = now;
    const percent = size === 0 ? "" : ` ${Math.min(100, Math.floor((100 * (place + 1)) / size))} %`;
    const what = pass === "index" ? "条目 entries" : "内容 contents";
    console.error(`${log}: ${what} #${place}${percent}, ${Math.round((now - startMs) / 1000)} s`);
  };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      trust: { type: "string" },
      seen: { type: "string", multiple: true, default: [] },
      "index-only": { type: "boolean", default: false },
      jobs: { type: "string", default: String(availableParallelism()) },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [place, ...extra] = positionals;
  const jobs = Number(values.jobs);
  if (values.help || place === undefined || extra.length > 0 || !/^[1-9][0-9]?$/.test(values.jobs)) {
    console.log(USAGE);
    return values.help ? 0 : 1;
  }
  const trustText = values.trust === undefined ? undefined : await readFile(values.trust, "utf8");
  const seen = await Promise.all(values.seen.map((path) => readFile(path, "utf8")));
  const cancel = new AbortController();
  const onInterrupt = (): void => cancel.abort();
  process.once("SIGINT", onInterrupt);
  const running = /^https?:\/\//.test(place);
  const source = running
    ? await openRunningGateway(place, cancel.signal)
    : await openSource(resolve(place), jobs);
  try {
    const verdict = await judge({
      source,
      sha256: nodeSha256,
      verify: nodeVerify,
      national: { sm3: nodeSm3, verifySm2: nodeVerifySm2 },
      bodies: !values["index-only"] && !running,
      seen,
      signal: cancel.signal,
      ...(trustText === undefined ? {} : { trustText }),
      onProgress: progressLine(performance.now()),
    });
    if (running && !values.json) console.log(`${NOT_SEEN.zh} · ${NOT_SEEN.en}`);
    const notSeen = running ? { notSeen: NOT_SEEN.en } : {};
    console.log(
      values.json
        ? JSON.stringify({ ...verdict, ...notSeen }, undefined, 1)
        : reportLines(verdict).join("\n"),
    );
    return EXIT_CODES[verdict.result];
  } finally {
    process.removeListener("SIGINT", onInterrupt);
    await source.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof CodedError && error.code === "store.unreadable")
    console.error(
      "网关是否正在运行？请核验 http://127.0.0.1:端口、先停止网关，或核验档案副本 · " +
        "Is the gateway running? Give its address (http://127.0.0.1:PORT), stop it, or verify the archive's copy.",
    );
  console.error(error instanceof Error ? error.message : "failed");
  process.exitCode = 1;
}
