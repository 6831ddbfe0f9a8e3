/** The report as a page for people and as CSV for spreadsheets. Invariant: both say the same figures. */
import type { PageContent } from "../../domain/document-content.ts";
import { csvOf } from "../../domain/oversight/csv.ts";
import { minute, pageOf } from "../../domain/oversight/page.ts";
import type { FigureRow } from "./figures-view.ts";
import type { OversightReport } from "./report.ts";

/** What is said of whom, in this order; a figure that is not listed here is not in the report. */
const WORK = {
  started: "办件",
  received: "收件",
  accepted: "受理",
  correctionNotified: "一次性告知",
  notAccepted: "不予受理",
  withdrawn: "撤回",
  papers: "出具文书",
  lateNotices: "逾期告知",
  deemed: "视为受理",
  overrides: "再次告知",
  repeatNotices: "重报新增要求",
  notAtOnce: "未即时告知",
  uncertified: "无证具名",
  refused: "被拒操作",
} as const;
const CAMERA = { recordedMs: "录像小时", gaps: "中断次数", gapMs: "中断小时" } as const;
const BODY_CAMERA = {
  files: "文件数",
  durationMs: "录像小时",
  late: "逾期上传",
  withoutPurpose: "未标明事由",
  checkOut: "领用",
  checkIn: "归还",
  inserted: "放入采集站",
  removed: "取出采集站",
} as const;
const DOCK = { starts: "启动次数", alarms: "告警次数", lost: "失联次数" } as const;
const KIND: Readonly<Record<string, string>> = {
  lateNotice: "逾期告知",
  deemed: "视为受理",
  override: "再次告知（监督批准）",
  repeatNotice: "重报新增要求",
  refused: "被拒操作",
};
const HOUR_MS = 3_600_000;

function figure(name: string, value: number): string {
  return name.endsWith("Ms") ? (value / HOUR_MS).toFixed(2) : String(value);
}

type Columns = Readonly<Record<string, string>>;
interface Group {
  readonly caption: string;
  readonly head: string;
  readonly columns: Columns;
  readonly rows: readonly FigureRow[];
}

function groupsOf(report: OversightReport): readonly Group[] {
  const sections = report.sections.map(({ of, figures }) => ({ of: of === "" ? "未登记科室" : of, figures }));
  return [
    { caption: "按执法人员", head: "人员", columns: WORK, rows: report.officers },
    { caption: "按科室", head: "科室", columns: WORK, rows: sections },
    { caption: "按窗口", head: "窗口", columns: WORK, rows: report.counters },
    { caption: "视频监控使用", head: "摄像机", columns: CAMERA, rows: report.cameras },
    { caption: "执法记录仪使用", head: "设备", columns: BODY_CAMERA, rows: report.bodyCameras },
    { caption: "采集站", head: "采集站", columns: DOCK, rows: report.docks },
  ];
}

function inspectionRows({ inspections }: OversightReport): readonly (readonly [string, number])[] {
  const { playbacks, views, comments, samples, findings, closed } = inspections;
  return [
    ["回放检查", playbacks],
    ["查阅检查", views],
    ["随机抽取", samples],
    ["检查意见", comments],
    ["发现问题", findings],
    ["已销号", closed],
  ];
}

const title = (period: string): string =>
  period.length === 4 ? "执法全过程记录年度考核数据" : "执法全过程记录情况月报";

export function reportPage(authority: string, report: OversightReport): PageContent {
  const { period, listed, uninformedComplaints, overdue } = report;
  return pageOf({
    authority,
    title: title(period),
    number: period.length === 4 ? `${period}年` : `${period.slice(0, 4)}年${Number(period.slice(5))}月`,
    widths: [16, 18, 18, 16, 32],
    tables: [
      ...groupsOf(report).map(({ caption, head, columns, rows }) => ({
        caption,
        columns: [head, ...Object.values(columns)],
        rows: rows.map(({ of, figures }) => [
          of,
          ...Object.keys(columns).map((name) => figure(name, figures[name] ?? 0)),
        ]),
      })),
      {
        caption: "逾期、再次告知与重报新增要求",
        columns: ["时间", "种类", "办件", "人员", "说明"],
        rows: listed.map(({ atMs, kind, applicationId, by, detail }) => [
          minute(atMs),
          KIND[kind] ?? kind,
          applicationId,
          by,
          detail ?? "",
        ]),
      },
      {
        caption: "未告知的实名投诉举报",
        columns: ["编号", "收到时间"],
        rows: uninformedComplaints.map(({ id, receivedMs }) => [id, minute(receivedMs)]),
      },
      {
        caption: "监督检查",
        columns: ["事项", "次数"],
        rows: inspectionRows(report).map(([name, value]) => [name, String(value)]),
      },
      {
        caption: "逾期未整改",
        columns: ["问题", "对象", "责任人", "期限", "整改要求"],
        rows: overdue.map(({ findingId, subject, responsible, dueOn, order }) => [
          findingId,
          subject,
          responsible,
          dueOn,
          order,
        ]),
      },
    ],
    signatures: ["编制：", "审核："],
  });
}

/** One figure a line: group, of whom, what, how much. */
export function reportCsv(authority: string, report: OversightReport): Uint8Array {
  const rows: (readonly (string | number)[])[] = [
    ["类别", "对象", "指标", "数值"],
    ["报表", authority, title(report.period), report.period],
  ];
  for (const { caption, columns, rows: of } of groupsOf(report))
    for (const row of of)
      for (const [name, said] of Object.entries(columns))
        rows.push([caption, row.of, said, figure(name, row.figures[name] ?? 0)]);
  for (const { kind, applicationId, by, atMs, detail } of report.listed)
    rows.push([KIND[kind] ?? kind, applicationId, `${by} ${minute(atMs)}`, detail ?? ""]);
  for (const { id, receivedMs } of report.uninformedComplaints)
    rows.push(["未告知的实名投诉举报", id, "收到时间", minute(receivedMs)]);
  for (const [name, value] of inspectionRows(report)) rows.push(["监督检查", report.period, name, value]);
  for (const { findingId, responsible, dueOn, order } of report.overdue)
    rows.push(["逾期未整改", findingId, `${responsible} ${dueOn}`, order]);
  return csvOf(rows);
}
