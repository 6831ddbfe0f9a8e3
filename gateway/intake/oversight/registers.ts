/** The house's books of oversight as pages: 检查台账, 交接登记, 设备台账, 培训名册. */
import type { PageContent } from "../../domain/document-content.ts";
import { minute, pageOf, periodText } from "../../domain/oversight/page.ts";
import type { CheckKind, CheckRow } from "./checks-view.ts";
import type { CustodyRow } from "./figures-view.ts";

const CHECK: Readonly<Record<CheckKind, string>> = {
  playback: "回放检查",
  view: "查阅检查",
  drawn: "随机抽取",
  comment: "检查意见",
  finding: "发现问题并责令整改",
  rectified: "整改情况",
  findingClosed: "销号",
};

export interface BookHead {
  readonly authority: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** 检查台账 (S0-36). */
export function checkLedger(head: BookHead, rows: readonly CheckRow[]): PageContent {
  return pageOf({
    authority: head.authority,
    title: "执法全过程记录检查台账",
    number: periodText(head.fromMs, head.toMs),
    widths: [5, 14, 12, 14, 22, 18, 30],
    tables: [
      {
        caption: "检查记录",
        columns: ["序号", "时间", "检查人", "事项", "对象", "录像时刻", "内容"],
        rows: rows
          .toReversed()
          .map(({ atMs, by, kind, subject, momentMs, toMs, text }, index) => [
            String(index + 1),
            minute(atMs),
            by,
            CHECK[kind],
            subject,
            [momentMs, toMs].flatMap((ms) => (ms === undefined ? [] : [minute(ms)])).join(" – "),
            text,
          ]),
      },
    ],
    signatures: ["法制部门："],
  });
}

const CUSTODY: Readonly<Record<string, string>> = {
  checkOut: "领用",
  checkIn: "归还",
  inserted: "放入采集站",
  removed: "取出采集站",
};
const CHECKED: Readonly<Record<string, string>> = {
  works: "设备正常",
  battery: "电量充足",
  space: "存储充足",
  clock: "时间准确",
};

function checksText(checks: CustodyRow["checks"]): string {
  return Object.entries(checks ?? {})
    .map(([name, ok]) => `${CHECKED[name] ?? name}${ok ? "✓" : "✗"}`)
    .join(" ");
}

/** 执法记录仪保管、交接登记 (S3-B-3, S3-B-8). */
export function custodyRegister(head: BookHead, rows: readonly CustodyRow[]): PageContent {
  return pageOf({
    authority: head.authority,
    title: "执法记录仪保管交接登记",
    number: periodText(head.fromMs, head.toMs),
    widths: [5, 15, 14, 14, 16, 16, 26],
    tables: [
      {
        caption: "交接记录",
        columns: ["序号", "时间", "设备", "事项", "使用人", "保管人或采集站", "出发前检查"],
        rows: rows
          .toReversed()
          .map((row, index) => [
            String(index + 1),
            minute(row.atMs),
            row.camera,
            CUSTODY[row.kind] ?? row.kind,
            row.officer ?? "",
            row.keeper ?? row.dock ?? "",
            checksText(row.checks),
          ]),
      },
    ],
    signatures: ["保管人员："],
  });
}

export interface DeviceRow {
  readonly kind: "camera" | "bodyCamera" | "dock" | "printer";
  readonly id: string;
  readonly name: string;
  readonly model: string;
  /** Where it is bound or who holds it. */
  readonly place: string;
  readonly purpose: string;
  readonly state: string;
}
const DEVICE: Readonly<Record<DeviceRow["kind"], string>> = {
  camera: "视频监控",
  bodyCamera: "执法记录仪",
  dock: "采集站",
  printer: "打印机",
};

/** 记录设备台账 (S0-7, S1-5, S4-28). */
export function deviceList(head: BookHead, rows: readonly DeviceRow[]): PageContent {
  return pageOf({
    authority: head.authority,
    title: "执法记录设备台账",
    number: periodText(head.toMs - 1, head.toMs),
    widths: [5, 14, 16, 18, 18, 22, 18, 16],
    tables: [
      {
        caption: "在册设备",
        columns: ["序号", "种类", "编号", "名称", "型号", "位置或持有人", "用途", "状态"],
        rows: rows.map(({ kind, id, name, model, place, purpose, state }, index) => [
          String(index + 1),
          DEVICE[kind],
          id,
          name,
          model,
          place,
          purpose,
          state,
        ]),
      },
    ],
    signatures: ["设备管理人员："],
  });
}

export interface TrainedRow {
  readonly name: string;
  readonly section: string;
  readonly certificate: string;
  /** `topic, day, hours` of each. */
  readonly training: readonly string[];
}

/** 执法人员培训名册 (S0-7, S3-A-7). */
export function trainingList(head: BookHead, rows: readonly TrainedRow[]): PageContent {
  return pageOf({
    authority: head.authority,
    title: "执法记录培训名册",
    number: periodText(head.toMs - 1, head.toMs),
    widths: [5, 16, 18, 24, 50],
    tables: [
      {
        caption: "人员与培训",
        columns: ["序号", "姓名", "科室", "执法证件", "培训"],
        rows: rows.map(({ name, section, certificate, training }, index) => [
          String(index + 1),
          name,
          section,
          certificate,
          training.join("\n") || "无记录",
        ]),
      },
    ],
    signatures: ["法制部门："],
  });
}
