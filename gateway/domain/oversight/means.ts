/**
 * Means of recording beside what each act called for (S0-5, S1-4, S2-4, S4-5): lawful is what the articles make
 * compulsory, fitting is what was chosen beyond it, effective is footage that covers its act. Pure. Invariant: every
 * act counts once in its kind, its officer and its section, by the profile it was recorded under.
 */
import type { AvDuty, AvState } from "../records/av-duty.ts";
import type { ActivityKind, AvRule, DocumentKindRow, Stage } from "../records/document-kinds.ts";
import type { JudgedRecord } from "../records/judge-record.ts";
import type { RecordFacts, Span } from "../records/record.ts";

/** What is called for; `textOnly` where no article speaks of sound or picture. */
export const MEANS_RULES = ["required", "audio", "asNeeded", "optional", "textOnly"] as const;
export type MeansRule = AvRule | "textOnly";

/**
 * `met`, `grounded` (a ground that the article allows stands in), `short`: compulsory. `chosen` (recorded of one's own
 * choice) and `left`: everything else.
 */
export const MEANS_OUTCOMES = ["met", "grounded", "short", "chosen", "left"] as const;
export type MeansOutcome = (typeof MEANS_OUTCOMES)[number];

/**
 * What has to be looked at: compulsory footage that is missing; footage though the ground on the record says that it
 * was not allowed or unsuitable; footage that broke off or does not touch the act's time; a form with gaps.
 */
export const MEANS_REMARKS = ["short", "beyond", "broken", "mismatch", "formLacking"] as const;
export type MeansRemark = (typeof MEANS_REMARKS)[number];

/** One act: a record of any kind, or a session at the counter. */
export type MeansAct = {
  /** Of a record; of a session its application and beginning. */
  readonly id: string;
  readonly matterId: string;
  /** Kind of the paper; `counterSession` for a session. */
  readonly kind: string;
  readonly activity: ActivityKind;
  readonly stage: Stage;
  readonly by: string;
  readonly atMs: number;
  readonly rule: MeansRule;
  readonly article?: string;
  readonly outcome: MeansOutcome;
  readonly used: { readonly video: boolean; readonly sound: boolean; readonly photos: boolean };
  readonly remarks: readonly { readonly remark: MeansRemark; readonly article?: string }[];
};

export const COUNTER_SESSION = "counterSession";
/** Grounds that say "must not be filmed", not "could not be" (S0-14, S1-11b, S1-18, S2-10, S3-A-11(3)). */
const NOT_TO_BE_FILMED: readonly string[] = ["notAllowed", "unsuitable"];
const COMPULSORY: readonly MeansRule[] = ["required", "audio"];

const withArticle = (article: string | undefined): { readonly article?: string } =>
  article === undefined ? {} : { article };

const OUTCOME: Readonly<Record<AvState, MeansOutcome>> = {
  has: "met",
  photos: "met",
  exempt: "grounded",
  deficient: "short",
  suggested: "left",
  free: "left",
};

function usedBy({ footage, scans }: RecordFacts): MeansAct["used"] {
  const holds = (media: "audio" | "photo"): boolean =>
    scans.some((scan) => scan.media === media) ||
    footage.some((link) => link.type === "file" && link.media === media);
  return {
    video: footage.some((link) => link.type === "camera" || link.media === "video"),
    sound: holds("audio"),
    photos: holds("photo"),
  };
}

/** Where no article speaks of the context, nothing but the text is called for. */
const ruleOf = (duty: AvDuty | undefined): MeansRule =>
  duty === undefined || (duty.rule === "optional" && duty.article === undefined) ? "textOnly" : duty.rule;

/** A record with the judgement on it. */
export function actOfRecord(row: DocumentKindRow, facts: RecordFacts, judged: JudgedRecord): MeansAct {
  const [duty] = judged.duties;
  const rule = ruleOf(duty);
  const used = usedBy(facts);
  const any = used.video || used.sound || used.photos;
  const lacks = (kind: JudgedRecord["lacks"][number]["lack"]) =>
    judged.lacks.find(({ lack }) => lack === kind);
  const remarks: { readonly remark: MeansRemark; readonly article?: string }[] = [];
  const note = (remark: MeansRemark, found: { readonly article?: string } | undefined): void => {
    if (found !== undefined) remarks.push({ remark, ...withArticle(found.article) });
  };
  note("short", lacks("avMissing"));
  if ((used.video || used.sound) && NOT_TO_BE_FILMED.includes(facts.avReason ?? ""))
    note("beyond", duty ?? {});
  note("broken", lacks("interrupted"));
  note("mismatch", lacks("timeMismatch"));
  note("formLacking", lacks("field") ?? lacks("signature"));
  return {
    id: facts.recordId,
    matterId: facts.caseId,
    kind: facts.kind,
    activity: facts.activity,
    stage: row.stage,
    by: facts.by,
    atMs: facts.startMs,
    rule,
    ...withArticle(duty?.article),
    outcome: COMPULSORY.includes(rule) ? OUTCOME[judged.av] : any ? "chosen" : "left",
    used,
    remarks,
  };
}

/** What a session at the counter was covered by; no camera fault ever counts against the clerk's legal act. */
export function actOfSession(
  session: {
    readonly applicationId: string;
    readonly by: string;
    readonly fromMs: number;
    readonly toMs: number;
    /** The best covered camera's. */
    readonly spans: readonly Span[];
  },
  duty: AvDuty,
): MeansAct {
  const { applicationId, by, fromMs, toMs, spans } = session;
  const covered = spans.reduce((sum, span) => sum + Math.max(0, span.toMs - span.fromMs), 0);
  const video = covered > 0;
  const isCompulsory = COMPULSORY.includes(duty.rule);
  const outcome = isCompulsory ? (video ? "met" : "short") : video ? "chosen" : "left";
  const article = withArticle(duty.article);
  return {
    id: `${applicationId}/${fromMs}`,
    matterId: applicationId,
    kind: COUNTER_SESSION,
    activity: "permit",
    stage: "intake",
    by,
    atMs: fromMs,
    rule: ruleOf(duty),
    ...article,
    outcome,
    used: { video, sound: false, photos: false },
    remarks: [
      ...(outcome === "short" ? [{ remark: "short" as const, ...article }] : []),
      ...(video && covered + SESSION_SLACK_MS < toMs - fromMs
        ? [{ remark: "broken" as const, ...article }]
        : []),
    ],
  };
}
/** A fragment is two seconds long; a session neither begins nor ends with one. */
const SESSION_SLACK_MS = 5000;

/** How many acts, by what became of them and by what has to be looked at. */
export type MeansCounts = Readonly<
  Record<"acts" | "video" | "sound" | "photos" | MeansOutcome | MeansRemark, number>
>;

export type MeansSums = {
  /** By activity, kind and what was called for. */
  readonly kinds: readonly (Pick<MeansAct, "activity" | "stage" | "kind" | "rule"> & {
    readonly article?: string;
    readonly counts: MeansCounts;
  })[];
  readonly officers: readonly { readonly of: string; readonly counts: MeansCounts }[];
  /** Where the choice is the officer's: one kind, who recorded how many of their acts. */
  readonly choices: readonly {
    readonly activity: ActivityKind;
    readonly kind: string;
    readonly of: string;
    readonly acts: number;
    readonly recorded: number;
  }[];
  /** Every act with a remark, oldest first. */
  readonly noted: readonly MeansAct[];
};

type Counting = Record<keyof MeansCounts, number>;
const none = (): Counting => ({
  acts: 0,
  video: 0,
  sound: 0,
  photos: 0,
  met: 0,
  grounded: 0,
  short: 0,
  chosen: 0,
  left: 0,
  beyond: 0,
  broken: 0,
  mismatch: 0,
  formLacking: 0,
});

function count(into: Counting, { outcome, used, remarks }: MeansAct): void {
  into.acts += 1;
  into[outcome] += 1;
  for (const means of ["video", "sound", "photos"] as const) into[means] += used[means] ? 1 : 0;
  // A shortfall is an outcome already.
  for (const { remark } of remarks) if (remark !== "short") into[remark] += 1;
}

/** Sums of one kind of row, in the order of their first act. */
class Grouped<Row extends object> {
  readonly #rows = new Map<string, { readonly row: Row; readonly counts: Counting }>();
  add(key: string, row: () => Row, act: MeansAct): void {
    const found = this.#rows.get(key) ?? { row: row(), counts: none() };
    this.#rows.set(key, found);
    count(found.counts, act);
  }
  sorted(): readonly (Row & { readonly counts: MeansCounts })[] {
    return [...this.#rows]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { row, counts }]) => ({ ...row, counts }));
  }
}

/** Reads the acts once; holds no more of them than those with a remark. */
export async function sumMeans(acts: AsyncIterable<MeansAct>): Promise<MeansSums> {
  const kinds = new Grouped<Pick<MeansAct, "activity" | "stage" | "kind" | "rule" | "article">>();
  const officers = new Grouped<{ readonly of: string }>();
  const choices = new Grouped<{
    readonly activity: ActivityKind;
    readonly kind: string;
    readonly of: string;
  }>();
  const noted: MeansAct[] = [];
  for await (const act of acts) {
    const { activity, stage, kind, rule, by, article } = act;
    kinds.add(
      `${activity}/${stage}/${kind}/${rule}/${article ?? ""}`,
      () => ({ activity, stage, kind, rule, ...withArticle(article) }),
      act,
    );
    officers.add(by, () => ({ of: by }), act);
    if (!COMPULSORY.includes(rule) && rule !== "textOnly")
      choices.add(`${activity}/${kind}/${by}`, () => ({ activity, kind, of: by }), act);
    if (act.remarks.length > 0) noted.push(act);
  }
  return {
    kinds: kinds.sorted(),
    officers: officers.sorted(),
    choices: choices
      .sorted()
      .map(({ counts, ...row }) => ({ ...row, acts: counts.acts, recorded: counts.chosen })),
    noted: noted.toSorted((a, b) => a.atMs - b.atMs),
  };
}
