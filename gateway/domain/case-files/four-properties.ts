/**
 * 四性检测 of a case file: authenticity, completeness, usability, safety, as results of checks that were carried out
 * (DA/T 70; the standard's text was not seen, so the checks are ours). Invariant: a check that could not be carried out
 * is never a pass.
 */
import type { Wording } from "../document.ts";
import type { EntryRef } from "../ids.ts";

export const PROPERTIES = ["authenticity", "completeness", "usability", "safety"] as const;
export type Property = (typeof PROPERTIES)[number];

export const CHECKS = [
  "signedTree",
  "bodyHashes",
  "documentsFinished",
  "recordsComplete",
  "stagesCovered",
  "footageGaps",
  "formats",
  "footageReadable",
  "harmlessFormats",
  "secondCopy",
  "holdsKnown",
] as const;
export type CheckName = (typeof CHECKS)[number];

export const CHECK_OF: Readonly<Record<CheckName, Property>> = {
  signedTree: "authenticity",
  bodyHashes: "authenticity",
  documentsFinished: "completeness",
  recordsComplete: "completeness",
  stagesCovered: "completeness",
  footageGaps: "completeness",
  formats: "usability",
  footageReadable: "usability",
  harmlessFormats: "safety",
  secondCopy: "safety",
  holdsKnown: "safety",
};

export const CHECK_NAMES: Readonly<Record<CheckName, Wording & { readonly en: string }>> = {
  signedTree: { zh: "条目在已签名的日志树中", en: "Entries stand in the signed tree" },
  bodyHashes: { zh: "正文与散列值一致（逐件重读）", en: "Bodies match their hashes, each read again" },
  documentsFinished: { zh: "文书均有正式版式文件", en: "Every paper has its final form" },
  recordsComplete: { zh: "记录要素、签字齐全", en: "Records have their fields and signatures" },
  stagesCovered: { zh: "执法环节齐全", en: "The stages of the activity are there" },
  footageGaps: { zh: "音像记录无缺口", en: "Footage has no gaps" },
  formats: { zh: "文件格式可识别", en: "File formats are recognised" },
  footageReadable: { zh: "音像数据可解析", en: "Footage can be parsed" },
  harmlessFormats: { zh: "不含可执行文件", en: "Nothing in it is a program" },
  secondCopy: { zh: "中心档案已确认接收", en: "The central archive has acknowledged it" },
  holdsKnown: { zh: "密级、长期保存标记已核对", en: "Holds were looked at" },
};

/** `warn` is for people to see; `fail` keeps the file open unless somebody explains it. */
export type CheckOutcome = "pass" | "warn" | "fail";

export type CheckResult = {
  readonly check: CheckName;
  readonly outcome: CheckOutcome;
  /** How many items were looked at. */
  readonly counted: number;
  /** Of those, which are wrong, at most `MOST_NAMED`. */
  readonly wrong: readonly string[];
};

export type FourPropertyReport = {
  readonly v: 1;
  readonly at: "filing" | "transfer" | "storage";
  readonly checkedMs: number;
  readonly results: readonly CheckResult[];
};

export const MOST_NAMED = 50;

export function checkResult(
  check: CheckName,
  counted: number,
  wrong: readonly string[],
  ifWrong: "warn" | "fail" = "fail",
): CheckResult {
  return {
    check,
    counted,
    wrong: wrong.slice(0, MOST_NAMED),
    outcome: wrong.length === 0 ? "pass" : ifWrong,
  };
}

/** The worst outcome of a property; of all where none is named. */
export function outcomeOf(report: FourPropertyReport, property?: Property): CheckOutcome {
  const outcomes = report.results
    .filter(({ check }) => property === undefined || CHECK_OF[check] === property)
    .map(({ outcome }) => outcome);
  return outcomes.includes("fail") ? "fail" : outcomes.includes("warn") ? "warn" : "pass";
}

export const refText = ({ logId, seq }: EntryRef): string => `${logId}/${seq}`;
