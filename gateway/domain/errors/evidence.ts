/** Error codes of evidence; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const evidenceErrors = {
  "evidence.noSuchEntry": {
    meaning: "the log has no entry at this place",
    who: "developer",
    status: 404,
    zh: "证据日志中没有该条目。",
    en: "The evidence log has no such entry.",
  },
  "evidence.bodyMissing": {
    meaning: "the entry stands but its body is not held here: released, erased or lost",
    who: "supervisor",
    status: 410,
    zh: "该条目的内容不在本机：已移交释放、已依法销毁或已缺失。",
    en: "The content of this entry is not held here: released, erased or missing.",
  },
  "evidence.bodyCorrupt": {
    meaning: "the stored body does not match the hash in its entry; it is not handed out",
    who: "technician",
    status: 500,
    zh: "内容与证据日志中的摘要不符，不予提供，请联系技术员。",
    en: "The content does not match the evidence log and is not handed out. Call the technician.",
  },
  "evidence.entryCorrupt": {
    meaning: "a stored entry is not in canonical form or does not match its leaf hash",
    who: "technician",
    status: 500,
    zh: "证据日志条目损坏，请联系技术员。",
    en: "An entry of the evidence log is damaged. Call the technician.",
  },
  "evidence.signerOutOfStep": {
    meaning: "the proof does not start at the size the signer signed last; details.size is that size",
    who: "developer",
    status: 409,
    zh: "签名进程的记录与日志不同步，正在重新对齐。",
    en: "The signer's record and the log are out of step; they are being aligned.",
  },
  "evidence.signerRefused": {
    meaning:
      "the tree is smaller than, or not consistent with, the last signed one: the disk went back or a fault rewrote it",
    who: "technician",
    status: 409,
    zh: "签名进程拒绝签名：日志与已签名的内容不一致，请立即联系技术员。",
    en: "The signer refused: the log does not agree with what was signed before. Call the technician now.",
  },
  "evidence.signerUnavailable": {
    meaning: "the signer process gave no answer in time; entries stay durable and are signed when it is back",
    who: "technician",
    status: 503,
    zh: "签名进程暂时不可用，记录已保存，稍后自动补签。",
    en: "The signer is not available now. The record is saved and will be signed when it is back.",
  },
  "evidence.signerBusy": {
    meaning: "too many requests wait for the signer",
    who: "developer",
    status: 503,
    zh: "签名请求过多，请稍后再试。",
    en: "Too many requests wait for the signer. Please try again.",
  },
  "evidence.eraseRefused": {
    meaning:
      "a destruction list may not be carried out as it is: details.why says no basis, a hold, a class not over, or a copy that is not on the list; nothing was destroyed",
    who: "supervisor",
    status: 409,
    zh: "销毁清单不能执行：缺少依据、被保全、保管期限未满或漏列同一内容的副本，未销毁任何内容。",
    en: "The destruction list can't be carried out: no basis, a hold, a term not over, or a copy left off the list. Nothing was destroyed.",
  },
  "evidence.packMalformed": {
    meaning: "the bytes are not a pack: wrong head, frame over its limit, or an end in the middle",
    who: "archive",
    status: 422,
    zh: "证据包格式错误。",
    en: "The evidence pack is malformed.",
  },
} as const satisfies Record<string, ErrorRow>;
