/** The registers of viewing and copying as pages: 查阅登记簿 of requests, 调阅台账 of every look and copy. */
import type {
  CredentialKind,
  Material,
  Office,
  RequestedAct,
  RequesterKind,
} from "../../domain/access/parties.ts";
import type { PageContent } from "../../domain/document-content.ts";
import { minute, pageOf, periodText } from "../../domain/oversight/page.ts";
import type { RequestView } from "./access-desk.ts";
import type { RequestStatus } from "./request.ts";

const REQUESTER: Readonly<Record<RequesterKind, string>> = {
  staff: "本单位工作人员",
  party: "当事人",
  agent: "委托代理人",
  lawyer: "代理律师",
  interestedPerson: "利害关系人",
  police: "公安机关",
  procuratorate: "检察院",
  court: "人民法院",
  stateSecurity: "国家安全机关",
  discipline: "纪检监察机关",
  audit: "审计机关",
  reconsideration: "行政复议机关",
};
const ACT: Readonly<Record<RequestedAct, string>> = { view: "查阅", copy: "复制", loan: "借阅" };
const MATERIAL: Readonly<Record<Material, string>> = {
  conclusive: "结论性文件",
  footage: "音像记录",
  file: "全部材料",
};
const CREDENTIAL: Readonly<Record<CredentialKind, string>> = {
  identityDocument: "身份证件",
  workCard: "工作证",
  unitLetter: "单位介绍信",
  lawyerLicence: "律师执业证",
  authorisation: "授权委托书",
};
const OFFICE: Readonly<Record<Office, string>> = {
  legalSection: "法制部门",
  head: "负责人",
  headOfAuthority: "行政机关负责人",
  leaderInCharge: "主管负责人",
  caseLead: "案件主办人",
};
const STATUS: Readonly<Record<RequestStatus, string>> = {
  credentials: "待验证件",
  approval: "审批中",
  granted: "已批准",
  refused: "未批准",
  closed: "已办结",
};

function requestRow({ request, status, person }: RequestView, index: number): readonly string[] {
  const { requester, footage, matterId, shown, approvals, decision, supplies, receipt } = request;
  const who =
    person === undefined ? (requester.userId ?? "（已依法删除）") : `${person.name} ${person.unit ?? ""}`;
  const target =
    footage === undefined
      ? (matterId ?? "")
      : `${footage.cameraId} ${minute(footage.fromMs)}–${minute(footage.toMs)}`;
  const steps = approvals.map(
    ({ office, by, atMs, approved, opinion }) =>
      `${OFFICE[office]} ${by} ${approved ? "同意" : "不同意"}（${opinion}）${minute(atMs)}`,
  );
  return [
    String(index + 1),
    minute(request.atMs),
    `${REQUESTER[requester.kind]} ${who}`.trim(),
    shown.map(({ kind }) => CREDENTIAL[kind]).join("、") || "工作账号",
    `${ACT[request.act]} ${MATERIAL[request.material]}\n${target}`,
    request.purpose,
    [decision.article ?? "", decision.outsideThisRule ? "不适用本规定，由负责人决定" : ""].join(" ").trim(),
    steps.join("\n") || "凭证件办理",
    `${STATUS[status]} 调阅${request.looks}次 提供${supplies.length}份${receipt === undefined ? "" : " 已签收"}`,
    request.registeredBy,
  ];
}

export interface RegisterHead {
  readonly authority: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** 查阅登记簿 (S3-C-2): oldest first, as a book is kept. */
export function requestRegister(head: RegisterHead, views: readonly RequestView[]): PageContent {
  return pageOf({
    authority: head.authority,
    title: "行政执法记录信息查阅登记簿",
    number: periodText(head.fromMs, head.toMs),
    widths: [4, 10, 13, 10, 16, 12, 8, 20, 11, 8],
    tables: [
      {
        caption: "查阅、复制、借阅登记",
        columns: [
          "序号",
          "登记时间",
          "申请人",
          "出示证件",
          "内容",
          "用途",
          "依据",
          "审批",
          "办理情况",
          "登记人",
        ],
        rows: views.toReversed().map(requestRow),
      },
    ],
    signatures: ["登记管理人员："],
  });
}

/** One look or copy, as `people`'s ledger has it. */
export interface LookedRow {
  readonly atMs: number;
  readonly by: string;
  readonly act: string;
  readonly subject: string;
  readonly reason?: string;
  readonly basis?: string;
  readonly requestId?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

const LOOK: Readonly<Record<string, string>> = {
  view: "查阅",
  copy: "复制",
  print: "打印",
  playback: "回放录像",
  snapshot: "查看画面",
  live: "实时查看",
  claim: "凭码查阅",
  supply: "提供复制件",
};
const BASIS: Readonly<Record<string, string>> = {
  caseOfficer: "承办人员",
  handling: "窗口办理",
  inspection: "监督检查",
  request: "经批准的申请",
};

/** 调阅台账 (S4-33, S0-34). */
export function lookLedger(head: RegisterHead, rows: readonly LookedRow[]): PageContent {
  return pageOf({
    authority: head.authority,
    title: "行政执法信息调阅台账",
    number: periodText(head.fromMs, head.toMs),
    widths: [5, 14, 14, 10, 24, 22, 18],
    tables: [
      {
        caption: "调阅记录",
        columns: ["序号", "时间", "人员", "行为", "对象及时段", "事由", "依据"],
        rows: rows
          .toReversed()
          .map((row, index) => [
            String(index + 1),
            minute(row.atMs),
            row.by,
            LOOK[row.act] ?? row.act,
            row.fromMs === undefined || row.toMs === undefined
              ? row.subject
              : `${row.subject} ${minute(row.fromMs)}–${minute(row.toMs)}`,
            row.reason ?? "",
            `${BASIS[row.basis ?? ""] ?? ""} ${row.requestId ?? ""}`.trim(),
          ]),
      },
    ],
    signatures: ["台账管理人员："],
  });
}
