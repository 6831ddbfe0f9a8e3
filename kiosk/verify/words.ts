/** What an outcome is called, in words that a citizen and a court can act on. */
import { msg, str } from "@lit/localize";
import type { IconName } from "../elements/icon.ts";
import { dayAndClock } from "../text/format.ts";
import { pick } from "../text/language.ts";
import type { Outcome } from "./check.ts";

export interface Words {
  readonly tone: "ok" | "warn" | "bad" | "unknown";
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
}

type Answer = Extract<Outcome, { by: "gateway" }>["answer"];
type Verdict = Extract<Outcome, { by: "keys" }>["verdict"];
type Facts = Words["facts"];

const words = (tone: Words["tone"], title: string, text: string, facts: Facts = []): Words => ({
  tone,
  icon: ({ ok: "check", warn: "warning", bad: "cross", unknown: "ring" } as const)[tone],
  title,
  text,
  facts,
});

const number = (value: string) => [msg("文号", { id: "verify.number" }), value] as const;
const issued = (ms: number) => [msg("签发时间", { id: "verify.issued" }), dayAndClock(ms)] as const;

export function wordsOf(outcome: Outcome): Words {
  if (outcome.by === "gateway") return ofAnswer(outcome.answer);
  if (outcome.by === "keys") return ofVerdict(outcome.verdict);
  return words(
    "unknown",
    msg("无法判断", { id: "verify.cannotTell" }),
    msg("这个浏览器不能核对电子签名，请换用较新的浏览器。", { id: "verify.noCrypto" }),
  );
}

function ofAnswer(answer: Answer): Words {
  if (answer.result === "erased")
    return words(
      "ok",
      msg("内容已依法销毁，签发证明仍然有效", { id: "verify.erased" }),
      msg("本机确实签发过这份文书；保管期满后内容已依法销毁，无法再核对文字。", { id: "verify.erasedText" }),
      [issued(answer.issuedAt)],
    );
  return answer.result === "genuine" ? ofGenuine(answer) : ofFault(answer);
}

function ofGenuine(answer: Extract<Answer, { result: "genuine" }>): Words {
  const facts: Facts = [
    [msg("文书", { id: "verify.document" }), pick(answer.title)],
    number(answer.number),
    issued(answer.issuedAt),
    ...(answer.duplicates
      ? [
          [
            msg("副本", { id: "verify.duplicates" }),
            msg("凭条打印过不止一次；第二次起印有“副本”字样", { id: "verify.duplicatesText" }),
          ] as const,
        ]
      : []),
  ];
  if (answer.standing === "voided")
    return words(
      "bad",
      msg("文书已作废", { id: "verify.voided" }),
      msg("这份文书由本机签发，但文号已经作废，不再有效。请到窗口领取重新签发的文书。", {
        id: "verify.voidedText",
      }),
      facts,
    );
  if (answer.standing === "superseded")
    return words(
      "warn",
      msg("文书真实，但已有新的文书", { id: "verify.superseded" }),
      msg("同一事项之后又签发了同类文书，请以最后一份为准。", { id: "verify.supersededText" }),
      facts,
    );
  return words(
    "ok",
    msg("文书真实", { id: "verify.genuine" }),
    answer.pdf === "same"
      ? msg("电子文件与签发时完全一致。", { id: "verify.genuinePdf" })
      : msg("请核对下面的内容与纸上是否一致；不一致的，纸张被改动过。", { id: "verify.compare" }),
    facts,
  );
}

function ofVerdict(verdict: Verdict): Words {
  if (verdict.result !== "genuine") return ofFault(verdict);
  const log = [msg("签发日志", { id: "verify.log" }), verdict.checkpoint.origin] as const;
  const seen = verdict.seen.map(
    ({ by, timeS }) =>
      [
        msg("见证", { id: "verify.seen" }),
        msg(str`${by}，${dayAndClock(timeS * 1000)}`, { id: "verify.seenBy" }),
      ] as const,
  );
  const sm2 = sm2Words(verdict.national);
  if (verdict.of === "qr")
    return words(
      "ok",
      msg("二维码真实", { id: "verify.seal" }),
      msg(
        "二维码由所列机关的签名密钥签发。离线时不能核对纸上的文字和是否作废：请联网查验，或一并打开电子凭据和 PDF。",
        {
          id: "verify.sealText",
        },
      ),
      [log, ...sm2],
    );
  const entered = verdict.enteredMs === undefined ? [] : [issued(verdict.enteredMs)];
  if (verdict.pdf === "same")
    return words(
      "ok",
      msg("文书真实", { id: "verify.genuine" }),
      msg("PDF 与签发时完全一致。是否作废须联网查验。", { id: "verify.genuineOffline" }),
      [...(verdict.number === undefined ? [] : [number(verdict.number)]), ...entered, log, ...seen, ...sm2],
    );
  return words(
    "ok",
    msg("电子凭据真实", { id: "verify.receipt" }),
    msg("这份凭据证明所列时间签发过一份文书。要核对内容，请再打开文书的 PDF。", { id: "verify.receiptText" }),
    [...entered, log, ...seen, ...sm2],
  );
}

/** A browser has no SM2: what it did not look at is said beside what it found. */
function sm2Words(national: Extract<Verdict, { result: "genuine" }>["national"]): Facts {
  const label = msg("国密签名（SM2）", { id: "verify.sm2" });
  if (national === "unchecked")
    return [
      [label, msg("未核对：浏览器只核对 Ed25519 签名，SM2 签名请联网查验", { id: "verify.sm2Unchecked" })],
    ];
  if (national === "notOnPaper")
    return [[label, msg("未核对：二维码只带 Ed25519 签名，不带 SM2 签名", { id: "verify.sm2NotInQr" })]];
  return [];
}

function ofFault(
  fault:
    | Extract<Answer, { result: "altered" | "cannotTell" }>
    | Extract<Verdict, { result: "altered" | "cannotTell" }>,
): Words {
  if (fault.result === "altered")
    return words("bad", msg("已被改动或系伪造", { id: "verify.altered" }), alteredText(fault.why));
  return words("unknown", msg("无法判断", { id: "verify.cannotTell" }), unknownText(fault.why));
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which the compiler proves
function alteredText(why: "signature" | "proof" | "pdf" | "notThisPaper"): string {
  switch (why) {
    case "signature":
      return msg("签名与内容不符：二维码或凭据被改动过。", { id: "verify.badSignature" });
    case "proof":
      return msg("凭据中的证明与签名不符：凭据被改动过。", { id: "verify.badProof" });
    case "pdf":
      return msg("PDF 与签发时的文件不同：文件被改动过，或不是同一份文书。", { id: "verify.badPdf" });
    case "notThisPaper":
      return msg("签名属实，但不属于所指的文书：二维码或凭据被改动过。", { id: "verify.notThisPaper" });
  }
}

// oxlint-disable-next-line typescript/consistent-return -- the switch is exhaustive, which the compiler proves
function unknownText(why: "notAPaper" | "noKey" | "notFinished" | "logDisagrees"): string {
  switch (why) {
    case "notAPaper":
      return msg("这不是文书的二维码或电子凭据，请重新扫描完整的二维码。", { id: "verify.notAPaper" });
    case "noKey":
      return msg("不是本处签发的文书，或签名密钥未知。请到文书所列机关查验。", { id: "verify.noKey" });
    case "notFinished":
      return msg("现在还不能查验此文书，请稍后再试，或者向窗口询问。", { id: "verify.notFinished" });
    case "logDisagrees":
      return msg("纸上的签名属实，但本机的日志与它不符。已通知技术员，请保留原件。", {
        id: "verify.logDisagrees",
      });
  }
}
