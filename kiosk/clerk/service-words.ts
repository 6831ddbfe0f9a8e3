/** Words of service 送达: ways, evidence, failures, states. */
import { msg } from "@lit/localize";
import type { ServiceView } from "../../gateway/http/contract/service.ts";

type Attempt = ServiceView["attempts"][number];
export type Method = Attempt["method"];
export type EvidenceKind = Attempt["lacking"][number]["kind"];
export type Failure = NonNullable<Attempt["failed"]>["why"];

const METHODS: Readonly<Record<Method, () => string>> = {
  direct: () => msg("直接送达", { id: "method.direct" }),
  postal: () => msg("邮寄送达", { id: "method.postal" }),
  leaving: () => msg("留置送达", { id: "method.leaving" }),
  entrusted: () => msg("委托送达", { id: "method.entrusted" }),
  forwarded: () => msg("转交送达", { id: "method.forwarded" }),
  publicNotice: () => msg("公告送达", { id: "method.publicNotice" }),
};
export const methodWord = (method: Method): string => METHODS[method]();
export const METHOD_CHOICES = (): readonly (readonly [Method, string])[] =>
  (Object.keys(METHODS) as Method[]).map((method) => [method, methodWord(method)] as const);

const EVIDENCE: Readonly<Record<EvidenceKind, () => string>> = {
  serverSignature: () => msg("送达人签名", { id: "evidence.serverSignature" }),
  recipientSignature: () => msg("受送达人（签收人）签名", { id: "evidence.recipientSignature" }),
  witnessSignature: () => msg("见证人签名", { id: "evidence.witnessSignature" }),
  signedReceipt: () => msg("签字的送达回证扫描件", { id: "evidence.signedReceipt" }),
  postalRegistration: () => msg("邮寄登记", { id: "evidence.postalRegistration" }),
  postalVoucher: () => msg("付邮凭证", { id: "evidence.postalVoucher" }),
  postalReturnReceipt: () => msg("邮件回执", { id: "evidence.postalReturnReceipt" }),
  returnedMail: () => msg("退回的邮件", { id: "evidence.returnedMail" }),
  publishedNotice: () => msg("公告原件", { id: "evidence.publishedNotice" }),
  footage: () => msg("送达过程录像", { id: "evidence.footage" }),
};
export const evidenceWord = (kind: EvidenceKind): string => EVIDENCE[kind]();

const FAILURES: Readonly<Record<Failure, () => string>> = {
  absent: () => msg("受送达人不在", { id: "failure.absent" }),
  refused: () => msg("拒绝签收", { id: "failure.refused" }),
  moved: () => msg("已迁离", { id: "failure.moved" }),
  unknownAddress: () => msg("地址不详", { id: "failure.unknownAddress" }),
  returned: () => msg("邮件退回", { id: "failure.returned" }),
  other: () => msg("其他原因", { id: "failure.other" }),
};
export const failureWord = (why: Failure): string => FAILURES[why]();
export const FAILURE_CHOICES = (): readonly (readonly [Failure, string])[] =>
  (Object.keys(FAILURES) as Failure[]).map((why) => [why, failureWord(why)] as const);

const STATED: Readonly<Record<string, () => string>> = {
  signee: () => msg("签收人", { id: "handOver.recipient" }),
  relation: () => msg("与受送达人关系", { id: "stated.relation" }),
  postalNo: () => msg("邮件号码", { id: "stated.postalNo" }),
  refusal: () => msg("拒收事由", { id: "stated.refusal" }),
  refusedOn: () => msg("拒收日期", { id: "stated.refusedOn" }),
  witness: () => msg("见证人", { id: "stated.witness" }),
  through: () => msg("受托单位", { id: "stated.through" }),
  reason: () => msg("原因和经过", { id: "stated.reason" }),
  medium: () => msg("公告载体", { id: "stated.medium" }),
  publishedOn: () => msg("公告日期", { id: "stated.publishedOn" }),
  periodDays: () => msg("公告期限（日）", { id: "stated.periodDays" }),
  failedAttempts: () => msg("已试送达方式", { id: "stated.failedAttempts" }),
};
export const statedWord = (name: string): string => STATED[name]?.() ?? name;
