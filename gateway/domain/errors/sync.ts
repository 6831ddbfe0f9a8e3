/** Error codes of sync; see ../errors.ts. */
import type { ErrorRow } from "./row.ts";

export const syncErrors = {
  "sync.noSuchPack": {
    meaning: "no sealed pack has this name",
    who: "archive",
    status: 404,
    zh: "没有这个封包。",
    en: "There is no such pack.",
  },
  "sync.badRange": {
    meaning: "the byte range asked for lies outside the pack",
    who: "archive",
    status: 416,
    zh: "请求的字节范围不在封包之内。",
    en: "The byte range lies outside the pack.",
  },
  "sync.ackRefused": {
    meaning: "an acknowledgement was not signed by the enrolled archive or speaks of another log",
    who: "technician",
    status: 422,
    zh: "中心档案的回执未通过核验。",
    en: "The archive's acknowledgement did not verify.",
  },
  "sync.cosignatureRefused": {
    meaning: "a cosignature is not the enrolled archive's or covers a tree that this log never had",
    who: "technician",
    status: 422,
    zh: "中心档案的见证签名未通过核验。",
    en: "The archive's cosignature did not verify.",
  },
  "sync.unknownOrigin": {
    meaning: "the archive knows no enrolled gateway with this origin, or the caller is another one",
    who: "technician",
    status: 404,
    zh: "中心档案没有登记此网关。",
    en: "The archive has no such gateway enrolled.",
  },
  "sync.forbiddenPeer": {
    meaning: "the client certificate does not belong to the gateway whose log is named",
    who: "technician",
    status: 403,
    zh: "证书与所述网关不符。",
    en: "The certificate does not belong to this gateway.",
  },
  "sync.outOfStep": {
    meaning:
      "the entries or checkpoint start at another place than the archive's own; details say where it stands",
    who: "developer",
    status: 409,
    zh: "起始位置与中心档案记录的不一致。",
    en: "This does not continue from where the archive stands.",
  },
  "sync.entriesMalformed": {
    meaning: "uploaded entries are torn or empty",
    who: "developer",
    status: 400,
    zh: "上传的日志条目不完整。",
    en: "The uploaded entries are torn.",
  },
  "sync.entriesMissing": {
    meaning: "a checkpoint was offered before the entries that it covers",
    who: "developer",
    status: 409,
    zh: "尚未收到此检查点之前的全部条目。",
    en: "The entries below this checkpoint have not arrived.",
  },
  "sync.badCheckpoint": {
    meaning: "a checkpoint is malformed or not signed by the log's key",
    who: "technician",
    status: 403,
    zh: "检查点的签名无效。",
    en: "The checkpoint is not signed by the log's key.",
  },
  "sync.logRefused": {
    meaning:
      "the log shrank, forked, or its proof does not hold: the archive did not co-sign and raised an alarm",
    who: "supervisor",
    status: 422,
    zh: "日志与中心档案此前见证的不一致，已拒绝并告警。",
    en: "The log contradicts what the archive has seen; refused and alarmed.",
  },
  "sync.packRefused": {
    meaning: "a complete pack does not match its name or the log's entries; it was discarded",
    who: "supervisor",
    status: 422,
    zh: "封包与日志不符，已丢弃。",
    en: "The pack contradicts the log and was discarded.",
  },
  "sync.leaseLost": {
    meaning: "another replication is writing this pack",
    who: "developer",
    status: 423,
    zh: "该封包正由另一同步任务传输。",
    en: "Another replication is writing this pack.",
  },
  "sync.offsetMismatch": {
    meaning: "a chunk does not start at the archive's durable offset; details say where it stands",
    who: "developer",
    status: 409,
    zh: "分块的起始位置不正确。",
    en: "The chunk does not start at the durable offset.",
  },
  "sync.tooManyPartials": {
    meaning: "the gateway has too many packs begun and not finished",
    who: "developer",
    status: 429,
    zh: "未完成的封包过多。",
    en: "Too many packs are begun and not finished.",
  },
  "sync.enrolRefused": {
    meaning: "an enrolment code is wrong, used or out of date, or the request does not verify",
    who: "technician",
    status: 403,
    zh: "登记码无效或已使用。",
    en: "The enrolment code is wrong or used.",
  },
} as const satisfies Record<string, ErrorRow>;
