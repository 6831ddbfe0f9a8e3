/** Words of viewing and copying that several screens use. */
import { msg } from "@lit/localize";
import type { AccessRequestView } from "../../gateway/http/contract/access.ts";

export const requesterWords = (): Readonly<Record<AccessRequestView["requester"], string>> => ({
  party: msg("当事人", { id: "requester.party" }),
  agent: msg("委托代理人", { id: "requester.agent" }),
  lawyer: msg("代理律师", { id: "requester.lawyer" }),
  interestedPerson: msg("利害关系人", { id: "requester.interestedPerson" }),
  staff: msg("本单位工作人员（本人）", { id: "requester.staff" }),
  police: msg("公安机关", { id: "requester.police" }),
  procuratorate: msg("检察院", { id: "requester.procuratorate" }),
  court: msg("人民法院", { id: "requester.court" }),
  stateSecurity: msg("国家安全机关", { id: "requester.stateSecurity" }),
  discipline: msg("纪检监察机关", { id: "requester.discipline" }),
  audit: msg("审计机关", { id: "requester.audit" }),
  reconsideration: msg("行政复议机关", { id: "requester.reconsideration" }),
});
export const actWords = (): Readonly<Record<AccessRequestView["act"], string>> => ({
  view: msg("查阅", { id: "requestAct.view" }),
  copy: msg("复制", { id: "requestAct.copy" }),
  loan: msg("借阅", { id: "requestAct.loan" }),
});
export const materialWords = (): Readonly<Record<AccessRequestView["material"], string>> => ({
  conclusive: msg("结论性文件（决定书、通知书）", { id: "material.conclusive" }),
  footage: msg("音像记录", { id: "material.footage" }),
  file: msg("全部材料", { id: "material.file" }),
});
export const officeWords = (): Readonly<Record<AccessRequestView["steps"][number]["office"], string>> => ({
  legalSection: msg("法制部门", { id: "office.legalSection" }),
  head: msg("负责人", { id: "office.head" }),
  headOfAuthority: msg("行政机关负责人", { id: "office.headOfAuthority" }),
  leaderInCharge: msg("主管负责人", { id: "office.leaderInCharge" }),
  caseLead: msg("案件主办人", { id: "office.caseLead" }),
});
export const statusWords = (): Readonly<Record<AccessRequestView["status"], string>> => ({
  credentials: msg("待核验证件", { id: "requestStatus.credentials" }),
  approval: msg("等待审批", { id: "requestStatus.approval" }),
  granted: msg("已批准", { id: "requestStatus.granted" }),
  refused: msg("未批准", { id: "requestStatus.refused" }),
  closed: msg("已办结", { id: "requestStatus.closed" }),
});
export type Credential = AccessRequestView["credentials"][number][number];
export const credentialWords = (): Readonly<Record<Credential, string>> => ({
  identityDocument: msg("身份证件", { id: "credential.identityDocument" }),
  workCard: msg("工作证", { id: "credential.workCard" }),
  unitLetter: msg("单位介绍信", { id: "credential.unitLetter" }),
  lawyerLicence: msg("律师执业证", { id: "credential.lawyerLicence" }),
  authorisation: msg("授权委托书", { id: "credential.authorisation" }),
});
