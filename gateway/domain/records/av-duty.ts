/**
 * Whether a record needs an AV record, and whether it has what it needs: REGULATIONS 3.7 as the profile and the list of
 * AV matters have it. Invariant: deficient is only what has neither footage nor a ground where footage is compulsory.
 */
import type { Profile } from "../profile.ts";
import type { AvMatterRule, AvRule, DocumentKindRow, DocumentKinds } from "./document-kinds.ts";
import type { RecordFacts, Span } from "./record.ts";

export type AvDuty = {
  readonly context: string;
  readonly rule: AvRule;
  /** The regulation's article, or nothing where the profile alone is stricter. */
  readonly article?: string;
  readonly photoFallback: boolean;
};

/** `deficient` alone is a fault; `suggested` is where the regulation says "as needed". */
export const AV_STATES = ["has", "photos", "exempt", "deficient", "suggested", "free"] as const;
export type AvState = (typeof AV_STATES)[number];

const RANK: Readonly<Record<AvRule, number>> = { required: 3, audio: 2, asNeeded: 1, optional: 0 };
/** Files of one recording follow each other within this; a wider hole is an interruption (S3-A-12). */
export const CONTINUITY_MS = 5000;

const applies = (
  facts: Pick<RecordFacts, "activity" | "flags">,
  when: DocumentKindRow["av"][number]["when"],
): boolean =>
  (when?.activity === undefined || when.activity === facts.activity) &&
  (when?.flag === undefined || facts.flags.includes(when.flag));

/** What the regulation in force and the profile want of a context. */
export function dutyOf(context: string, matter: AvMatterRule | undefined, profile: Profile): AvDuty {
  const wanted = profile.rule("av.required").value.includes(context);
  const photos = profile.rule("av.photoFallback").value && matter?.photoFallback === true;
  const stated = matter?.rule ?? "optional";
  return {
    context,
    // A profile may be stricter than its regulation, never looser.
    rule: wanted && RANK[stated] < RANK.audio ? "required" : stated,
    ...(matter === undefined ? {} : { article: matter.article }),
    photoFallback: photos,
  };
}

/** Every duty that applies to this record, the strictest first. */
export function avDuties(
  row: DocumentKindRow,
  facts: Pick<RecordFacts, "activity" | "flags">,
  profile: Profile,
  kinds: DocumentKinds,
): readonly AvDuty[] {
  return row.av
    .filter(({ when }) => applies(facts, when))
    .map(({ context }) => dutyOf(context, kinds.matter(context)?.rules[profile.regulation], profile))
    .toSorted((a, b) => RANK[b.rule] - RANK[a.rule]);
}

function meets(duty: AvDuty, facts: RecordFacts): AvState {
  const video = facts.footage.some((link) => link.type === "camera" || link.media === "video");
  const sound =
    video ||
    facts.footage.some((link) => link.type === "file" && link.media === "audio") ||
    facts.scans.some(({ media }) => media === "audio");
  const photos =
    facts.scans.some(({ media }) => media === "photo") ||
    facts.footage.some((link) => link.type === "file" && link.media === "photo");
  if (duty.rule === "audio" ? sound : video) return "has";
  if (duty.photoFallback && photos && facts.avReason !== undefined) return "photos";
  if (duty.rule === "optional") return "free";
  if (facts.avReason !== undefined && duty.rule !== "asNeeded") return "exempt";
  return duty.rule === "asNeeded" ? "suggested" : "deficient";
}

const WORST: readonly AvState[] = ["deficient", "suggested", "exempt", "photos", "has", "free"];

/** The worst state over the compulsory duties, else over the others, and the duty that it comes from. */
export function avState(
  duties: readonly AvDuty[],
  facts: RecordFacts,
): { readonly state: AvState; readonly duty?: AvDuty } {
  const compulsory = duties.filter(({ rule }) => RANK[rule] >= RANK.audio);
  const found = (compulsory.length > 0 ? compulsory : duties)
    .map((duty) => ({ state: meets(duty, facts), duty }))
    .toSorted((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state))[0];
  return found ?? { state: "free" };
}

/** Holes between the segments of one recording, and between the record's own start and end and its footage. */
export function interruptions(facts: Pick<RecordFacts, "footage" | "startMs" | "endMs">): readonly Span[] {
  const spans = facts.footage
    .flatMap(({ spans: of }) => of)
    .toSorted((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
  if (spans.length === 0) return [];
  const holes: Span[] = [];
  let covered = facts.startMs;
  for (const { fromMs, toMs } of spans) {
    if (fromMs > covered + CONTINUITY_MS) holes.push({ fromMs: covered, toMs: fromMs });
    covered = Math.max(covered, toMs);
  }
  if (facts.endMs > covered + CONTINUITY_MS) holes.push({ fromMs: covered, toMs: facts.endMs });
  return holes;
}
