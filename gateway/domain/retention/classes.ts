/**
 * Which class footage is of and until when it is kept, by profile (S0-30; REGULATIONS 5); pure. Invariant: what belongs
 * to a matter is kept as long as its case file, and while that has no end nothing of it ends.
 */
import { articleOf, type Profile } from "../profile.ts";
import { endOfDays, endOfYears } from "./period.ts";

/**
 * `caseFile`: part of a matter. `inspectionAv`: a body camera's file of no matter. `counterUnlinked`: a counter camera's
 * footage of no matter, which alone runs out without a destruction list.
 */
export const RETENTION_CLASSES = ["caseFile", "inspectionAv", "counterUnlinked"] as const;
export type RetentionClass = (typeof RETENTION_CLASSES)[number];

export type Fate = {
  readonly class: RetentionClass;
  /** First moment at which it may go, UTC ms; `Infinity` while nobody can tell. */
  readonly keepUntilMs: number;
  readonly article?: string;
};

/** 保管期限 of a filed case; undefined while it isn't filed. */
export type CaseKeep = { readonly keep: "permanent" | number; readonly filedMs: number } | undefined;

export function caseKeepUntil(filed: CaseKeep): number {
  if (filed === undefined || filed.keep === "permanent") return Number.POSITIVE_INFINITY;
  return endOfYears(filed.filedMs, filed.keep);
}

export interface FateFacts {
  readonly source: "counter" | "bodyCamera";
  /** End of the recording, UTC ms. */
  readonly endMs: number;
  /** Case files that it belongs to. */
  readonly cases: readonly CaseKeep[];
  readonly profile: Profile;
}

export function fateOf({ source, endMs, cases, profile }: FateFacts): Fate {
  const unlinked = profile.rule("retention.counterUnlinkedDays");
  const inspection = profile.rule("retention.inspectionAvYears");
  const rule = source === "counter" ? unlinked : inspection;
  const floorMs =
    source === "counter" ? endOfDays(endMs, unlinked.value) : endOfYears(endMs, inspection.value);
  const linked = cases.length > 0;
  const used = linked
    ? profile.rule(source === "counter" ? "retention.counterLinked" : "retention.evidenceAv")
    : rule;
  const article = articleOf(used);
  return {
    class: linked ? "caseFile" : source === "counter" ? "counterUnlinked" : "inspectionAv",
    // A case file that ends early never shortens what the footage is kept for by itself.
    keepUntilMs: Math.max(floorMs, ...cases.map(caseKeepUntil)),
    ...(article === undefined ? {} : { article }),
  };
}
