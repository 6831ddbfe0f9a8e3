/**
 * The service guide 服务指南 as it is edited and published: drafts, versions, the day each comes into force. Invariant:
 * a published version never changes; an item keeps its version until its own content changes (I4, law 30).
 */
import { type LicenceMatter, type Requirement, checkedMatter } from "../catalogue.ts";
import { isCivilDate } from "../calendar.ts";
import { CodedError } from "../errors.ts";
import type { RowProblem } from "../table.ts";
import type { CivilDate } from "../time.ts";

/** A matter that is being written: no versions yet. */
export type GuideDraft = Omit<LicenceMatter, "version" | "publishedOn" | "items"> & {
  readonly items: readonly Omit<Requirement, "version">[];
};

/** A version as it was published. */
export type PublishedGuide = {
  readonly matter: LicenceMatter;
  /** First day on which new applications are registered under it. */
  readonly effectiveFrom: CivilDate;
};

const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Key order as written here, so that equal content compares equal. */
function plainItem(item: Omit<Requirement, "version">): Omit<Requirement, "version"> {
  const { itemId, name, form, copies, required, legalForm, basis } = item;
  const wording = ({ zh, en }: Requirement["name"]) => (en === undefined ? { zh } : { zh, en });
  return { itemId, name: wording(name), form, copies, required, legalForm: wording(legalForm), basis };
}

/** The next version. Throws `guides.badDate` for a day before today, `guides.unchanged` when nothing differs. */
export function published(
  draft: GuideDraft,
  before: LicenceMatter | undefined,
  when: { readonly today: CivilDate; readonly effectiveFrom: string },
): PublishedGuide {
  const { today, effectiveFrom } = when;
  if (!isCivilDate(effectiveFrom) || effectiveFrom < today) throw new CodedError("guides.badDate");
  const items = draft.items.map((item): Requirement => {
    const old = before?.items.find(({ itemId }) => itemId === item.itemId);
    const isSame = old !== undefined && same(plainItem(old), plainItem(item));
    return { ...plainItem(item), version: isSame ? old.version : (old?.version ?? 0) + 1 };
  });
  const { code, name, basis, decision } = draft;
  const matter = {
    code,
    version: (before?.version ?? 0) + 1,
    publishedOn: today,
    name,
    basis,
    decision,
    items,
  };
  if (before !== undefined && same(contentOf(before), contentOf(matter)))
    throw new CodedError("guides.unchanged");
  return { matter, effectiveFrom };
}

function contentOf({ code, name, basis, decision, items }: LicenceMatter): object {
  return { code, name, basis, decision, items: items.map(plainItem) };
}

/** A draft out of a published version, to go on from. */
export function draftOf(matter: LicenceMatter): GuideDraft {
  const { code, name, basis, decision, items } = matter;
  return { code, name, basis, decision, items: items.map(plainItem) };
}

const PLACES: Readonly<Record<string, string>> = {
  "not an identifier": "应为小写字母、数字和短横组成的代码。",
  empty: "不能为空。",
  "not a whole number": "应为不小于 1 的整数。",
  "not an object": "格式不正确。",
  "one twice": "同一材料出现两次。",
  "original or copy": "应为 original 或 copy。",
  "yes or no": "应为 true 或 false。",
};

/** What is wrong at which place of a JSON guide; `row` counts its matters from 1. */
export function problemAt(row: number, error: RangeError): RowProblem {
  const at = error.message.lastIndexOf(": ");
  const column = at < 0 ? "" : error.message.slice(0, at);
  const what = at < 0 ? error.message : error.message.slice(at + 2);
  return { row, column, zh: PLACES[what] ?? "内容不正确。", en: `This is not right: ${what}.` };
}

/** Throws RangeError naming the place. */
export function checkedDraft(json: unknown): GuideDraft {
  const whole = typeof json === "object" && json !== null ? json : {};
  const { items } = whole as { readonly items?: unknown };
  const numbered = Array.isArray(items)
    ? items.map((item: unknown) =>
        typeof item === "object" && item !== null ? { ...item, version: 1 } : item,
      )
    : items;
  return draftOf(checkedMatter({ ...whole, items: numbered, version: 1, publishedOn: "2000-01-01" }));
}
