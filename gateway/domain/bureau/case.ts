/**
 * A case as the bureau's own approval system knows it: number, matter, applicant. Invariant: it comes in the same form
 * by QR, table and API, and is checked by the same rules as what a clerk types.
 */
import { CodedError, errorTable } from "../errors.ts";
import { PERSON_ID_KINDS, type Applicant, type PersonIdKind } from "../intake/party.ts";
import { checkedApplicant } from "../intake/party-checks.ts";
import { type Column, type RowProblem, type TableRow, readTable } from "../table.ts";

export type BureauCase = {
  readonly caseNo: string;
  readonly matterCode: string;
  readonly applicant: Applicant;
};

/** How a case came in. */
export const CASE_SOURCES = ["qr", "csv", "api"] as const;
export type CaseSource = (typeof CASE_SOURCES)[number];

const CASE_NO = /^[\p{L}\p{N}〔〕[\]()（）/._-]{1,64}$/u;

/** What a caller is known to offer; `today` is Beijing's civil date. */
export type CaseRules = { readonly today: string; readonly hasMatter: (code: string) => boolean };

/** Throws `bureau.badCase` with the field, `intake.bad*` for the applicant, `bureau.noSuchMatter`. */
export function checkedCase(typed: BureauCase, rules: CaseRules): BureauCase {
  const caseNo = typed.caseNo.normalize("NFKC").trim();
  if (!CASE_NO.test(caseNo)) throw new CodedError("bureau.badCase", { field: "caseNo" });
  if (!rules.hasMatter(typed.matterCode))
    throw new CodedError("bureau.noSuchMatter", { field: "matterCode" });
  return {
    caseNo,
    matterCode: typed.matterCode,
    applicant: checkedApplicant(typed.applicant, rules.today),
  };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function applicantOf(fields: Readonly<Record<string, unknown>>): Applicant {
  const address = text(fields["address"]);
  const more = { phone: text(fields["phone"]), ...(address === "" ? {} : { address }) };
  if (fields["kind"] === "company")
    return {
      kind: "company",
      name: text(fields["name"]),
      creditCode: text(fields["creditCode"]),
      representative: text(fields["representative"]),
      contactName: text(fields["contactName"]),
      ...more,
    };
  const idKind: PersonIdKind = PERSON_ID_KINDS.find((kind) => kind === fields["idKind"]) ?? "residentId";
  return {
    kind: "person",
    name: text(fields["name"]),
    idKind,
    idNumber: text(fields["idNumber"]),
    ...more,
  };
}

const LONGEST_QR = 3000;

/** The text of a QR code: `{"v":1,"caseNo":…,"matterCode":…,"applicant":{…}}`. Throws `bureau.badQr`. */
export function readCaseQr(qr: string): BureauCase {
  try {
    if (qr.length > LONGEST_QR) throw new RangeError("too long");
    const json: unknown = JSON.parse(qr);
    if (typeof json !== "object" || json === null) throw new RangeError("not an object");
    const { v, caseNo, matterCode, applicant } = json as Readonly<Record<string, unknown>>;
    if (v !== 1 || typeof applicant !== "object" || applicant === null) throw new RangeError("another form");
    return { caseNo: text(caseNo), matterCode: text(matterCode), applicant: applicantOf({ ...applicant }) };
  } catch (cause) {
    throw new CodedError("bureau.badQr", {}, { cause });
  }
}

const COLUMNS: readonly Column[] = [
  { name: "caseNo", headings: ["案号", "受理号", "办件编号"], required: true },
  { name: "matterCode", headings: ["事项编码"], required: true },
  { name: "kind", headings: ["申请人类型"], required: true },
  { name: "name", headings: ["申请人", "申请人名称"], required: true },
  { name: "idKind", headings: ["证件类型"], required: false },
  { name: "idNumber", headings: ["证件号码"], required: false },
  { name: "creditCode", headings: ["统一社会信用代码"], required: false },
  { name: "representative", headings: ["法定代表人"], required: false },
  { name: "contactName", headings: ["联系人"], required: false },
  { name: "phone", headings: ["联系电话"], required: true },
  { name: "address", headings: ["地址"], required: false },
];
const KINDS: Readonly<Record<string, string>> = { 个人: "person", 单位: "company", 企业: "company" };
const ID_KINDS: Readonly<Record<string, PersonIdKind>> = {
  身份证: "residentId",
  居民身份证: "residentId",
  护照: "passport",
  港澳居民来往内地通行证: "hkMacaoPermit",
  台湾居民来往大陆通行证: "taiwanPermit",
  外国人永久居留身份证: "foreignPermanentResident",
  港澳台居民居住证: "hkMacaoTaiwanResidence",
};
/** The column behind a refusal of the applicant's checks. */
const FIELDS: Readonly<Record<string, string>> = {
  "intake.badIdNumber": "idNumber",
  "intake.badCreditCode": "creditCode",
  "intake.badPhone": "phone",
};

function caseIn(row: TableRow): BureauCase {
  const cells = Object.fromEntries(COLUMNS.map(({ name }) => [name, row.cell(name)]));
  const kind = cells["kind"] ?? "";
  const idKind = cells["idKind"] ?? "";
  return {
    caseNo: cells["caseNo"] ?? "",
    matterCode: cells["matterCode"] ?? "",
    applicant: applicantOf({ ...cells, kind: KINDS[kind] ?? kind, idKind: ID_KINDS[idKind] ?? idKind }),
  };
}

/** Cases of a table, or its problems; never both. No problem repeats what stood in a cell. */
export function readCases(
  table: string,
  rules: CaseRules,
): { readonly cases: readonly BureauCase[]; readonly problems: readonly RowProblem[] } {
  const { rows, problems } = readTable(table, COLUMNS);
  const found = [...problems];
  const cases: BureauCase[] = [];
  for (const row of found.length > 0 ? [] : rows) {
    try {
      const one = checkedCase(caseIn(row), rules);
      if (cases.some(({ caseNo }) => caseNo === one.caseNo))
        found.push({
          row: row.row,
          column: row.heading("caseNo"),
          zh: "同一案号在表中出现两次。",
          en: "This case number is in the table twice.",
        });
      cases.push(one);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      const field = FIELDS[error.code] ?? String(error.details["field"] ?? "name");
      const { zh, en } = errorTable[error.code];
      found.push({ row: row.row, column: row.heading(field), zh, en });
    }
  }
  return found.length > 0 ? { cases: [], problems: found } : { cases, problems: [] };
}
