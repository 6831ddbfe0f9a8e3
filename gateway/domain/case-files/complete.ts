/** What a case file of an activity has to hold before it is whole; pure. Invariant: it names what is missing, it hides nothing. */
import type { ActivityKind, Stage } from "../records/document-kinds.ts";

/** Stages without which an act of this kind is not documented (S0-3: each step from start to archive). */
const STAGES_OF: Readonly<Record<ActivityKind, readonly Stage[]>> = {
  permit: ["intake"],
  penalty: ["start", "evidence", "decision", "service"],
  coercion: ["start", "decision"],
  inspection: ["evidence"],
  fee: ["decision"],
  other: [],
};

export type CompletenessItem = {
  readonly what: "stage" | "record" | "paper" | "footage";
  /** The stage, record or paper. */
  readonly of: string;
  readonly lacks: readonly string[];
};

export interface CaseContents {
  readonly activity: ActivityKind;
  /** The matter began at the counter, so its intake stands for the stage. */
  readonly atCounter: boolean;
  readonly records: readonly {
    readonly recordId: string;
    readonly stage: Stage;
    readonly lacks: readonly string[];
  }[];
  /** Issued papers, whether they have their final form and whether they reached their recipient. */
  readonly papers: readonly { readonly documentId: string; readonly finished: boolean }[];
  /** Stretches of sessions and links that nothing covers, by camera or file. */
  readonly gaps: readonly string[];
}

export function missingOf(contents: CaseContents): readonly CompletenessItem[] {
  const { activity, atCounter, records, papers, gaps } = contents;
  const covered = new Set(records.map(({ stage }) => stage));
  if (atCounter) covered.add("intake");
  return [
    ...STAGES_OF[activity]
      .filter((stage) => !covered.has(stage))
      .map((stage): CompletenessItem => ({ what: "stage", of: stage, lacks: ["record"] })),
    ...records
      .filter(({ lacks }) => lacks.length > 0)
      .map(({ recordId, lacks }): CompletenessItem => ({ what: "record", of: recordId, lacks })),
    ...papers
      .filter(({ finished }) => !finished)
      .map(({ documentId }): CompletenessItem => ({ what: "paper", of: documentId, lacks: ["rendition"] })),
    ...gaps.map((gap): CompletenessItem => ({ what: "footage", of: gap, lacks: ["footage"] })),
  ];
}
