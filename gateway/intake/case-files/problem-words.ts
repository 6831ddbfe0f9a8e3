/**
 * What a check found wrong, in Chinese: the report keeps ids and codes, the page says what they mean. Invariant: an id
 * stays as it is; what has no word here stays as the report has it, so nothing is ever hidden.
 */
import { minute } from "../../domain/oversight/page.ts";
import type { DocumentKinds } from "../../domain/records/document-kinds.ts";
import type { LackKind } from "../../domain/records/judge-record.ts";

const LACK: Readonly<Record<LackKind, string>> = {
  field: "未填写",
  signature: "缺少签字",
  officers: "执法人员不足两名",
  certificate: "缺少执法证件号",
  certificateShown: "未记录出示证件",
  avMissing: "缺少音像记录或者原因",
  interrupted: "音像记录中断，未说明原因",
  timeMismatch: "文书时间与音像起止时间不一致",
  notApproved: "未经批准",
};
/** What a stage, a paper or a stretch of footage lacks. */
const MISSING: Readonly<Record<string, string>> = {
  record: "没有记录",
  rendition: "没有正式版式文件",
  footage: "没有音像",
  gone: "已不存在",
  file: "文件",
};
/** Causes of gaps, as the recorder writes them. */
const CAUSE: Readonly<Record<string, string>> = {
  unauthorized: "用户名或密码不正确",
  unreachable: "无法连接",
  notFound: "摄像机上没有这路码流",
  refused: "摄像机拒绝连接",
  badAnswer: "摄像机的应答无法识别",
  unsupported: "不支持的码流",
  timeout: "摄像机没有应答",
  disconnected: "连接中断",
  stalled: "画面停滞",
  packetLoss: "网络丢包",
  timeJump: "摄像机时间跳变",
  clockStep: "系统时钟调整",
  diskSlow: "存储过慢",
  diskFull: "磁盘已满",
  restart: "系统重启",
  stopped: "人为停止",
  notRecorded: "没有录像",
};
const CODE: Readonly<Record<string, string>> = {
  "evidence.bodyCorrupt": "正文与散列值不符",
  "evidence.bodyMissing": "正文缺失",
  "evidence.noSuchEntry": "条目不存在",
};
/** A gap stands as `from-to`, UTC ms. */
const MOMENT = /^1[0-9]{12}$/;

/** One problem of a report as people read it. */
export function problemText(problem: string, kinds: DocumentKinds): string {
  const { words } = kinds;
  const word = (token: string): string =>
    MOMENT.test(token)
      ? minute(Number(token))
      : (LACK[token as LackKind] ??
        CODE[token] ??
        words.stages[token]?.zh ??
        words.fields[token]?.zh ??
        words.signers[token]?.zh ??
        kinds.matter(token)?.name.zh ??
        MISSING[token] ??
        CAUSE[token] ??
        token);
  return problem
    .split(/(\s+|[,:|]\s*|(?<=[0-9]{13})-(?=[0-9]{13}))/)
    .map((part, index) => (index % 2 === 0 ? word(part) : separator(part)))
    .join("");
}

function separator(text: string): string {
  if (text.startsWith(",")) return "、";
  if (text.startsWith(":")) return "：";
  if (text.startsWith("|")) return "或者";
  return text === "-" ? "至" : " ";
}
