/** A made-up hall for tests of the screens: people, papers, an intake; typed by the contract. */
import type { DocumentContent } from "../../gateway/domain/document-content.ts";
import type { CameraView } from "../../gateway/http/contract/cameras.ts";
import type { CatalogueView } from "../../gateway/http/contract/intake.ts";
import type { CommandAnswer, IntakeRow, IntakeView } from "../../gateway/http/contract/intake-view.ts";
import type { ClaimedPapers } from "../../gateway/http/contract/kiosk.ts";
import type { Role } from "../../gateway/domain/roles.ts";
import type { SessionView } from "../../gateway/http/contract/session.ts";

/** 2026-03-02 09:30 in Beijing, a Monday. */
export const NOW_MS = Date.parse("2026-03-02T09:30:00+08:00");

const bilingual = (zh: string, en: string) => ({ zh, en });
/** Ids are brands of strings; a test may make one up. */
const id = <Id extends string>(text: string): Id => text as Id;

export const APPLICATION = id<IntakeView["applicationId"]>("g1-2026-000017");
export const PAPER = id<IntakeView["papers"][number]["documentId"]>("doc-17-2");

export const session = (role: Role): SessionView => ({
  user: {
    id: id("wang"),
    name: "王秀英",
    roles: [role],
    officer: { certNo: "13032200151", validFrom: "2024-01-01", validTo: "2029-01-01", valid: true },
  },
  csrfToken: "csrf-of-the-test",
  idleUntil: NOW_MS + 3_600_000,
  absoluteUntil: NOW_MS + 36_000_000,
});

export const notice: DocumentContent = {
  kind: "correctionNotice",
  lang: "zh",
  number: "昌市监补〔2026〕G1-000008号",
  blocks: [
    { type: "authority", text: "昌黎县市场监督管理局" },
    { type: "title", text: "补正材料一次性告知书" },
    { type: "number", text: "昌市监补〔2026〕G1-000008号" },
    { type: "paragraph", text: "㛃𬭎䶮：", indent: false },
    {
      type: "paragraph",
      text: "你（单位）于2026年3月2日提出的食品经营许可（新办）申请收悉。经审查，所提交的材料不齐全。依据《中华人民共和国行政许可法》第三十二条第一款第（四）项，现将需要补正的全部内容一次性告知如下。",
      indent: true,
    },
    {
      type: "fields",
      fields: [
        { label: "申请事项", value: "食品经营许可（新办）" },
        { label: "收件时间", value: "2026年3月2日 09时12分" },
        { label: "联系电话", value: "13800000000" },
      ],
    },
    {
      type: "items",
      caption: "需要补正的材料",
      items: [
        {
          heading: "一、经营场所使用证明",
          fields: [
            { label: "存在问题", value: "未提交该材料" },
            { label: "应当提交", value: "房屋产权证明或者租赁合同复印件1份" },
            { label: "依据", value: "《食品经营许可和备案管理办法》第十三条" },
          ],
        },
        {
          heading: "二、设备布局和操作流程图",
          fields: [
            { label: "存在问题", value: "未标注冷藏设施的位置" },
            { label: "应当提交", value: "标注完整的布局图1份" },
            { label: "依据", value: "《食品经营许可和备案管理办法》第十三条" },
          ],
        },
      ],
    },
    {
      type: "table",
      caption: "已接收的材料",
      columns: ["序号", "材料名称", "形式", "份数", "页数"],
      rows: [
        ["1", "食品经营许可申请书", "原件", "1", "3"],
        ["2", "营业执照", "复印件", "1", "1"],
      ],
    },
    {
      type: "notes",
      caption: "说明",
      notes: ["补正后请回到原窗口提交，不必重新取号。", "本告知书一式两份。"],
    },
    { type: "seal", slot: "（行政许可专用章）", authority: "昌黎县市场监督管理局", date: "2026年3月2日" },
    { type: "signatures", slots: ["经办人：", "申请人（签收）：", "日期："], paperOnly: true },
    { type: "qr", captions: ["扫码核验：日志 2026 第 4711 条", "核对网址见窗口公示"] },
  ],
};

export const noticeInEnglish: DocumentContent = {
  ...notice,
  lang: "en",
  blocks: [
    { type: "authority", text: "Changli County Market Regulation Bureau" },
    { type: "title", text: "One-time Correction Notice" },
    { type: "number", text: "昌市监补〔2026〕G1-000008号" },
    { type: "paragraph", text: "Your application for a food business licence is incomplete.", indent: true },
  ],
};

export const claimed: ClaimedPapers = {
  applicationId: APPLICATION,
  matter: bilingual("食品经营许可（新办）", "Food business licence (new)"),
  phase: "CORRECTION_NOTIFIED",
  papers: [
    {
      documentId: id("doc-17-1"),
      kind: "materialReceipt",
      title: bilingual("收件凭证", "Material receipt"),
      number: "昌市监收〔2026〕G1-000031号",
      issuedAt: NOW_MS - 1_000_000,
      served: true,
    },
    {
      documentId: PAPER,
      kind: "correctionNotice",
      title: bilingual("补正材料一次性告知书", "One-time correction notice"),
      number: "昌市监补〔2026〕G1-000008号",
      issuedAt: NOW_MS,
      served: false,
    },
  ],
};

const ITEMS = [
  ["food-1", "食品经营许可申请书", "原件，法定代表人签名或者盖章", "第十三条第（一）项"],
  ["food-2", "营业执照复印件", "复印件1份，与原件一致", "第十三条第（二）项"],
  ["food-3", "经营场所使用证明", "房屋产权证明或者租赁合同复印件1份", "第十三条第（三）项"],
  ["food-4", "设备布局和操作流程图", "标注冷藏、清洗、消毒设施位置", "第十三条第（四）项"],
] as const;

export const catalogue: CatalogueView = {
  authority: {
    name: bilingual("昌黎县市场监督管理局", "Changli County Market Regulation Bureau"),
    code: "11130322MB",
  },
  profile: {
    id: "changli-mr",
    version: "2026-01",
    title: bilingual(
      "昌黎县市场监管局行政执法全过程记录实施办法",
      "Changli measures on whole-process recording",
    ),
    warnings: [],
  },
  recordingNotice: { version: "2026-01", text: bilingual("本窗口录音录像。", "This counter is recorded.") },
  counters: [
    { id: id("w1"), name: "综合受理 1 号窗口", printers: [id("slip-1")] },
    { id: id("w2"), name: "综合受理 2 号窗口", printers: [] },
  ],
  matters: [
    {
      code: "food-new",
      version: 3,
      name: bilingual("食品经营许可（新办）", "Food business licence (new)"),
      items: ITEMS.map(([itemId, name, requirement, basis]) => ({
        itemId,
        itemVersion: 3,
        name: bilingual(name, name),
        requirement: bilingual(requirement, requirement),
        basis: `《食品经营许可和备案管理办法》${basis}`,
        required: true,
      })),
    },
    { code: "drug-new", version: 1, name: bilingual("药品零售许可", "Drug retail licence"), items: [] },
  ],
};

const ALL_ACTIONS = [
  "reopen",
  "register",
  "receive",
  "judge",
  "supplementOnSpot",
  "correctOnSpot",
  "accept",
  "notifyCorrection",
  "notAccept",
  "receiveSupplement",
  "remind",
  "withdraw",
  "handOver",
  "reissueClaimCode",
  "closeSession",
];

/** The actions of a view: those named are allowed, the rest refused as the gateway would. */
export function actions(allowed: readonly string[]): IntakeView["actions"] {
  return ALL_ACTIONS.map((action) => ({
    action,
    allowed: allowed.includes(action),
    refusal: allowed.includes(action)
      ? null
      : {
          code: "intake.itemsUnjudged",
          message: bilingual("还有材料没有判定，不能作出结论。", "Some materials are not judged yet."),
          article: "S1-6(4)",
        },
  }));
}

export const started: IntakeView = {
  applicationId: APPLICATION,
  version: 2,
  phase: "STARTED",
  counterId: id("w1"),
  session: { open: true, openedAt: NOW_MS, noticeShown: true },
  profile: { id: "changli-mr", version: "2026-01", title: catalogue.profile.title },
  matter: null,
  applicant: null,
  agent: null,
  receivedOn: null,
  handler: id("wang"),
  approvalSteps: [],
  proposal: null,
  sentBack: null,
  checklist: [],
  clocks: [],
  actions: actions(["register", "closeSession", "withdraw"]),
  papers: [],
  titles: {
    withCorrection: [],
    acceptance: bilingual("受理通知书", "Acceptance notice"),
    correction: bilingual("补正材料一次性告知书", "One-time correction notice"),
    nonAcceptance: bilingual("不予受理决定书", "Non-acceptance decision"),
  },
  history: [
    {
      at: NOW_MS,
      what: "started",
      by: "wang",
      role: "clerk",
      device: "w1",
      certNo: null,
      warnings: [],
      refused: null,
      article: null,
    },
    {
      at: NOW_MS,
      what: "noticeShown",
      by: "kiosk",
      role: "system",
      device: "kiosk/w1",
      certNo: null,
      warnings: [],
      refused: null,
      article: null,
    },
  ],
};

const checklist: IntakeView["checklist"] = ITEMS.map(([itemId, name, requirement], index) => ({
  itemId,
  itemVersion: 3,
  name: bilingual(name, name),
  wanted: { form: "original", copies: 1 },
  requirement: bilingual(requirement, requirement),
  required: true,
  handed:
    index === 2
      ? null
      : { itemId, form: index === 1 ? "copy" : "original", copies: 1, pages: 3, medium: "paper" },
  verdict: null,
  comment: null,
  correction: null,
}));

export const registered: IntakeView = {
  ...started,
  version: 3,
  phase: "REGISTERED",
  matter: {
    code: "food-new",
    version: 3,
    name: bilingual("食品经营许可（新办）", "Food business licence (new)"),
  },
  applicant: {
    kind: "person",
    name: "㛃𬭎䶮",
    idKind: "residentId",
    idNumber: "11010519491231002X",
    phone: "13800000000",
  },
  checklist: checklist.map((item) => ({ ...item, handed: null })),
  actions: actions(["receive", "notAccept", "withdraw", "closeSession"]),
};

export const reviewing: IntakeView = {
  ...registered,
  version: 6,
  phase: "REVIEWING",
  receivedOn: "2026-03-02",
  checklist: checklist.map((item, index) => ({
    ...item,
    verdict:
      index === 0
        ? { kind: "ok" }
        : index === 3
          ? {
              kind: "deficient",
              defect: "未标注冷藏设施的位置",
              requirement: "标注完整的布局图1份",
              basis: "《食品经营许可和备案管理办法》第十三条第（四）项",
              correctableOnSpot: true,
            }
          : null,
  })),
  clocks: [
    {
      kind: "noticeLocal",
      fromDay: "2026-03-02",
      dueOn: "2026-03-04",
      leftMs: 52 * 3_600_000,
      status: "running",
      article: "S1-6(4)",
      toldOn: null,
      provisional: false,
    },
    {
      kind: "noticeStatutory",
      fromDay: "2026-03-02",
      dueOn: "2026-03-09",
      leftMs: 172 * 3_600_000,
      status: "running",
      article: "行政许可法 32(4)",
      toldOn: null,
      provisional: false,
    },
  ],
  actions: actions([
    "judge",
    "supplementOnSpot",
    "correctOnSpot",
    "withdraw",
    "closeSession",
    "handOver",
    "reissueClaimCode",
  ]),
  papers: [
    {
      documentId: id("doc-17-1"),
      kind: "materialReceipt",
      title: bilingual("收件凭证", "Material receipt"),
      number: "昌市监收〔2026〕G1-000031号",
      issuedAt: NOW_MS,
      finished: true,
      service: "open",
      awaitsScan: false,
      voided: null,
    },
  ],
};

export const notified: IntakeView = {
  ...reviewing,
  version: 9,
  phase: "CORRECTION_NOTIFIED",
  actions: actions(["receiveSupplement", "withdraw", "closeSession", "handOver", "reissueClaimCode"]),
  clocks: reviewing.clocks.map((clock) => ({ ...clock, status: "met" })),
  papers: [
    ...reviewing.papers,
    {
      documentId: PAPER,
      kind: "correctionNotice",
      title: bilingual("补正材料一次性告知书", "One-time correction notice"),
      number: "昌市监补〔2026〕G1-000008号",
      issuedAt: NOW_MS + 60_000,
      finished: true,
      service: "open",
      awaitsScan: false,
      voided: null,
    },
  ],
};

export const answered = (intake: IntakeView, claimCode: string | null = null): CommandAnswer => ({
  intake,
  issued: [],
  warnings: [],
  claimCode,
});

const row = (applicationId: string, applicantMasked: string, phase: IntakeRow["phase"]): IntakeRow => ({
  applicationId: id(applicationId),
  version: 1,
  phase,
  counterId: id("w1"),
  sessionOpen: applicationId === APPLICATION,
  matterName: bilingual("食品经营许可（新办）", "Food business licence (new)"),
  applicantMasked,
  startedAt: NOW_MS - 600_000,
  nextDue: phase === "ACCEPTED" ? null : (reviewing.clocks[0] ?? null),
});

export const rows: readonly IntakeRow[] = [
  row(APPLICATION, "㛃**", "REVIEWING"),
  row("g1-2026-000016", "昌黎县碧海餐饮服务有限公司", "CORRECTION_NOTIFIED"),
  row("g1-2026-000015", "李*", "ACCEPTED"),
];

export const camera: CameraView = {
  id: id("cam-1"),
  name: "1 号窗口正面",
  counterId: id("w1"),
  xaddr: "http://192.168.8.21/onvif/device_service",
  rtspUrl: "rtsp://192.168.8.21/main",
  profileToken: "main",
  codec: "h264",
  streamCodec: "h264",
  sub: null,
  hint: null,
  manufacturer: "Virtual",
  model: "VC-1",
  serialNumber: "0001",
  boundBy: "tech",
  boundAt: NOW_MS,
  state: "recording",
  cause: null,
  detail: null,
  lastFragmentAgeMs: 900,
};
