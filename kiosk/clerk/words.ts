/** Words of the counter for what the records call by identifiers: states, papers, clocks, steps. */
import { msg } from "@lit/localize";
import type { Tone } from "../elements/chip.ts";

type Word = () => string;

const STATES: Readonly<Record<string, readonly [word: Word, tone: Tone]>> = {
  STARTED: [() => msg("待登记", { id: "state.started" }), "plain"],
  REGISTERED: [() => msg("待收件", { id: "state.registered" }), "plain"],
  RECEIVED: [() => msg("已收件", { id: "state.received" }), "warn"],
  REVIEWING: [() => msg("审查中", { id: "state.reviewing" }), "warn"],
  ON_SPOT_SUPPLEMENT: [() => msg("当场补正", { id: "state.onSpotSupplement" }), "warn"],
  ON_SPOT_CORRECTING: [() => msg("当场更正", { id: "state.onSpotCorrecting" }), "warn"],
  PENDING_APPROVAL: [() => msg("待审批", { id: "state.pendingApproval" }), "warn"],
  CORRECTION_NOTIFIED: [() => msg("待补正", { id: "state.correctionNotified" }), "warn"],
  SUPPLEMENT_RECEIVED: [() => msg("补正已收", { id: "state.supplementReceived" }), "warn"],
  ACCEPTED: [() => msg("已受理", { id: "state.accepted" }), "ok"],
  NOT_ACCEPTED: [() => msg("不予受理", { id: "state.notAccepted" }), "bad"],
  WITHDRAWN: [() => msg("已撤回", { id: "state.withdrawn" }), "plain"],
};

/** An unknown identifier is shown as it is: better odd than missing. */
export function stateWord(state: string): readonly [word: string, tone: Tone] {
  const known = STATES[state];
  return known === undefined ? [state, "plain"] : [known[0](), known[1]];
}

const CLOCKS: Readonly<Record<string, Word>> = {
  noticeLocal: () => msg("一次性告知（本机关规定）", { id: "clock.noticeLocal" }),
  noticeStatutory: () => msg("一次性告知（法定）", { id: "clock.noticeStatutory" }),
  decisionLegal: () => msg("作出决定（法定）", { id: "clock.decisionLegal" }),
  decisionPromised: () => msg("作出决定（承诺）", { id: "clock.decisionPromised" }),
};

export function clockWord(kind: string): string {
  return CLOCKS[kind]?.() ?? kind;
}

const EVENTS: Readonly<Record<string, Word>> = {
  started: () => msg("开始接待", { id: "event.started" }),
  reopened: () => msg("再次接待", { id: "event.reopened" }),
  noticeShown: () => msg("已显示录音录像告知", { id: "event.noticeShown" }),
  registered: () => msg("登记申请", { id: "event.registered" }),
  received: () => msg("接收材料", { id: "event.received" }),
  judged: () => msg("审查材料", { id: "event.judged" }),
  supplementedOnSpot: () => msg("当场补交材料", { id: "event.supplementedOnSpot" }),
  correctedOnSpot: () => msg("当场更正", { id: "event.correctedOnSpot" }),
  accepted: () => msg("受理", { id: "event.accepted" }),
  correctionNotified: () => msg("一次性告知补正", { id: "event.correctionNotified" }),
  notAccepted: () => msg("不予受理", { id: "event.notAccepted" }),
  supplementReceived: () => msg("接收补正材料", { id: "event.supplementReceived" }),
  reminded: () => msg("提醒补正", { id: "event.reminded" }),
  withdrawn: () => msg("申请人撤回", { id: "event.withdrawn" }),
  handedOver: () => msg("送达文书", { id: "event.handedOver" }),
  claimCodeIssued: () => msg("发放取件码", { id: "event.claimCodeIssued" }),
  proposed: () => msg("报请审批", { id: "event.proposed" }),
  approvalGiven: () => msg("审批意见", { id: "event.approvalGiven" }),
  proposalRecalled: () => msg("撤回报请", { id: "event.proposalRecalled" }),
  handedToColleague: () => msg("转交同事", { id: "event.handedToColleague" }),
  paperVoided: () => msg("作废文书编号", { id: "event.paperVoided" }),
  signedPaperScanned: () => msg("签字件已扫描", { id: "event.signedPaperScanned" }),
  sessionClosed: () => msg("结束接待", { id: "event.sessionClosed" }),
};

export function eventWord(type: string): string {
  return EVENTS[type]?.() ?? type;
}

const WARNINGS: Readonly<Record<string, Word>> = {
  officerNotCertified: () =>
    msg("经办人没有有效的行政执法证，已记入监督台账。", { id: "warning.officerNotCertified" }),
  clockNotSynced: () => msg("系统时钟未校准，日期为暂定。", { id: "warning.clockNotSynced" }),
  clockSteppedBack: () =>
    msg("系统时钟曾经倒退，已记入监督台账，请通知技术员。", { id: "warning.clockSteppedBack" }),
  noticeAfterLocalLimit: () =>
    msg("告知晚于本机关规定的期限，已记入监督台账。", { id: "warning.noticeAfterLocalLimit" }),
  secondNoticeByOverride: () =>
    msg("本次为经批准的再次告知，已记入监督台账。", { id: "warning.secondNoticeByOverride" }),
  notAcceptedNotAtOnce: () =>
    msg("不予受理没有当场作出，已记入监督台账。", { id: "warning.notAcceptedNotAtOnce" }),
  enteredLate: () => msg("本次收件为事后补录，已同时记录两个时间。", { id: "warning.enteredLate" }),
  numberVoided: () => msg("原编号已作废并保留，已按新编号重新出具。", { id: "warning.numberVoided" }),
  approvalAfterLimit: () =>
    msg("审批意见晚于告知期限，已记入监督台账。", { id: "warning.approvalAfterLimit" }),
};

/** What a command was done in spite of; an unknown identifier is shown as it is. */
export function warningWord(warning: string): string {
  return WARNINGS[warning]?.() ?? warning;
}

export const FORMS = [
  ["original", () => msg("原件", { id: "form.original" })],
  ["copy", () => msg("复印件", { id: "form.copy" })],
] as const;

export const MEDIA = [
  ["paper", () => msg("纸质", { id: "medium.paper" })],
  ["electronic", () => msg("电子", { id: "medium.electronic" })],
] as const;

export const ID_KINDS = [
  ["residentId", () => msg("居民身份证", { id: "idKind.residentId" })],
  ["passport", () => msg("护照", { id: "idKind.passport" })],
  ["hkMacaoPermit", () => msg("港澳居民来往内地通行证", { id: "idKind.hkMacaoPermit" })],
  ["taiwanPermit", () => msg("台湾居民来往大陆通行证", { id: "idKind.taiwanPermit" })],
  ["foreignPermanentResident", () => msg("外国人永久居留身份证", { id: "idKind.foreignPermanentResident" })],
  ["hkMacaoTaiwanResidence", () => msg("港澳台居民居住证", { id: "idKind.hkMacaoTaiwanResidence" })],
] as const;

export const RELATIONS = [
  ["self", () => msg("申请人本人", { id: "relation.self" })],
  ["legalRepresentative", () => msg("法定代表人", { id: "relation.legalRepresentative" })],
  ["agent", () => msg("委托代理人", { id: "relation.agent" })],
  ["adultFamilyMember", () => msg("同住成年家属", { id: "relation.adultFamilyMember" })],
  ["receivingStaff", () => msg("单位收件人员", { id: "relation.receivingStaff" })],
] as const;

/** Pairs with their words filled in, for a choice. */
export function worded<Value extends string>(
  pairs: readonly (readonly [Value, Word])[],
): readonly (readonly [Value, string])[] {
  return pairs.map(([value, word]) => [value, word()] as const);
}
