/** The report of means as a page for people and as CSV for spreadsheets. Invariant: both say the same figures. */
import type { PageContent } from "../../domain/document-content.ts";
import { csvOf } from "../../domain/oversight/csv.ts";
import {
  COUNTER_SESSION,
  type MeansAct,
  type MeansCounts,
  type MeansRule,
} from "../../domain/oversight/means.ts";
import { minute, pageOf } from "../../domain/oversight/page.ts";
import { AV_RULE_TEXT, articleText } from "../records/av-matters-page.ts";
import type { MeansReport } from "./means.ts";

const TITLE = "执法记录方式与事项要求对照表";
const RULE: Readonly<Record<MeansRule, string>> = { ...AV_RULE_TEXT, textOnly: "文字记录" };
/** What is said of whom, in this order. */
const FIGURES = {
  acts: "记录数",
  video: "录像",
  sound: "录音",
  photos: "照片",
  met: "应录已录",
  grounded: "有理由未录",
  short: "应录未录",
  chosen: "自行录制",
  left: "未录音像",
  beyond: "不宜录而录",
  broken: "录制中断",
  mismatch: "时间不符",
  formLacking: "文书缺项",
} as const satisfies Readonly<Record<keyof MeansCounts, string>>;
const FIGURE_NAMES = Object.keys(FIGURES) as readonly (keyof MeansCounts)[];
const UNNAMED_SECTION = "未登记科室";

function meansNames({ kinds }: Pick<MeansReport, "kinds">) {
  return {
    activity: (id: string): string => kinds.words.activities[id]?.zh ?? id,
    stage: (id: string): string => kinds.words.stages[id]?.zh ?? id,
    kind: (id: string): string =>
      (id === COUNTER_SESSION ? kinds.matter("counterAcceptance")?.name.zh : kinds.find(id)?.name.zh) ?? id,
  };
}

const figuresOf = (counts: MeansCounts): readonly string[] =>
  FIGURE_NAMES.map((name) => String(counts[name]));
const articleOr = (article: string | undefined): string =>
  article === undefined ? "" : articleText(article);
const remarksOf = ({ remarks }: MeansAct): string => remarks.map(({ remark }) => FIGURES[remark]).join("；");

export function meansPage(authority: string, report: MeansReport): PageContent {
  const { period, profile, sums, sections, withoutPurpose } = report;
  const name = meansNames(report);
  return pageOf({
    authority,
    title: TITLE,
    number: `${period.slice(0, 4)}年${Number(period.slice(5))}月　${profile.name.zh}（${profile.version}）`,
    widths: [8, 8, 16, 9, 9, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5],
    tables: [
      {
        caption: "按行为种类、阶段和事项",
        columns: ["行为", "阶段", "事项", "音像要求", "依据", ...Object.values(FIGURES)],
        rows: sums.kinds.map(({ activity, stage, kind, rule, article, counts }) => [
          name.activity(activity),
          name.stage(stage),
          name.kind(kind),
          RULE[rule],
          articleOr(article),
          ...figuresOf(counts),
        ]),
      },
      {
        caption: "按科室",
        columns: ["科室", ...Object.values(FIGURES)],
        rows: sections.map(({ of, counts }) => [of === "" ? UNNAMED_SECTION : of, ...figuresOf(counts)]),
      },
      {
        caption: "按人员",
        columns: ["人员", ...Object.values(FIGURES)],
        rows: sums.officers.map(({ of, counts }) => [of, ...figuresOf(counts)]),
      },
      {
        caption: "可自行决定录制的事项，按人员",
        columns: ["行为", "事项", "人员", "记录数", "已录"],
        rows: sums.choices.map(({ activity, kind, of, acts, recorded }) => [
          name.activity(activity),
          name.kind(kind),
          of,
          String(acts),
          String(recorded),
        ]),
      },
      {
        caption: "需要核查的记录",
        columns: ["时间", "事项", "案件", "人员", "问题", "依据"],
        rows: sums.noted.map((act) => [
          minute(act.atMs),
          name.kind(act.kind),
          act.matterId,
          act.by,
          remarksOf(act),
          [...new Set(act.remarks.map(({ article }) => articleOr(article)))].filter(Boolean).join("；"),
        ]),
      },
      {
        caption: "未标明事由的执法记录仪文件",
        columns: ["设备", "文件数", "依据"],
        rows: withoutPurpose.map(({ of, files, article }) => [of, String(files), articleOr(article)]),
      },
    ],
    signatures: ["编制：", "法制部门："],
  });
}

/** One figure a line: group, of whom or what, what, how much. */
export function meansCsv(authority: string, report: MeansReport): Uint8Array {
  const { period, sums, sections, withoutPurpose } = report;
  const name = meansNames(report);
  const lines = (group: string, of: string, counts: MeansCounts): readonly (readonly string[])[] =>
    FIGURE_NAMES.map((figure) => [group, of, FIGURES[figure], String(counts[figure])]);
  return csvOf([
    ["类别", "对象", "指标", "数值"],
    ["报表", authority, TITLE, period],
    ...sums.kinds.flatMap(({ activity, kind, rule, article, counts }) =>
      lines(
        "按事项",
        `${name.activity(activity)} ${name.kind(kind)}（${RULE[rule]} ${articleOr(article)}）`,
        counts,
      ),
    ),
    ...sections.flatMap(({ of, counts }) => lines("按科室", of === "" ? UNNAMED_SECTION : of, counts)),
    ...sums.officers.flatMap(({ of, counts }) => lines("按人员", of, counts)),
    ...sums.choices.map(({ activity, kind, of, acts, recorded }) => [
      "可自行决定录制的事项",
      `${name.activity(activity)} ${name.kind(kind)}`,
      of,
      `${recorded}/${acts}`,
    ]),
    ...sums.noted.map((act) => [
      "需要核查的记录",
      act.id,
      `${name.kind(act.kind)} ${act.by} ${minute(act.atMs)}`,
      remarksOf(act),
    ]),
    ...withoutPurpose.map(({ of, files }) => ["未标明事由的执法记录仪文件", of, "文件数", String(files)]),
  ]);
}
