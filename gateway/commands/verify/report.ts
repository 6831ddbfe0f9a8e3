/** The verdict as text in Chinese and English: one line per finding with camera, Beijing time, kind and number. */
import { beijingDateTime } from "../../domain/time.ts";
import { type Finding, type VerdictResult, cameraOf } from "../../evidence/verify/finding.ts";
import type { LogVerdict, Verdict } from "../../evidence/verify/judge.ts";
import { FINDING_WORDS, KIND_WORDS, RESULT_WORDS, type Words } from "./texts.ts";

/**
 * Exit codes of every verifier of this evidence; 1 stays for a fault of the command itself, such as a folder that is
 * not there.
 */
export const EXIT_CODES: Readonly<Record<VerdictResult, number>> = {
  ok: 0,
  invalid: 2,
  missing: 3,
  cannotTell: 4,
  released: 5,
  erased: 6,
  awaited: 7,
};

const TRUST_WORDS: Readonly<Record<Verdict["trustFrom"], Words>> = {
  given: { zh: "信任文件：由核验人提供", en: "trust file: given by you" },
  source: {
    zh: "信任文件：取自证据本身，只能证明前后一致；请用 --trust 另行提供",
    en: "trust file: taken from the evidence itself, which shows consistency only; give yours with --trust",
  },
  nowhere: { zh: "信任文件：无", en: "trust file: none" },
};

/** Lines without a newline at their ends. */
export function reportLines(verdict: Verdict): readonly string[] {
  const { counts } = verdict;
  const words = RESULT_WORDS[verdict.result];
  return [
    both(TRUST_WORDS[verdict.trustFrom]),
    ...verdict.logs.flatMap(logLines),
    ...verdict.findings.map(findingLine),
    ...(verdict.findingsDropped === 0
      ? []
      : [`另有 ${verdict.findingsDropped} 项未列出 · ${verdict.findingsDropped} more are not listed`]),
    Object.entries(KIND_WORDS)
      .map(([kind, { zh, en }]) => `${zh} ${en}: ${counts[kind as keyof typeof counts]}`)
      .join(" | "),
    `结论 RESULT · ${both(words)}${verdict.logs.some((log) => log.excerpt === true) ? " （节选 excerpt）" : ""}`,
  ];
}

function both({ zh, en }: Words): string {
  return `${zh} · ${en}`;
}

function logLines(log: LogVerdict): string[] {
  const { label, origin, entries, signedSize, bodies, bodyBytes, sightings } = log;
  const mebibytes = (bodyBytes / 1_048_576).toFixed(1);
  const newest = sightings.reduce((time, { timeS }) => Math.max(time, timeS), 0);
  return [
    `日志 log ${origin ?? label}: 条目 entries ${entries}, 已签名 signed ${signedSize}, ` +
      `完好内容 contents intact ${bodies} (${mebibytes} MiB)`,
    ...(log.excerpt === true
      ? [
          "  节选：只核对所含部分，其余不作判断 · EXCERPT: only what is here was checked, nothing is said of the rest",
        ]
      : []),
    sightings.length === 0
      ? "  见证 witnessed: 无 none"
      : `  见证 witnessed: ${sightings.length}, 最近 newest ${beijingDateTime(newest * 1000)} (北京 Beijing)`,
  ];
}

export function findingLine(finding: Finding): string {
  const kind = KIND_WORDS[finding.kind];
  const parts = [`[${kind.zh} ${kind.en}]`, finding.code, ...placeParts(finding)];
  return `${parts.join(" ")} ${both(FINDING_WORDS[finding.code])}${finding.why === undefined ? "" : ` (${finding.why})`}`;
}

function placeParts(finding: Finding): string[] {
  const { log, seq, lastSeq, count, stream, type } = finding;
  const parts: string[] = [];
  const camera = stream === undefined ? undefined : cameraOf(stream);
  if (camera !== undefined) parts.push(`摄像机 camera ${camera}`);
  else if (stream !== undefined) parts.push(`数据流 stream ${stream}`);
  const time = timeText(finding);
  if (time !== undefined) parts.push(time);
  if (seq !== undefined)
    parts.push(lastSeq === undefined || lastSeq === seq ? `#${seq}` : `#${seq}-${lastSeq}`);
  if (type !== undefined) parts.push(type);
  if (count > 1) parts.push(`×${count}`);
  parts.push(`[${log}]`);
  return parts;
}

/** Beijing time with milliseconds; a range where the finding spans one. */
function timeText({ t, tEnd, timeNear }: Finding): string | undefined {
  if (t === undefined) return undefined;
  const text = (ms: number): string =>
    `${beijingDateTime(ms)}.${(((ms % 1000) + 1000) % 1000).toString().padStart(3, "0")}`;
  if (timeNear === true) return `约 about ${text(t)}`;
  return tEnd === undefined || tEnd === t ? text(t) : `${text(t)} 至 to ${text(tEnd)}`;
}
