/**
 * 四性检测 of a case file: authenticity, completeness, usability, safety, as results of checks that were carried out
 * (DA/T 70; the standard's text was not seen, so the checks are ours). Invariant: a check that could not be carried out
 * is never a pass.
 */
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
