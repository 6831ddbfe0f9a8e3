/** Content of the outcomes: acceptance, late acceptance, the one-time notice, non-acceptance. */
import type { ContentBlock } from "../../domain/document-content.ts";
import type { DueDate, FactsOf } from "../../domain/document.ts";
import {
  address,
  basisText,
  field,
  materialTable,
  noticeItems,
  office,
  paragraph,
  parties,
  qr,
  seal,
  signatures,
} from "./blocks.ts";
import type { Voice } from "./wording.ts";

const receiptSlots = (v: Voice): ContentBlock =>
  signatures(
    v.say("申请人（代理人）签收：", "Received by applicant or agent:"),
    v.say("签收时间：", "On:"),
    v.say("送达人员签字：", "Handed over by:"),
  );

/** How every notice begins: whose application for what came in when. */
function applied(
  v: Voice,
  facts: FactsOf<"acceptanceNotice" | "lateAcceptanceNotice" | "correctionNotice" | "nonAcceptanceNotice">,
): string {
  const matter = v.word(facts.matter.name);
  return v.say(
    `你（单位）提出的“${matter}”申请，本机关于${v.day(facts.receivedAtMs)}收到申请材料。`,
    `This authority received your application for “${matter}” on ${v.day(facts.receivedAtMs)}.`,
  );
}

function decision(v: Voice, due: readonly DueDate[]): ContentBlock {
  const days = due.map((one) => v.due(one)).join(v.say("、", ", "));
  return paragraph(
    v.say(
      `本机关将不迟于${days}作出行政许可决定。依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的时间不计算在内，另行书面告知。`,
      `The decision is due no later than ${days}. Time for a hearing, tender, auction, inspection, testing, quarantine, appraisal or expert review isn't counted and is told in writing.`,
    ),
  );
}

function verification(v: Voice, facts: FactsOf<"acceptanceNotice">): readonly ContentBlock[] {
  if (facts.verification.length === 0) return [];
  return [
    {
      type: "items",
      caption: v.say("需要核实的事项", "To be verified"),
      items: facts.verification.map((one, index) => ({
        heading: `${index + 1}. ${one.item}`,
        fields: [field(v.say("核实理由", "Reason"), one.reason), field(v.say("核实时间", "Time"), one.when)],
      })),
    },
  ];
}

export function acceptanceNotice(v: Voice, facts: FactsOf<"acceptanceNotice">): readonly ContentBlock[] {
  const law = basisText(v, facts.basis);
  return [
    address(v, facts),
    paragraph(
      v.say(
        `${applied(v, facts)}经审查，申请事项属于本机关职权范围，申请材料齐全、符合法定形式。根据${law}的规定，决定自${v.date(facts.acceptedOn)}起予以受理。`,
        `${applied(v, facts)} The matter is within its powers and the materials are complete and in legal form. Under ${law} the application is accepted as of ${v.date(facts.acceptedOn)}.`,
      ),
    ),
    decision(v, facts.decisionDue),
    ...verification(v, facts),
    parties(v, facts),
    ...materialTable(v, v.say("申请材料", "Materials"), facts.materials),
    office(v, facts),
    receiptSlots(v),
    qr(v, facts),
    seal(v, facts),
  ];
}

export function lateAcceptanceNotice(
  v: Voice,
  facts: FactsOf<"lateAcceptanceNotice">,
): readonly ContentBlock[] {
  const law = basisText(v, facts.basis);
  return [
    address(v, facts),
    paragraph(
      v.say(
        `${applied(v, facts)}本机关未在${v.date(facts.limitPassedOn)}前告知需要补正的内容。根据${law}的规定，该申请自收到申请材料之日即${v.day(facts.receivedAtMs)}起即为受理，特此补发本通知。`,
        `${applied(v, facts)} No notice of missing materials was given by ${v.date(facts.limitPassedOn)}. Under ${law} the application counts as accepted from the day of receipt, ${v.day(facts.receivedAtMs)}; this notice is issued afterwards.`,
      ),
    ),
    decision(v, facts.decisionDue),
    parties(v, facts),
    ...materialTable(v, v.say("申请材料", "Materials"), facts.materials),
    office(v, facts),
    receiptSlots(v),
    qr(v, facts),
    seal(v, facts),
  ];
}

export function correctionNotice(v: Voice, facts: FactsOf<"correctionNotice">): readonly ContentBlock[] {
  const law = basisText(v, facts.basis);
  const { override, supplyDue } = facts;
  return [
    address(v, facts),
    paragraph(
      v.say(
        `${applied(v, facts)}经审查，申请材料不齐全或者不符合法定形式。根据${law}的规定，现将需要补正的全部内容一次性告知如下。`,
        `${applied(v, facts)} The materials are incomplete or not in legal form. Under ${law} everything that has to be supplied is stated here, all at once.`,
      ),
    ),
    noticeItems(v, v.say("需要补正的全部内容", "Everything to be supplied"), facts.items),
    {
      type: "fields",
      fields: [
        field(v.say("提交地点", "Where"), facts.supplyPlace),
        ...(supplyDue === undefined ? [] : [field(v.say("提交期限", "By when"), v.due(supplyDue))]),
        field(v.say("后果说明", "Consequence"), facts.consequence),
      ],
    },
    ...(override === undefined
      ? []
      : [
          paragraph(
            v.say(
              `本次为再次告知，批准人：${override.approver}；理由：${override.reason}；依据：${override.basis}。`,
              `This is a repeated notice, approved by ${override.approver}; reason: ${override.reason}; basis: ${override.basis}.`,
            ),
          ),
        ]),
    parties(v, facts),
    office(v, facts),
    receiptSlots(v),
    qr(v, facts),
    seal(v, facts),
  ];
}

function ground(v: Voice, facts: FactsOf<"nonAcceptanceNotice">): readonly ContentBlock[] {
  const { because } = facts;
  switch (because.ground) {
    case "notOurs":
      return [
        paragraph(
          v.say(
            `该事项依法不属于本机关职权范围，请向${v.word(because.competentAuthority)}提出申请（${because.whereabouts}）。`,
            `The matter isn't within the powers of this authority. Please apply to ${v.word(because.competentAuthority)} (${because.whereabouts}).`,
          ),
        ),
      ];
    case "noPermitNeeded":
      return [paragraph(v.say("该事项依法不需要取得行政许可。", "The matter needs no licence by law."))];
    case "incomplete":
      break;
  }
  return [
    noticeItems(
      v,
      v.say("不齐全或者不符合法定形式的全部内容", "Everything missing or not in legal form"),
      because.items,
    ),
  ];
}

export function nonAcceptanceNotice(
  v: Voice,
  facts: FactsOf<"nonAcceptanceNotice">,
): readonly ContentBlock[] {
  const law = basisText(v, facts.basis);
  return [
    address(v, facts),
    paragraph(
      v.say(
        `${applied(v, facts)}根据${law}的规定，本机关决定不予受理。`,
        `${applied(v, facts)} Under ${law} this authority doesn't accept it.`,
      ),
    ),
    paragraph(v.say(`理由：${facts.reasons}`, `Reasons: ${facts.reasons}`)),
    ...ground(v, facts),
    ...materialTable(v, v.say("退回的申请材料", "Materials returned"), facts.returned),
    { type: "notes", caption: v.say("救济途径", "Remedies"), notes: facts.remedies },
    parties(v, facts),
    office(v, facts),
    receiptSlots(v),
    qr(v, facts),
    seal(v, facts),
  ];
}
