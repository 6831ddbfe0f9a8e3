/** Content of the record of an oral application 口头申请记录 (S0-8, S2-5): what was said, read back and signed. */
import type { ContentBlock } from "../../domain/document-content.ts";
import type { FactsOf } from "../../domain/document.ts";
import { basisText, field, office, paragraph, parties, qr, seal, signatures } from "./blocks.ts";
import type { Voice } from "./wording.ts";

export function oralApplicationRecord(
  v: Voice,
  facts: FactsOf<"oralApplicationRecord">,
): readonly ContentBlock[] {
  return [
    parties(v, facts),
    {
      type: "fields",
      fields: [
        field(
          v.say("口述人", "Spoken by"),
          v.say(`${facts.speaker}（${facts.relation}）`, `${facts.speaker} (${facts.relation})`),
        ),
      ],
    },
    paragraph(v.say(`申请内容：${facts.statement}`, `Applied for: ${facts.statement}`)),
    paragraph(
      v.say(
        `以上记录已向口述人宣读或者由其阅读，经核对无误。依据：${basisText(v, facts.basis)}。`,
        `The record was read to or by the speaker and found right. Basis: ${basisText(v, facts.basis)}.`,
      ),
    ),
    office(v, facts),
    signatures(
      v.say("口述人签字：", "Spoken by:"),
      v.say("签字时间：", "Signed on:"),
      v.say("记录人员签字：", "Written down by:"),
    ),
    qr(v, facts),
    seal(v, facts),
  ];
}
