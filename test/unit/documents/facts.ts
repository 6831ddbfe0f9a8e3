/** Facts of every document kind, with names that thin fonts lack, for the tests of documents. */
import type {
  DocumentFacts,
  DocumentFactsBase,
  FactsOf,
  ListedMaterial,
  NoticeItem,
} from "../../../gateway/domain/document.ts";

/** 2026-09-18 10:05 in Beijing. */
export const T0 = Date.UTC(2026, 8, 18, 2, 5);
export const RARE_NAME = "𠮷䶮㛃𬭎";

const LICENCE_LAW = "中华人民共和国行政许可法";

const base: DocumentFactsBase = {
  authority: {
    name: { zh: "昌黎县市场监督管理局", en: "Changli County Market Regulation Bureau" },
    code: "11130322MB1234567X",
  },
  title: { zh: "受理通知书", en: "Acceptance notice" },
  number: "昌市监受〔2026〕G1-000001号",
  issuedAtMs: T0 + 25 * 60_000,
  timeProvisional: false,
  applicant: { kind: "person", name: RARE_NAME, maskedId: "3****************X" },
  agent: { name: "欧阳慧敏", authorisation: "授权委托书（2026年9月1日）" },
  matter: { name: { zh: "食品经营许可新办", en: "Food business licence, new" }, code: "000131012000" },
  basis: [{ instrument: LICENCE_LAW, article: "第三十二条第一款第（五）项" }],
  officers: [{ name: "王小明", certNo: "03130322001", role: "handling" }],
  phone: "0335-2022345",
  copies: [
    { to: "applicant", count: 1 },
    { to: "file", count: 1 },
  ],
  claimable: true,
};

const counter = { contact: { person: "欧阳慧敏", means: "13912345678" }, receivedAtMs: T0 } as const;

export const materials: readonly ListedMaterial[] = [
  {
    name: { zh: "食品经营许可申请书", en: "Application form" },
    form: "original",
    copies: 1,
    pages: 4,
    medium: "paper",
  },
  { name: { zh: "营业执照", en: "Business licence" }, form: "copy", copies: 1, pages: 1, medium: "paper" },
  {
    name: { zh: "与食品经营相适应的主要设备设施布局、操作流程等文件", en: "Layout and process plan" },
    form: "original",
    copies: 2,
    pages: 3,
    medium: "electronic",
  },
];

export const items: readonly NoticeItem[] = [
  {
    entry: "food-licence/3@2026-01",
    material: { zh: "食品安全规章制度文本", en: "Food safety rules" },
    defect: "未提交",
    required: "提交加盖公章的食品安全管理制度文本一份",
    basis: "《食品经营许可和备案管理办法》第十二条",
    how: "原件，窗口提交或邮寄",
  },
  {
    entry: "food-licence/1@2026-01",
    material: { zh: "食品经营许可申请书", en: "Application form" },
    defect: "第3页经营项目一栏未勾选，申请人签名处为空",
    required: "勾选经营项目；由申请人本人签名并注明日期",
    basis: "《食品经营许可和备案管理办法》第十二条第（一）项",
    how: "申请人本人到窗口更正，或重新提交整份申请书",
  },
  {
    entry: "food-licence/5@2026-01",
    material: { zh: "从业人员健康证明", en: "Health certificates" },
    defect: "张" + RARE_NAME + "的健康证明已于2026年8月31日到期",
    required: "提交有效期内的健康证明复印件",
    basis: "《食品安全法》第四十五条",
    how: "复印件，窗口提交",
  },
];

const due = (date: `${number}-${number}-${number}`, source: "statutory" | "local" | "promised") =>
  ({ date, source, provisional: false }) as const;

export const facts: { readonly [Kind in DocumentFacts["kind"]]: FactsOf<Kind> } = {
  materialReceipt: {
    ...base,
    ...counter,
    kind: "materialReceipt",
    title: { zh: "申请材料接收凭证", en: "Material receipt" },
    number: "昌市监收〔2026〕G1-000001号",
    basis: [{ instrument: LICENCE_LAW, article: "第三十二条第一款第（四）项" }],
    materials,
    noticeDue: [due("2026-09-22", "local"), due("2026-09-24", "statutory")],
  },
  supplementReceipt: {
    ...base,
    ...counter,
    kind: "supplementReceipt",
    title: { zh: "补正材料接收凭证", en: "Supplement receipt" },
    number: "昌市监补收〔2026〕G1-000001号",
    materials: materials.slice(0, 1),
    answersNumber: "昌市监补〔2026〕G1-000001号",
    outstanding: [{ zh: "从业人员健康证明", en: "Health certificates" }],
  },
  acceptanceNotice: {
    ...base,
    ...counter,
    kind: "acceptanceNotice",
    acceptedOn: "2026-09-18",
    materials,
    decisionDue: [due("2026-10-22", "statutory"), due("2026-10-10", "promised")],
    verification: [
      { item: "经营场所现场核查", reason: "新办热食类制售，依法需要核查", when: "2026年9月24日上午" },
    ],
  },
  lateAcceptanceNotice: {
    ...base,
    ...counter,
    kind: "lateAcceptanceNotice",
    basis: [{ instrument: LICENCE_LAW, article: "第三十二条第一款第（四）项" }],
    limitPassedOn: "2026-09-24",
    materials,
    decisionDue: [due("2026-10-22", "statutory")],
  },
  correctionNotice: {
    ...base,
    ...counter,
    kind: "correctionNotice",
    title: { zh: "补正通知书", en: "Correction notice" },
    number: "昌市监补〔2026〕G1-000001号",
    basis: [{ instrument: LICENCE_LAW, article: "第三十二条第一款第（四）项" }],
    items,
    supplyPlace: "昌黎县政务服务中心二楼市场监管窗口（3号）",
    consequence:
      "补正后材料齐全、符合法定形式的，本机关予以受理；本次已一次性告知全部内容，不再增加新的要求。",
  },
  nonAcceptanceNotice: {
    ...base,
    ...counter,
    kind: "nonAcceptanceNotice",
    title: { zh: "不予受理通知书", en: "Non-acceptance notice" },
    number: "昌市监不受〔2026〕G1-000001号",
    basis: [
      { instrument: LICENCE_LAW, article: "第三十二条第一款第（二）项" },
      {
        instrument: "昌黎县市场监督管理局行政执法全过程记录制度实施办法",
        article: "第六条第（五）项",
        ref: "S1-6(5)",
      },
    ],
    because: {
      ground: "notOurs",
      competentAuthority: { zh: "昌黎县行政审批局", en: "Changli County Administrative Approval Bureau" },
      whereabouts: "昌黎县政务服务中心一楼综合窗口，电话0335-2987654",
    },
    reasons: "食品生产许可由行政审批部门办理。",
    returned: materials.slice(0, 2),
    remedies: [
      "自收到本决定之日起六十日内，可以向昌黎县人民政府申请行政复议；",
      "自收到本决定之日起六个月内，可以依法向有管辖权的人民法院提起行政诉讼。",
    ],
  },
  correctionRecord: {
    ...base,
    ...counter,
    kind: "correctionRecord",
    title: { zh: "当场更正记录", en: "Correction record" },
    number: "昌市监更〔2026〕G1-000001号",
    corrections: [
      {
        material: { zh: "食品经营许可申请书", en: "Application form" },
        place: "第2页“法定代表人”栏",
        before: "张三",
        after: RARE_NAME,
        corrector: "欧阳慧敏",
        entitledAs: "委托代理人",
        atMs: T0 + 10 * 60_000,
      },
    ],
  },
  materialReturnList: {
    ...base,
    ...counter,
    kind: "materialReturnList",
    title: { zh: "申请材料退回清单", en: "List of materials returned" },
    number: "昌市监退〔2026〕G1-000001号",
    materials,
    reason: "申请材料不齐全，不予受理。",
    underNumber: "昌市监不受〔2026〕G1-000001号",
  },
  serviceReceipt: {
    ...base,
    kind: "serviceReceipt",
    title: { zh: "送达回证", en: "Proof of service" },
    number: "昌市监送〔2026〕G1-000001号",
    recipient: RARE_NAME,
    served: [{ title: "补正通知书", number: "昌市监补〔2026〕G1-000001号", copies: 1 }],
    service: { method: "direct", signee: "欧阳慧敏", relation: "委托代理人" },
    place: "昌黎县政务服务中心3号窗口",
    servedAtMs: T0 + 30 * 60_000,
  },
  oralApplicationRecord: {
    ...base,
    ...counter,
    kind: "oralApplicationRecord",
    title: { zh: "口头申请记录", en: "Record of an oral application" },
    number: "昌市监口〔2026〕G1-000001号",
    statement: "申请在中山路一号开办小餐馆，经营面积六十平方米。",
    speaker: "欧阳慧敏",
    relation: "委托代理人",
  },
};
