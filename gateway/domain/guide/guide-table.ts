/** A guide as a spreadsheet gives it, one row per material, read all or nothing with a report of every bad row. */
import { type Column, type RowProblem, type TableRow, readTable } from "../table.ts";
import { type GuideDraft, checkedDraft } from "./guide.ts";

const COLUMNS: readonly Column[] = [
  { name: "code", headings: ["事项编码"], required: true },
  { name: "name", headings: ["事项名称"], required: true },
  { name: "nameEn", headings: ["事项名称（英文）", "name in English"], required: false },
  { name: "basis", headings: ["设定依据"], required: true },
  { name: "legalDays", headings: ["法定办结工作日", "法定时限"], required: true },
  { name: "promisedDays", headings: ["承诺办结工作日", "承诺时限"], required: false },
  { name: "itemId", headings: ["材料编码"], required: true },
  { name: "itemName", headings: ["材料名称"], required: true },
  { name: "itemNameEn", headings: ["材料名称（英文）"], required: false },
  { name: "form", headings: ["材料形式"], required: true },
  { name: "copies", headings: ["份数"], required: true },
  { name: "required", headings: ["是否必要"], required: true },
  { name: "legalForm", headings: ["法定形式", "填报须知"], required: true },
  { name: "legalFormEn", headings: ["法定形式（英文）"], required: false },
  { name: "itemBasis", headings: ["材料依据"], required: true },
];
const FORMS: Readonly<Record<string, string>> = {
  原件: "original",
  复印件: "copy",
  original: "original",
  copy: "copy",
};
const YES: Readonly<Record<string, boolean>> = {
  是: true,
  必要: true,
  yes: true,
  true: true,
  否: false,
  非必要: false,
  no: false,
  false: false,
};
const CODE = /^[a-z0-9][a-z0-9-]{0,63}$/;
const MATTER_COLUMNS = ["name", "nameEn", "basis", "legalDays", "promisedDays"] as const;

const words = (zh: string, en: string) => (en === "" ? { zh } : { zh, en });

function checks(row: TableRow): readonly RowProblem[] {
  const found: RowProblem[] = [];
  const wrong = (name: string, zh: string, en: string): void => {
    found.push({ row: row.row, column: row.heading(name), zh, en });
  };
  for (const name of ["code", "itemId"])
    if (!CODE.test(row.cell(name)))
      wrong(
        name,
        "应为小写字母、数字和短横组成的代码，最多64位。",
        "A code has lower-case letters, digits and dashes, at most 64.",
      );
  for (const name of ["legalDays", "copies", ...(row.cell("promisedDays") === "" ? [] : ["promisedDays"])])
    if (!/^[1-9]\d{0,2}$/.test(row.cell(name)))
      wrong(name, "应为 1 至 999 的整数。", "This is a whole number from 1 to 999.");
  if (FORMS[row.cell("form")] === undefined)
    wrong("form", "应为“原件”或“复印件”。", "This is original or copy.");
  if (YES[row.cell("required")] === undefined) wrong("required", "应为“是”或“否”。", "This is yes or no.");
  return found;
}

/** Matters of a table, or its problems; never both. */
export function readGuideTable(text: string): {
  readonly drafts: readonly GuideDraft[];
  readonly problems: readonly RowProblem[];
} {
  const { rows, problems } = readTable(text, COLUMNS);
  const found = [...problems];
  const matters = new Map<string, TableRow[]>();
  for (const row of found.length > 0 ? [] : rows) {
    found.push(...checks(row));
    const code = row.cell("code");
    const before = matters.get(code) ?? [];
    for (const name of MATTER_COLUMNS)
      if (before[0] !== undefined && before[0].cell(name) !== row.cell(name))
        found.push({
          row: row.row,
          column: row.heading(name),
          zh: `与第 ${before[0].row} 行同一事项的内容不一致。`,
          en: `Row ${before[0].row} says otherwise for the same matter.`,
        });
    const twin = before.find((other) => other.cell("itemId") === row.cell("itemId"));
    if (twin !== undefined)
      found.push({
        row: row.row,
        column: row.heading("itemId"),
        zh: `与第 ${twin.row} 行的材料编码相同。`,
        en: `Row ${twin.row} has the same material code.`,
      });
    matters.set(code, [...before, row]);
  }
  if (found.length > 0) return { drafts: [], problems: found };
  return { drafts: [...matters.values()].map(draftFrom), problems: [] };
}

function draftFrom(rows: readonly TableRow[]): GuideDraft {
  const cell = (name: string): string => rows[0]?.cell(name) ?? "";
  const promised = cell("promisedDays");
  return checkedDraft({
    code: cell("code"),
    name: words(cell("name"), cell("nameEn")),
    basis: cell("basis"),
    decision: {
      legalDays: Number(cell("legalDays")),
      ...(promised === "" ? {} : { promisedDays: Number(promised) }),
    },
    items: rows.map((row) => ({
      itemId: row.cell("itemId"),
      name: words(row.cell("itemName"), row.cell("itemNameEn")),
      form: FORMS[row.cell("form")],
      copies: Number(row.cell("copies")),
      required: YES[row.cell("required")],
      legalForm: words(row.cell("legalForm"), row.cell("legalFormEn")),
      basis: row.cell("itemBasis"),
    })),
  });
}
