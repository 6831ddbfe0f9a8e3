/**
 * `npm run coverage -- <folder>`: says from the signed log alone whether a camera's footage is complete in a span,
 * and what is missing with its cause and the entry that says so. Writes nothing. Exit codes: 0 complete,
 * 2 evidence invalid, 3 not complete, 4 cannot tell, 1 the command itself failed.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { streamId } from "../domain/ids.ts";
import { type FootageStatement, footageStatement } from "../evidence/coverage/statement.ts";
import { judge } from "../evidence/verify/judge.ts";
import { nodeSha256, nodeVerify } from "../signer/ed25519.ts";
import { type Asked, statementLines } from "./coverage/statement-lines.ts";
import { faultLines, openEvidence } from "./verify/open-evidence.ts";
import { EXIT_CODES, reportLines } from "./verify/report.ts";

const USAGE = `用法 usage: npm run coverage -- <folder> --camera ID --from TIME --to TIME [--trust FILE] [--json]
  --camera ID    摄像机编号 · the camera's id
  --from, --to   北京时间 Beijing time, "2026-03-02 09:00:00"；或 or ISO 8601 with a zone
  --trust FILE   信任文件，须另行取得 · the trust file, got by another way than the evidence
  --json         以 JSON 输出 · print the statement as JSON`;

const STATEMENT_EXIT: Readonly<Record<FootageStatement["result"], number>> = {
  complete: 0,
  incomplete: 3,
  cannotTell: 4,
};

/** Undefined for what is no time. A time without a zone is Beijing's, whatever the machine's zone is. */
function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const plain = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2}(?:\.\d{1,3})?)?$/.exec(text);
  const ms = Date.parse(
    plain === null ? text : `${plain[1] ?? ""}T${plain[2] ?? ""}${plain[3] ?? ":00"}+08:00`,
  );
  const hasZone = plain !== null || /(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  return Number.isFinite(ms) && hasZone ? ms : undefined;
}

function readAsked(values: { camera?: string; from?: string; to?: string }): Asked | undefined {
  const [from, to] = [timeOf(values.from), timeOf(values.to)];
  if (values.camera === undefined || from === undefined || to === undefined || from >= to) return undefined;
  return { camera: values.camera, from, to };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      camera: { type: "string" },
      from: { type: "string" },
      to: { type: "string" },
      trust: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [folder, ...extra] = positionals;
  const asked = readAsked(values);
  if (values.help || folder === undefined || asked === undefined || extra.length > 0) {
    console.log(USAGE);
    return values.help ? 0 : 1;
  }
  const trustText = values.trust === undefined ? undefined : await readFile(values.trust, "utf8");
  const source = await openEvidence(resolve(folder));
  try {
    const parts = { source, sha256: nodeSha256, verify: nodeVerify };
    const verdict = await judge({
      ...parts,
      bodies: false,
      ...(trustText === undefined ? {} : { trustText }),
    });
    if (verdict.result !== "ok") {
      // A log that does not hold proves nothing about footage.
      console.log(reportLines(verdict).join("\n"));
      return EXIT_CODES[verdict.result];
    }
    const sizes = new Map(verdict.logs.map(({ label, signedSize }) => [label, signedSize]));
    const statement = await footageStatement({
      stream: streamId(`camera/${asked.camera}/main`),
      span: asked,
      logs: (await source.logs()).map((log) => ({ log, signedSize: sizes.get(log.label) ?? 0 })),
      sha256: nodeSha256,
    });
    console.log(
      values.json
        ? JSON.stringify({ ...asked, trustFrom: verdict.trustFrom, ...statement }, undefined, 1)
        : statementLines(asked, statement).join("\n"),
    );
    return STATEMENT_EXIT[statement.result];
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
