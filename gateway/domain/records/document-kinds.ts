/**
 * The catalogue of papers that the five regulations name, as data: kind, articles, stage, signers, fields, and where an
 * AV record may be compulsory. Invariant: a catalogue that was parsed is whole, so nothing in it has to be guessed.
 */
import type { Wording } from "../document.ts";

/** 执法行为种类 (S0-2, S1-2, S2-2, S3-A-2, S4-2). */
export const ACTIVITY_KINDS = ["permit", "penalty", "coercion", "inspection", "fee", "other"] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/** The whole chain from start to archive (S0-3, S2-3, S3-A-3, S4-3). */
export const STAGES = [
  "intake",
  "start",
  "evidence",
  "review",
  "decision",
  "service",
  "execution",
  "filing",
] as const;
export type Stage = (typeof STAGES)[number];

/** What a person who records may say of the act; some make an AV record compulsory or name a duty. */
export const RECORD_FLAGS = ["disputeProne", "leaving", "publicNotice", "realName", "notPursued"] as const;
export type RecordFlag = (typeof RECORD_FLAGS)[number];

/** The four grounds of long-term keeping (S0-31, S3-A-16). */
export const HOLD_TRIGGERS = ["complaint", "obstruction", "massIncident", "otherImportant"] as const;
export type HoldTrigger = (typeof HOLD_TRIGGERS)[number];

/** One line of signatures: any of the roles may sign it. */
export type SignerRule = {
  readonly roles: readonly string[];
  readonly count: number;
  /** A refusal with its reason stands in (S1-11a, S2-9, S4-16(5)). */
  readonly mayRefuse: boolean;
};

/** An AV context of `av-matters.json`, and when it applies. */
export type AvContextRule = {
  readonly context: string;
  readonly when?: { readonly activity?: ActivityKind; readonly flag?: RecordFlag };
};

export type DocumentKindRow = {
  readonly kind: string;
  readonly name: Wording & { readonly en: string };
  readonly activities: readonly ActivityKind[];
  readonly stage: Stage;
  readonly articles: readonly string[];
  readonly fields: readonly string[];
  readonly signers: readonly SignerRule[];
  readonly av: readonly AvContextRule[];
  /** Recording one sets a long-term hold on the whole matter by itself. */
  readonly hold?: HoldTrigger;
  /** Counts only once somebody above approved it. */
  readonly approval: boolean;
  /** Two certified officers who show their certificates. */
  readonly fieldWork: boolean;
  /** Filmed without a break from arrival to end (S3-A-12). */
  readonly continuous: boolean;
};

export const AV_RULES = ["required", "audio", "asNeeded", "optional"] as const;
export type AvRule = (typeof AV_RULES)[number];

/** What one regulation says of one context. */
export type AvMatterRule = {
  readonly rule: AvRule;
  readonly article: string;
  readonly exempt: readonly string[];
  readonly photoFallback: boolean;
};

/** One row of the 音像记录事项清单. */
export type AvMatter = {
  readonly context: string;
  readonly name: Wording & { readonly en: string };
  readonly rules: Readonly<Record<string, AvMatterRule>>;
};

/** Names in both languages of everything the catalogue speaks of by id. */
export type CatalogueWords = Readonly<
  Record<
    "activities" | "stages" | "fields" | "signers" | "flags" | "avReasons",
    Readonly<Record<string, Wording & { readonly en: string }>>
  >
>;

export interface DocumentKinds {
  readonly kinds: readonly DocumentKindRow[];
  readonly matters: readonly AvMatter[];
  readonly words: CatalogueWords;
  find(kind: string): DocumentKindRow | undefined;
  matter(context: string): AvMatter | undefined;
}

type Fields = Readonly<Record<string, unknown>>;
const bad = (what: string): never => {
  throw new RangeError(`document kinds: ${what}`);
};
const object = (json: unknown, what: string): Fields =>
  typeof json === "object" && json !== null && !Array.isArray(json) ? (json as Fields) : bad(what);
const text = (json: unknown, what: string): string =>
  typeof json === "string" && json !== "" ? json : bad(what);
const listOf = (json: unknown, what: string): readonly unknown[] => (Array.isArray(json) ? json : bad(what));
const texts = (json: unknown, what: string): readonly string[] =>
  listOf(json, what).map((one) => text(one, what));
const oneOf = <const Word extends string>(words: readonly Word[], json: unknown, what: string): Word =>
  words.find((word) => word === json) ?? bad(`${what}: ${String(json)}`);
const named = (json: unknown, what: string): Wording & { readonly en: string } => {
  const { zh, en } = object(json, what);
  return { zh: text(zh, what), en: text(en, what) };
};

function signer(json: unknown, kind: string): SignerRule {
  // The counter's own list names one role where ours names who may sign a line.
  if (typeof json === "string") return { roles: [json], count: 1, mayRefuse: false };
  const { roles, count, mayRefuse } = object(json, `${kind}.signers`);
  return {
    roles: texts(roles, `${kind}.signers`),
    count: typeof count === "number" ? count : 1,
    mayRefuse: mayRefuse === true,
  };
}

function avContext(json: unknown, kind: string): AvContextRule {
  const { context, when } = object(json, `${kind}.av`);
  if (when === undefined) return { context: text(context, `${kind}.av`) };
  const { activity, flag } = object(when, `${kind}.av.when`);
  return {
    context: text(context, `${kind}.av`),
    when: {
      ...(activity === undefined ? {} : { activity: oneOf(ACTIVITY_KINDS, activity, `${kind}.av`) }),
      ...(flag === undefined ? {} : { flag: oneOf(RECORD_FLAGS, flag, `${kind}.av`) }),
    },
  };
}

function kindRow(json: unknown): DocumentKindRow {
  const row = object(json, "kind");
  const kind = text(row["kind"], "kind");
  return {
    kind,
    name: named(row["name"], `${kind}.name`),
    activities: listOf(row["activities"] ?? [row["activity"]], `${kind}.activities`).map((one) =>
      oneOf(ACTIVITY_KINDS, one, `${kind}.activities`),
    ),
    stage: oneOf(STAGES, row["stage"], `${kind}.stage`),
    articles: texts(row["articles"], `${kind}.articles`),
    fields: texts(row["fields"] ?? [], `${kind}.fields`),
    signers: listOf(row["signers"], `${kind}.signers`).map((one) => signer(one, kind)),
    av: listOf(row["av"] ?? [], `${kind}.av`).map((one) => avContext(one, kind)),
    ...(row["hold"] === undefined ? {} : { hold: oneOf(HOLD_TRIGGERS, row["hold"], `${kind}.hold`) }),
    approval: row["approval"] === true,
    fieldWork: row["fieldWork"] === true,
    continuous: row["continuous"] === true,
  };
}

function matterRow(json: unknown): AvMatter {
  const row = object(json, "matter");
  const context = text(row["context"], "matter.context");
  const rules: Record<string, AvMatterRule> = {};
  for (const [regulation, value] of Object.entries(object(row["rules"], `${context}.rules`))) {
    const { rule, article, exempt, photoFallback } = object(value, `${context}.${regulation}`);
    rules[regulation] = {
      rule: oneOf(AV_RULES, rule, `${context}.${regulation}`),
      article: text(article, `${context}.${regulation}`),
      exempt: texts(exempt ?? [], `${context}.${regulation}`),
      photoFallback: photoFallback === true,
    };
  }
  return { context, name: named(row["name"], `${context}.name`), rules };
}

function wordsOf(json: unknown): CatalogueWords {
  const group = (name: string): Readonly<Record<string, Wording & { readonly en: string }>> =>
    Object.fromEntries(
      Object.entries(object(object(json, "words")[name], name)).map(([id, value]) => [id, named(value, id)]),
    );
  return {
    activities: group("activities"),
    stages: group("stages"),
    fields: group("fields"),
    signers: group("signers"),
    flags: group("flags"),
    avReasons: group("avReasons"),
  };
}

/** Throws RangeError naming what is missing, doubled or not known. */
export function parseDocumentKinds(files: {
  readonly kinds: readonly unknown[];
  readonly matters: unknown;
  readonly words: unknown;
}): DocumentKinds {
  const kinds = files.kinds.flatMap((file) =>
    listOf(object(file, "file")["kinds"], "kinds").map((one) => kindRow(one)),
  );
  const matters = listOf(object(files.matters, "av-matters")["contexts"], "contexts").map((one) =>
    matterRow(one),
  );
  const words = wordsOf(files.words);
  const byKind = new Map(kinds.map((row) => [row.kind, row]));
  const byContext = new Map(matters.map((row) => [row.context, row]));
  if (byKind.size !== kinds.length || byContext.size !== matters.length) bad("one is there twice");
  for (const { kind, fields, signers, av } of kinds) {
    for (const field of fields) if (words.fields[field] === undefined) bad(`${kind}: no such field ${field}`);
    for (const role of signers.flatMap(({ roles }) => roles))
      if (words.signers[role] === undefined) bad(`${kind}: no such signer ${role}`);
    for (const { context } of av) if (!byContext.has(context)) bad(`${kind}: no such AV context ${context}`);
  }
  return {
    kinds,
    matters,
    words,
    find: (kind) => byKind.get(kind),
    matter: (context) => byContext.get(context),
  };
}
