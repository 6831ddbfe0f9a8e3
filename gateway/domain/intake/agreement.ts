/**
 * Whether the times that papers state agree with the footage of the matter (S3-A-9, S0-11). Invariant: it only tells;
 * footage that is missing never changes an act (I13).
 */
import type { DocumentId } from "../ids.ts";
import { type Profile, articleOf } from "../profile.ts";
import type { PaperState } from "./state.ts";

export interface RecordedSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export type TimeAgreement = {
  readonly documentId: DocumentId;
  readonly number: string;
  /** The time that stands on the paper, UTC ms. */
  readonly statedMs: number;
  /** `outside`: footage of the matter exists, but not of that moment. */
  readonly standing: "within" | "outside" | "noFootage";
  /** Start and end of the footage that shows the moment. */
  readonly footage?: RecordedSpan;
  readonly severity: "none" | "warning" | "error";
  readonly article?: string;
};

/** A paper is stamped when it is durable, which is within this long of what the camera saw. */
const TOLERANCE_MS = 2000;

/** `spans` are what was recorded of the matter's counter sessions, by any of its cameras. */
export function timeAgreement(
  papers: readonly PaperState[],
  spans: readonly RecordedSpan[],
  profile: Profile,
): readonly TimeAgreement[] {
  const rule = profile.rule("documents.timeMustMatchAv");
  const article = articleOf(rule);
  // Video at the counter is permissive: a matter on paper alone is no fault, a time that contradicts footage is one.
  const fault = rule.value === "warn" ? "warning" : "error";
  return papers.map(({ documentId, number, issuedMs }): TimeAgreement => {
    const footage = spans.find(
      ({ fromMs, toMs }) => fromMs - TOLERANCE_MS <= issuedMs && issuedMs <= toMs + TOLERANCE_MS,
    );
    const standing = spans.length === 0 ? "noFootage" : footage === undefined ? "outside" : "within";
    return {
      documentId,
      number,
      statedMs: issuedMs,
      standing,
      ...(footage === undefined ? {} : { footage }),
      severity: standing === "outside" ? fault : "none",
      ...(article === undefined ? {} : { article }),
    };
  });
}
