/**
 * The published service guide 服务指南 of a licence matter: what has to be handed in, item by item, by version.
 * Invariant: a demand on an applicant points at an entry of this list and its version (I4).
 */
import { civilDate } from "./calendar.ts";
import type { Wording } from "./document.ts";

/** 申请材料: one published entry. */
export type Requirement = {
  readonly itemId: string;
  readonly version: number;
  readonly name: Wording;
  readonly form: "original" | "copy";
  readonly copies: number;
  readonly required: boolean;
  readonly legalForm: Wording;
  /** Legal basis as printed on a notice. */
  readonly basis: string;
};

/** 事项 */
export type LicenceMatter = {
  readonly code: string;
  readonly version: number;
  readonly publishedOn: string;
  readonly name: Wording;
  readonly basis: string;
  /** Working days for the decision: by law, and as promised. */
  readonly decision: { readonly legalDays: number; readonly promisedDays?: number };
  readonly items: readonly Requirement[];
};

type Fields = Readonly<Record<string, unknown>>;

const fail = (what: string): never => {
  throw new RangeError(what);
};
const fields = (json: unknown, what: string): Fields =>
  typeof json === "object" && json !== null && !Array.isArray(json)
    ? { ...json }
    : fail(`${what}: not an object`);
const text = (json: unknown, what: string): string =>
  typeof json === "string" && json.trim() !== "" ? json : fail(`${what}: empty`);
const days = (json: unknown, what: string): number =>
  typeof json === "number" && Number.isSafeInteger(json) && json >= 1
    ? json
    : fail(`${what}: not a whole number`);
const identifier = (json: unknown, what: string): string =>
  typeof json === "string" && /^[a-z0-9][a-z0-9-]{0,63}$/.test(json)
    ? json
    : fail(`${what}: not an identifier`);

function wording(json: unknown, what: string): Wording {
  const { zh, en } = fields(json, what);
  return { zh: text(zh, `${what}.zh`), ...(en === undefined ? {} : { en: text(en, `${what}.en`) }) };
}

function requirement(json: unknown, what: string): Requirement {
  const { itemId, version, name, form, copies, required, legalForm, basis } = fields(json, what);
  return {
    itemId: identifier(itemId, `${what}.itemId`),
    version: days(version, `${what}.version`),
    name: wording(name, `${what}.name`),
    form: form === "original" || form === "copy" ? form : fail(`${what}.form: original or copy`),
    copies: days(copies, `${what}.copies`),
    required: typeof required === "boolean" ? required : fail(`${what}.required: yes or no`),
    legalForm: wording(legalForm, `${what}.legalForm`),
    basis: text(basis, `${what}.basis`),
  };
}

/** Checks one published matter. Throws RangeError naming what is wrong. */
export function checkedMatter(json: unknown): LicenceMatter {
  const matter = fields(json, "matter");
  const code = identifier(matter["code"], "code");
  const { legalDays, promisedDays } = fields(matter["decision"], `${code}.decision`);
  const { items } = matter;
  if (!Array.isArray(items) || items.length === 0) return fail(`${code}.items: empty`);
  const parsed = items.map((item, index) => requirement(item, `${code}.items.${index}`));
  if (new Set(parsed.map((item) => item.itemId)).size !== parsed.length)
    return fail(`${code}.items: one twice`);
  return {
    code,
    version: days(matter["version"], `${code}.version`),
    publishedOn: civilDate(text(matter["publishedOn"], `${code}.publishedOn`)),
    name: wording(matter["name"], `${code}.name`),
    basis: text(matter["basis"], `${code}.basis`),
    decision: {
      legalDays: days(legalDays, `${code}.legalDays`),
      ...(promisedDays === undefined ? {} : { promisedDays: days(promisedDays, `${code}.promisedDays`) }),
    },
    items: parsed,
  };
}

/**
 * Checks a file of matters, `{matters: [...]}`. A matter may name the `profiles` that offer it; `profileId` keeps those
 * and the ones that name none. Throws RangeError naming what is wrong, also for one version published twice.
 */
export function parseCatalogue(json: unknown, profileId?: string): readonly LicenceMatter[] {
  const { matters } = fields(json, "catalogue");
  if (!Array.isArray(matters)) return fail("catalogue.matters: not a list");
  const parsed = matters.map((entry: unknown) => ({
    matter: checkedMatter(entry),
    profiles: fields(entry, "matter")["profiles"],
  }));
  const versions = new Set(parsed.map(({ matter }) => `${matter.code}@${matter.version}`));
  if (versions.size !== parsed.length) return fail("catalogue.matters: one version twice");
  return parsed
    .filter(
      ({ profiles }) => profileId === undefined || !Array.isArray(profiles) || profiles.includes(profileId),
    )
    .map(({ matter }) => matter);
}
