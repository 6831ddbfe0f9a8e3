/** What each finding, kind and result means in words, in the two languages of the report. */
import type { FindingCode, FindingKind, VerdictResult } from "../../evidence/verify/finding.ts";

export interface Words {
  readonly zh: string;
  readonly en: string;
}

export const KIND_WORDS: Readonly<Record<FindingKind, Words>> = {
  invalid: { zh: "不可信", en: "invalid" },
  missing: { zh: "缺失", en: "missing" },
  released: { zh: "已移交释放", en: "released" },
  erased: { zh: "已依法销毁", en: "erased" },
  awaited: { zh: "尚未移交", en: "awaited" },
  cannotTell: { zh: "无法判定", en: "cannot tell" },
};

export const RESULT_WORDS: Readonly<Record<VerdictResult, Words>> = {
  ok: { zh: "完好：未发现问题", en: "OK: nothing wrong was found" },
  invalid: { zh: "不可信：有内容被改动或伪造", en: "INVALID: something was altered or forged" },
  missing: { zh: "缺失：有内容无故不在", en: "MISSING: something is gone without a reason" },
  cannotTell: { zh: "无法判定：缺少判定所需的材料", en: "CANNOT TELL: what is needed to decide is not here" },
  erased: {
    zh: "完好，其中部分内容已依法销毁",
    en: "ERASED: all is in order, some of it was erased on a legal basis",
  },
  released: {
    zh: "完好，其中部分内容已移交档案后释放",
    en: "RELEASED: all is in order, some of it is kept by the archive only",
  },
  awaited: {
    zh: "完好，其中部分内容尚未移交到此处",
    en: "AWAITED: all is in order, some of it was not handed over to here yet",
  },
};

export const FINDING_WORDS: Readonly<Record<FindingCode, Words>> = {
  "trust.none": { zh: "没有信任文件，签名无从核对", en: "no trust file, so no signature can be checked" },
  "seen.unusable": { zh: "另行取得的检查点无法使用", en: "a checkpoint got by another way can't be used" },
  "check.cancelled": {
    zh: "核验被中止，其余部分未核对",
    en: "the check was cancelled; the rest was not looked at",
  },
  "trust.malformed": { zh: "信任文件格式错误", en: "the trust file is malformed" },
  "checkpoint.none": { zh: "没有检查点", en: "there is no checkpoint" },
  "checkpoint.malformed": { zh: "检查点格式错误", en: "a checkpoint is malformed" },
  "checkpoint.keyUnknown": {
    zh: "信任文件中没有该日志的公钥",
    en: "the trust file has no key for this log",
  },
  "checkpoint.otherKey": {
    zh: "检查点不是由受信公钥签名",
    en: "a checkpoint is not signed by the trusted key",
  },
  "checkpoint.wrongSignature": { zh: "检查点签名错误", en: "a checkpoint's signature is wrong" },
  "checkpoint.staleKey": {
    zh: "检查点由不在有效期内的公钥签名",
    en: "a checkpoint is signed by a key outside its epoch",
  },
  "checkpoint.staleNational": {
    zh: "检查点由不在有效期内的国密公钥签名",
    en: "a checkpoint is signed by an SM2 key outside its epoch",
  },
  "checkpoint.stripped": {
    zh: "检查点缺少国密签名行",
    en: "a checkpoint lacks the SM2 line that the log's suite asks for",
  },
  "checkpoint.wrongNational": { zh: "检查点国密签名错误", en: "a checkpoint's SM2 signature is wrong" },
  "checkpoint.otherLog": { zh: "混入了其他日志的检查点", en: "a checkpoint of another log lies here" },
  "cosignature.wrong": { zh: "见证签名错误", en: "a witness's cosignature is wrong" },
  "cosignature.belowQuorum": {
    zh: "见证签名数量不足",
    en: "fewer cosignatures than the trust file asks for",
  },
  "log.absent": { zh: "整份日志不在此处", en: "a whole log is not here" },
  "log.misplaced": { zh: "日志放在了另一日志的名下", en: "the log lies under another log's name" },
  "log.truncated": { zh: "日志被截断，条目缺失", en: "the log is truncated; the entry is gone" },
  "log.unsigned": { zh: "条目尚无检查点覆盖", en: "entries that no checkpoint covers yet" },
  "log.rootDiffers": { zh: "日志内容与已签名的检查点不符", en: "the log is not the one that was signed" },
  "log.forked": {
    zh: "日志与此前被签名或见证的历史不一致（分叉）",
    en: "the log contradicts a history that was signed or witnessed before (fork)",
  },
  "log.sm3RootDiffers": {
    zh: "SM3 树根与国密签名行不符",
    en: "the SM3 root differs from the one in the SM2 line",
  },
  "sighting.differs": {
    zh: "记录中的见证与日志不符（分叉）",
    en: "a sighting that the log itself holds contradicts it (fork)",
  },
  "tile.altered": { zh: "哈希树文件被改动，条目本身完好", en: "a file of the hash tree was altered" },
  "tile.missing": { zh: "哈希树文件缺失", en: "a hash of the tree is missing" },
  "block.altered": {
    zh: "这一段条目中有条目被改动",
    en: "an entry of this block was altered together with its hash",
  },
  "entry.altered": { zh: "条目被改动", en: "the entry was altered" },
  "entry.inserted": { zh: "插入了不属于日志的条目", en: "an entry that is not the log's was inserted" },
  "entry.reordered": { zh: "条目顺序被调换", en: "the entry was moved to another place" },
  "entry.removed": { zh: "条目被删除", en: "the entry was removed" },
  "entry.malformed": { zh: "条目格式错误", en: "the entry is malformed" },
  "entry.otherSuite": { zh: "条目的算法套件与日志不符", en: "the entry is not of the log's suite" },
  "entry.misnumbered": { zh: "条目编号与其位置不符", en: "the entry's number is not that of its place" },
  "stream.gap": { zh: "该数据流的计数有缺口", en: "the stream's counter has a hole" },
  "stream.repeated": { zh: "该数据流的计数重复或倒退", en: "the stream's counter repeats or goes back" },
  "clock.backwards": { zh: "单调时钟倒退", en: "the monotonic clock goes backwards" },
  "clock.ahead": {
    zh: "条目时间晚于见证人看到它的时间",
    en: "the entry's time is later than a witness saw it",
  },
  "clock.behind": {
    zh: "条目时间早于其前已记录的见证时间",
    en: "the entry's time is earlier than a witness's time logged before it",
  },
  "release.unbacked": {
    zh: "内容被释放，但没有档案的确认作为依据",
    en: "the content was released without an acknowledgement of the archive",
  },
  "absence.malformed": {
    zh: "释放或销毁记录无法读取，不能作为依据",
    en: "a release or erase record can't be read and explains nothing",
  },
  "excerpt.malformed": { zh: "节选说明文件格式错误", en: "the file that describes the excerpt is malformed" },
  "body.altered": { zh: "内容被改动", en: "the content was altered" },
  "body.otherEntry": {
    zh: "内容旁的条目副本与日志不符",
    en: "the copy of the entry beside the content differs",
  },
  "body.missing": { zh: "内容缺失", en: "the content is missing" },
  "body.released": { zh: "内容已移交档案后释放", en: "the content was released after the archive took it" },
  "body.erased": { zh: "内容已依法销毁", en: "the content was erased on a legal basis" },
  "body.awaited": { zh: "内容尚未移交到此处", en: "the content was not handed over to here yet" },
  "body.unreadable": { zh: "内容无法读取", en: "the content can't be read" },
  "source.malformed": { zh: "文件格式错误", en: "a file is malformed" },
  "source.unreadable": { zh: "文件无法读取", en: "a file can't be read" },
};
