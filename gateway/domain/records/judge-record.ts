/**
 * What a record lacks by the catalogue and the profile; pure. Invariant: the same record, catalogue and profile version
 * give the same list for ever, so it is never stored.
 */
import { articleOf, type Profile } from "../profile.ts";
import { type AvDuty, type AvState, avDuties, avState, interruptions } from "./av-duty.ts";
import type { DocumentKindRow, DocumentKinds } from "./document-kinds.ts";
import type { RecordFacts, Span } from "./record.ts";

export const LACKS = [
  "field",
  "signature",
  "officers",
  "certificate",
  "certificateShown",
  "avMissing",
  "interrupted",
  "timeMismatch",
  "notApproved",
] as const;
export type LackKind = (typeof LACKS)[number];

/** One thing that is missing: which, and the article that wants it. */
export type Lack = { readonly lack: LackKind; readonly what?: string; readonly article?: string };

export type JudgedRecord = {
  readonly av: AvState;
  readonly duties: readonly AvDuty[];
  /** Why the form isn't complete; an approval form can't be approved while there is one. */
  readonly lacks: readonly Lack[];
  readonly interruptions: readonly Span[];
  /** Compulsory footage is missing without a ground, or broke off without a reason. */
  readonly deficient: boolean;
  /** How much later it was written down than it happened. */
  readonly lateMs: number;
};

/** Written down later than this after the act ended counts as entered afterwards (S1-3). */
export const LATE_MS = 15 * 60_000;

const lack = (kind: LackKind, article: string | undefined, what?: string): Lack => ({
  lack: kind,
  ...(what === undefined ? {} : { what }),
  ...(article === undefined ? {} : { article }),
});

/** The articles of this profile's regulation that name the paper; all of them where none does. */
export function articlesFor(row: DocumentKindRow, profile: Profile): readonly string[] {
  const own = row.articles.filter((article) => article.startsWith(`${profile.regulation}-`));
  return own.length > 0 ? own : row.articles;
}

function formLacks(row: DocumentKindRow, facts: RecordFacts, article: string | undefined): readonly Lack[] {
  const fields = row.fields
    .filter((field) => !facts.filled.includes(field))
    .map((field) => lack("field", article, field));
  const signatures = row.signers
    .filter(({ roles, count, mayRefuse }) => {
      const made = facts.signatures.filter(
        ({ role, how }) => roles.includes(role) && (how !== "refused" || mayRefuse),
      );
      return made.length < count;
    })
    .map(({ roles }) => lack("signature", article, roles.join("|")));
  return [...fields, ...signatures];
}

function officerLacks(row: DocumentKindRow, facts: RecordFacts, profile: Profile): readonly Lack[] {
  if (!row.fieldWork) return [];
  const count = profile.rule("officers.minCount.field");
  const shown = profile.rule("officers.recordCertShown");
  const { officers } = facts;
  const needed = Math.max(count.value, officers.count);
  return [
    ...(officers.count < count.value ? [lack("officers", articleOf(count))] : []),
    ...(officers.certified < needed ? [lack("certificate", articleOf(shown))] : []),
    ...(shown.value && officers.shown < needed ? [lack("certificateShown", articleOf(shown))] : []),
  ];
}

/** The paper's time against that of its footage (S3-A-9; S0-11 has them made together). */
function timeLacks(facts: RecordFacts, profile: Profile): readonly Lack[] {
  const spans = facts.footage.flatMap(({ spans: of }) => of);
  if (spans.length === 0) return [];
  const touches = spans.some(({ fromMs, toMs }) => fromMs <= facts.endMs && toMs >= facts.startMs);
  return touches ? [] : [lack("timeMismatch", articleOf(profile.rule("documents.timeMustMatchAv")))];
}

export function judgeRecord(
  row: DocumentKindRow,
  facts: RecordFacts,
  profile: Profile,
  kinds: DocumentKinds,
): JudgedRecord {
  const [article] = articlesFor(row, profile);
  const duties = avDuties(row, facts, profile, kinds);
  const { state, duty } = avState(duties, facts);
  const holes = row.continuous ? interruptions(facts) : [];
  const unbroken = profile.rule("av.noInterruption");
  const broke = holes.length > 0 && unbroken.value === "inspection" && facts.interruptionExplained !== true;
  const lacks = [
    ...formLacks(row, facts, article),
    ...officerLacks(row, facts, profile),
    ...(state === "deficient" ? [lack("avMissing", duty?.article, duty?.context)] : []),
    ...(broke ? [lack("interrupted", articleOf(unbroken))] : []),
    ...timeLacks(facts, profile),
    ...(row.approval && facts.approved === undefined ? [lack("notApproved", article)] : []),
  ];
  const lateMs = facts.recordedMs - facts.endMs;
  return {
    av: state,
    duties,
    lacks,
    interruptions: holes,
    deficient: state === "deficient" || broke,
    lateMs: lateMs > LATE_MS ? lateMs : 0,
  };
}
