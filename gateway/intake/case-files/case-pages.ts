/** Papers of case files as pages: the report of the four properties, the hand-over list. */
import {
  CHECK_NAMES,
  CHECK_OF,
  type CheckOutcome,
  type FourPropertyReport,
  PROPERTIES,
  type Property,
  outcomeOf,
} from "../../domain/case-files/four-properties.ts";
import type { PageContent } from "../../domain/document-content.ts";
import { minute, pageOf } from "../../domain/oversight/page.ts";
import type { DocumentKinds } from "../../domain/records/document-kinds.ts";
import type { CaseListRow } from "./case-files.ts";
import type { HandOverRow } from "./case-rows.ts";
import { problemText } from "./problem-words.ts";

const OUTCOME: Readonly<Record<CheckOutcome, string>> = { pass: "通过", warn: "提示", fail: "未通过" };
const PROPERTY: Readonly<Record<Property, string>> = {
  authenticity: "真实性",
  completeness: "完整性",
  usability: "可用性",
  safety: "安全性",
};

export function fourPropertyPage(
  authority: string,
  { row, title }: CaseListRow,
  report: FourPropertyReport,
  kinds: DocumentKinds,
): PageContent {
  return pageOf({
    authority,
    title: "案卷四性检测报告",
    number: `${row.filed?.archivalCode ?? row.caseId}　${minute(report.checkedMs)}`,
    widths: [10, 28, 10, 10, 42],
    tables: [
      {
        caption: `${title ?? row.caseId}　结论`,
        columns: PROPERTIES.map((property) => PROPERTY[property]),
        rows: [PROPERTIES.map((property) => OUTCOME[outcomeOf(report, property)])],
      },
      {
        caption: "检测项",
        columns: ["性质", "检测项", "件数", "结果", "问题"],
        rows: report.results.map(({ check, counted, outcome, wrong }) => [
          PROPERTY[CHECK_OF[check]],
          CHECK_NAMES[check].zh,
          String(counted),
          OUTCOME[outcome],
          wrong.map((problem) => problemText(problem, kinds)).join("；"),
        ]),
      },
      ...(row.filed?.explained === undefined
        ? []
        : [{ caption: "归档说明", columns: ["说明"], rows: [[row.filed.explained]] }]),
    ],
    signatures: ["归档人：", "档案保管人："],
  });
}

export function handOverPage(
  authority: string,
  list: HandOverRow,
  cases: readonly CaseListRow[],
): PageContent {
  return pageOf({
    authority,
    title: "案卷移交清单",
    number: `${list.listId}　${minute(list.fromSignedMs)}`,
    widths: [6, 26, 40, 14, 14],
    tables: [
      {
        caption: "移交案卷",
        columns: ["序号", "档号", "题名", "归档时间", "保管期限"],
        rows: cases.map(({ row, title }, index) => [
          String(index + 1),
          row.filed?.archivalCode ?? "",
          title ?? row.caseId,
          row.filed === undefined ? "" : minute(row.filed.atMs),
          row.filed === undefined ? "" : row.filed.keep === "permanent" ? "永久" : `${row.filed.keep}年`,
        ]),
      },
      {
        caption: "签收",
        columns: ["移交人", "移交时间", "接收人", "接收时间"],
        rows: [
          [
            list.from,
            minute(list.fromSignedMs),
            list.to ?? "",
            list.toSignedMs === undefined ? "" : minute(list.toSignedMs),
          ],
        ],
      },
    ],
    signatures: ["移交人：", "接收人："],
  });
}
