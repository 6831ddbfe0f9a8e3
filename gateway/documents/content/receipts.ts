/** Content of the receipts: materials taken in, supplements taken in, materials handed back, corrections made. */
import type { ContentBlock } from "../../domain/document-content.ts";
import type { FactsOf } from "../../domain/document.ts";
import {
  basisText,
  field,
  materialTable,
  office,
  paragraph,
  parties,
  qr,
  seal,
  signatures,
} from "./blocks.ts";
import type { Voice } from "./wording.ts";

/** 补录: entered after it happened; both times stand on the paper. */
function entered(
  v: Voice,
  facts: { readonly lateEntry?: string; readonly issuedAtMs: number },
): readonly ContentBlock[] {
  const { lateEntry, issuedAtMs } = facts;
  if (lateEntry === undefined) return [];
  return [
    paragraph(
      v.say(
        `本次收件为事后补录，补录时间：${v.moment(issuedAtMs)}，原因：${lateEntry}。期限仍自实际收到材料之时起算。`,
        `Entered afterwards, on ${v.moment(issuedAtMs)}, because: ${lateEntry}. Time still runs from when the materials were received.`,
      ),
    ),
  ];
}

const signOff = (v: Voice): ContentBlock =>
  signatures(
    v.say("申请人（代理人）签字：", "Applicant or agent:"),
    v.say("签字时间：", "Signed on:"),
    v.say("收件人员签字：", "Received by:"),
  );

export function materialReceipt(v: Voice, facts: FactsOf<"materialReceipt">): readonly ContentBlock[] {
  const limits = facts.noticeDue.map((due) => v.due(due)).join(v.say("、", ", "));
  return [
    parties(v, facts),
    ...materialTable(v, v.say("收到的申请材料", "Materials received"), facts.materials),
    ...(facts.amends === undefined
      ? []
      : [
          paragraph(
            v.say(
              `申请人当场补交材料，本凭证所列清单替代${facts.amends}所列清单，收到材料的时间不变。`,
              `Something was handed in at once; this list takes the place of the one in ${facts.amends}. The time of receipt stays.`,
            ),
          ),
        ]),
    ...entered(v, facts),
    paragraph(
      v.say(
        `本凭证证明本机关已收到上列材料，不表示申请已被受理。期限自收到材料之日起计算：申请材料不齐全或者不符合法定形式的，本机关应当当场或者不迟于${limits}一次性告知需要补正的全部内容；逾期不告知的，自收到申请材料之日起即为受理。`,
        `This receipt proves that the materials listed were received; it doesn't mean that the application is accepted. Time runs from the day of receipt: if anything is missing or not in legal form, this authority has to say so all at once, on the spot or no later than ${limits}; if it doesn't, the application counts as accepted from the day of receipt.`,
      ),
    ),
    paragraph(v.say(`依据：${basisText(v, facts.basis)}。`, `Basis: ${basisText(v, facts.basis)}.`)),
    office(v, facts),
    signOff(v),
    qr(v, facts),
    seal(v, facts),
  ];
}

export function supplementReceipt(v: Voice, facts: FactsOf<"supplementReceipt">): readonly ContentBlock[] {
  const missing = facts.outstanding.map((one) => v.word(one)).join(v.say("、", ", "));
  return [
    parties(v, facts),
    paragraph(
      v.say(
        `上述申请按照${facts.answersNumber}补正的材料已于${v.moment(facts.issuedAtMs)}收到，清单如下。`,
        `The materials supplied in answer to ${facts.answersNumber} were received on ${v.moment(facts.issuedAtMs)}, as listed.`,
      ),
    ),
    ...materialTable(v, v.say("收到的补正材料", "Supplements received"), facts.materials),
    ...entered(v, facts),
    paragraph(
      missing === ""
        ? v.say("通知要求补正的材料已全部收到。", "Everything the notice asked for has been received.")
        : v.say(
            `仍待补正：${missing}。上列内容均为原通知已经告知的事项。`,
            `Still outstanding: ${missing}. All of these were named in the original notice.`,
          ),
    ),
    paragraph(v.say(`依据：${basisText(v, facts.basis)}。`, `Basis: ${basisText(v, facts.basis)}.`)),
    office(v, facts),
    signOff(v),
    qr(v, facts),
    seal(v, facts),
  ];
}

export function materialReturnList(v: Voice, facts: FactsOf<"materialReturnList">): readonly ContentBlock[] {
  return [
    parties(v, facts),
    paragraph(
      v.say(
        `依据${facts.underNumber}，下列申请材料退回申请人。退回原因：${facts.reason}`,
        `Under ${facts.underNumber} these materials are handed back to the applicant. Reason: ${facts.reason}`,
      ),
    ),
    ...materialTable(v, v.say("退回的申请材料", "Materials returned"), facts.materials),
    paragraph(v.say(`依据：${basisText(v, facts.basis)}。`, `Basis: ${basisText(v, facts.basis)}.`)),
    office(v, facts),
    signatures(
      v.say("申请人（代理人）签收：", "Taken back by:"),
      v.say("签收时间：", "On:"),
      v.say("退件人员签字：", "Handed back by:"),
    ),
    qr(v, facts),
    seal(v, facts),
  ];
}

export function correctionRecord(v: Voice, facts: FactsOf<"correctionRecord">): readonly ContentBlock[] {
  return [
    parties(v, facts),
    {
      type: "items",
      caption: v.say("当场更正的内容", "Corrections made on the spot"),
      items: facts.corrections.map((one, index) => ({
        heading: `${index + 1}. ${v.word(one.material)}`,
        fields: [
          field(v.say("更正之处", "Place"), one.place),
          field(v.say("原内容", "Before"), one.before),
          field(v.say("更正后", "After"), one.after),
          field(
            v.say("更正人", "Corrected by"),
            v.say(`${one.corrector}（${one.entitledAs}）`, `${one.corrector} (${one.entitledAs})`),
          ),
          field(v.say("更正时间", "On"), v.moment(one.atMs)),
        ],
      })),
    },
    paragraph(
      v.say(
        `更正人已在更正处签名或者盖章，并注明更正日期。依据：${basisText(v, facts.basis)}。`,
        `The person who corrected has signed or sealed at each correction and dated it. Basis: ${basisText(v, facts.basis)}.`,
      ),
    ),
    office(v, facts),
    signatures(
      v.say("更正人签字：", "Corrected by:"),
      v.say("签字时间：", "Signed on:"),
      v.say("见证人员签字：", "Officer:"),
    ),
    qr(v, facts),
    seal(v, facts),
  ];
}
