/** A table of officers as a spreadsheet gives it, read all or nothing with a report of every bad row. */
import { CodedError, errorTable } from "../errors.ts";
import { type Column, type RowProblem, readTable } from "../table.ts";
import { type OfficerFields, checkedOfficer } from "./officer.ts";

const COLUMNS: readonly Column[] = [
  { name: "officerId", headings: ["工号", "账号", "id"], required: true },
  { name: "name", headings: ["姓名"], required: true },
  { name: "kind", headings: ["类别"], required: true },
  { name: "section", headings: ["科室", "部门"], required: true },
  { name: "certNo", headings: ["执法证号", "执法证件号"], required: false },
  { name: "validFrom", headings: ["有效期起", "发证日期"], required: false },
  { name: "validTo", headings: ["有效期止", "有效期至"], required: false },
];
const KINDS: Readonly<Record<string, string>> = {
  执法人员: "officer",
  辅助人员: "assistant",
  officer: "officer",
  assistant: "assistant",
};
/** Spreadsheets write `2026/1/5` for a day. */
function day(cell: string): string {
  const parts = /^(\d{4})[/.年-](\d{1,2})[/.月-](\d{1,2})日?$/.exec(cell);
  if (parts === null) return cell;
  const [, year = "", month = "", dayOfMonth = ""] = parts;
  return `${year}-${month.padStart(2, "0")}-${dayOfMonth.padStart(2, "0")}`;
}

const REASONS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  officerId: {
    zh: "工号只能用小写字母、数字、点和短横，最多64位。",
    en: "An id has lower-case letters, digits, dots and dashes, at most 64.",
  },
  kind: { zh: "类别是“执法人员”或“辅助人员”。", en: "The kind is officer or assistant." },
  certNo: {
    zh: "执法证号应为4至32位数字或大写字母。",
    en: "A certificate number has 4 to 32 digits or capitals.",
  },
  validFrom: {
    zh: "日期应为存在的一天，如 2026-01-05。",
    en: "A date is a day that exists, such as 2026-01-05.",
  },
  validTo: {
    zh: "有效期止应为存在的一天，且不早于有效期起。",
    en: "The end is a day that exists and not before the beginning.",
  },
};

/** Officers of a table, or its problems; never both. */
export function readOfficers(text: string): {
  readonly officers: readonly OfficerFields[];
  readonly problems: readonly RowProblem[];
} {
  const { rows, problems } = readTable(text, COLUMNS);
  const found = [...problems];
  const officers: OfficerFields[] = [];
  const seen = new Map<string, number>();
  for (const row of found.length > 0 ? [] : rows) {
    try {
      const kind = row.cell("kind");
      const officer = checkedOfficer({
        officerId: row.cell("officerId"),
        name: row.cell("name"),
        kind: KINDS[kind] ?? kind,
        section: row.cell("section"),
        certNo: row.cell("certNo"),
        validFrom: day(row.cell("validFrom")),
        validTo: day(row.cell("validTo")),
      });
      const before = seen.get(officer.officerId);
      if (before !== undefined)
        found.push({
          row: row.row,
          column: row.heading("officerId"),
          zh: `与第 ${before} 行的工号相同。`,
          en: `Row ${before} has the same id.`,
        });
      seen.set(officer.officerId, row.row);
      officers.push(officer);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      const field = String(error.details["field"]);
      const { zh, en } = REASONS[field] ?? errorTable[error.code];
      found.push({ row: row.row, column: row.heading(field), zh, en });
    }
  }
  return found.length > 0 ? { officers: [], problems: found } : { officers, problems: [] };
}
