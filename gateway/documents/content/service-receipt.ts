/** Content of the proof of service 送达回证, with what each way of serving has to state (S0-20 to 24, S4-12). */
import type { ContentBlock, ContentField } from "../../domain/document-content.ts";
import type { FactsOf, ServiceMade } from "../../domain/document.ts";
import { field, office, qr, seal, signatures } from "./blocks.ts";
import type { Voice } from "./wording.ts";

function serviceFields(v: Voice, service: ServiceMade): readonly ContentField[] {
  const method = v.say("送达方式", "Way of service");
  switch (service.method) {
    case "direct":
      return [
        field(method, v.say("直接送达", "direct")),
        field(v.say("签收人", "Taken by"), service.signee),
        ...(service.relation === undefined
          ? []
          : [field(v.say("与受送达人关系", "Relation to recipient"), service.relation)]),
      ];
    case "postal":
      return [
        field(method, v.say("邮寄送达", "by post")),
        ...(service.mail === undefined
          ? []
          : [
              field(
                v.say("邮件种类", "Kind of mail"),
                service.mail === "registered" ? v.say("挂号信", "registered") : v.say("特快专递", "express"),
              ),
            ]),
        field(v.say("邮件号码", "Postal number"), service.postalNo),
      ];
    case "leaving":
      return [
        field(method, v.say("留置送达", "left at the place")),
        field(v.say("拒收事由", "Refusal"), service.refusal),
        ...(service.refusedOn === undefined
          ? []
          : [field(v.say("拒收日期", "Refused on"), v.date(service.refusedOn))]),
        field(v.say("见证人", "Witness"), service.witness),
      ];
    case "entrusted":
    case "forwarded":
      return [
        field(
          method,
          service.method === "entrusted" ? v.say("委托送达", "entrusted") : v.say("转交送达", "forwarded"),
        ),
        field(v.say("受托单位", "Through"), service.through),
        field(v.say("事由", "Reason"), service.reason),
      ];
    case "publicNotice":
      break;
  }
  return [
    field(method, v.say("公告送达", "public notice")),
    field(v.say("公告载体", "Medium"), service.medium),
    ...(service.publishedOn === undefined
      ? []
      : [field(v.say("公告日期", "Published on"), v.date(service.publishedOn))]),
    ...(service.periodDays === undefined
      ? []
      : [field(v.say("公告期限", "Period"), v.say(`${service.periodDays}日`, `${service.periodDays} days`))]),
    field(v.say("已试送达方式", "Tried before"), service.failedAttempts.join(v.say("；", "; "))),
    ...(service.reason === undefined ? [] : [field(v.say("原因和经过", "Reason"), service.reason)]),
  ];
}

export function serviceReceipt(v: Voice, facts: FactsOf<"serviceReceipt">): readonly ContentBlock[] {
  return [
    {
      type: "fields",
      fields: [
        field(v.say("受送达人", "Recipient"), facts.recipient),
        field(v.say("案由", "Matter"), v.word(facts.matter.name)),
        field(v.say("事项编码", "Matter code"), facts.matter.code),
      ],
    },
    {
      type: "table",
      caption: v.say("送达文书", "Documents served"),
      columns: [
        v.say("序号", "No."),
        v.say("文书名称", "Document"),
        v.say("文书编号", "Number"),
        v.say("份数", "Copies"),
      ],
      rows: facts.served.map((one, index) => [String(index + 1), one.title, one.number, String(one.copies)]),
    },
    {
      type: "fields",
      fields: [
        ...serviceFields(v, facts.service),
        field(v.say("送达地点", "Place"), facts.place),
        field(v.say("送达时间", "Served on"), v.moment(facts.servedAtMs)),
      ],
    },
    office(v, facts),
    signatures(
      v.say("受送达人（签收人）签字：", "Recipient or signee:"),
      v.say("签收时间：", "On:"),
      v.say("送达人签字：", "Server:"),
      v.say("见证人签字：", "Witness:"),
    ),
    qr(v, facts),
    seal(v, facts),
  ];
}
