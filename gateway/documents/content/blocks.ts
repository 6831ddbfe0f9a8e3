/**
 * The blocks that documents share: head, parties, lists, law, copies, seal, signatures, QR.
 * Invariant: a block is left out only where its facts are absent, never emptied.
 */
import type { ContentBlock, ContentField } from "../../domain/document-content.ts";
import type {
  Authority,
  DocumentFacts,
  DocumentFactsBase,
  LegalBasis,
  ListedMaterial,
  NoticeItem,
  Wording,
} from "../../domain/document.ts";
import { type Voice, maskedMeans, materialRow } from "./wording.ts";

export const paragraph = (text: string): ContentBlock => ({ type: "paragraph", text, indent: true });
export const field = (label: string, value: string): ContentField => ({ label, value });

/** Several laws in one breath, with the marks of the language. */
export function basisText(v: Voice, basis: readonly LegalBasis[]): string {
  return basis.map((one) => v.basis(one)).join(v.say("、", ", "));
}

/** In whose name a paper is issued: whoever was entrusted acts in the name of who entrusted them (行政许可法 24). */
function inNameOf({ name, power }: Authority): Wording {
  return power?.basis === "entrusted" ? power.by : name;
}

/** On whose authority the paper is issued (S2-2). */
function powerField(v: Voice, { name, power }: Authority): readonly ContentField[] {
  if (power === undefined) return [];
  const said = {
    own: v.say("本机关法定职权", "this authority's own powers"),
    authorised: v.say("法律、法规授权，以本单位名义办理", "authorised by law, in its own name"),
    entrusted:
      power.basis === "entrusted"
        ? v.say(
            `受${v.word(power.by)}委托，由${v.word(name)}以其名义办理`,
            `entrusted by ${v.word(power.by)}, in whose name ${v.word(name)} acts`,
          )
        : "",
  };
  return [field(v.say("执法权限", "Authority"), said[power.basis])];
}

export function head(v: Voice, facts: DocumentFacts): readonly ContentBlock[] {
  return [
    { type: "authority", text: v.word(inNameOf(facts.authority)) },
    { type: "title", text: v.word(facts.title) },
    { type: "number", text: facts.number },
  ];
}

/** Said on a paper that stands in for one whose number was made void. */
export function replacement(v: Voice, { replaces }: DocumentFactsBase): readonly ContentBlock[] {
  if (replaces === undefined) return [];
  return [
    paragraph(
      v.say(
        `本文书替代已作废的${replaces.number}（作废原因：${replaces.reason}）。`,
        `This paper stands in for ${replaces.number}, which is void (reason: ${replaces.reason}).`,
      ),
    ),
  ];
}

/** 张三： – the line a notice opens with. */
export function address(v: Voice, facts: DocumentFactsBase): ContentBlock {
  return { type: "paragraph", text: `${facts.applicant.name}${v.say("：", ":")}`, indent: false };
}

type CounterFacts = Exclude<DocumentFacts, { readonly kind: "serviceReceipt" }>;

/** Who applies for what, and when the materials came in. */
export function parties(v: Voice, facts: CounterFacts): ContentBlock {
  const { applicant, agent, contact, matter } = facts;
  const masked = maskedMeans(contact.means);
  return {
    type: "fields",
    fields: [
      field(v.say("申请人", "Applicant"), applicant.name),
      ...(applicant.maskedId === undefined
        ? []
        : [field(v.say("证件号码", "ID number"), applicant.maskedId)]),
      ...(agent === undefined
        ? []
        : [
            field(v.say("委托代理人", "Agent"), agent.name),
            field(v.say("授权文件", "Authorised by"), agent.authorisation),
          ]),
      field(v.say("联系人", "Contact"), contact.person),
      {
        ...field(v.say("联系方式", "Reach at"), contact.means),
        ...(masked === contact.means ? {} : { slipValue: masked }),
      },
      field(v.say("申请事项", "Matter"), v.word(matter.name)),
      field(v.say("事项编码", "Matter code"), matter.code),
      field(v.say("收到材料时间", "Received"), v.moment(facts.receivedAtMs)),
    ],
  };
}

export function materialTable(
  v: Voice,
  caption: string,
  materials: readonly ListedMaterial[],
): readonly ContentBlock[] {
  if (materials.length === 0) return [];
  const columns = [
    v.say("序号", "No."),
    v.say("材料名称", "Material"),
    v.say("形式", "Form"),
    v.say("份数", "Copies"),
    v.say("页数", "Pages"),
    v.say("载体", "Medium"),
  ];
  return [
    { type: "table", caption, columns, rows: materials.map((one, index) => materialRow(v, one, index)) },
  ];
}

export function noticeItems(v: Voice, caption: string, items: readonly NoticeItem[]): ContentBlock {
  return {
    type: "items",
    caption,
    items: items.map((item, index) => ({
      heading: `${index + 1}. ${v.word(item.material)}`,
      fields: [
        field(v.say("存在问题", "Defect"), item.defect),
        field(v.say("补正要求", "Required"), item.required),
        field(v.say("依据", "Basis"), item.basis),
        field(v.say("补正方式", "How"), item.how),
        field(v.say("目录条目", "Catalogue"), item.entry),
      ],
    })),
  };
}

const COPY_TO = {
  applicant: ["申请人", "applicant"],
  file: ["存档", "file"],
  legalSection: ["法制部门", "legal section"],
} as const;

/** Officers, phone, copies; what is the same at the end of every document. */
export function office(v: Voice, facts: DocumentFactsBase): ContentBlock {
  const total = facts.copies.reduce((sum, copy) => sum + copy.count, 0);
  const where = facts.copies
    .map(({ to, count }) => v.say(`${COPY_TO[to][0]}${count}份`, `${count} for the ${COPY_TO[to][1]}`))
    .join(v.say("，", ", "));
  return {
    type: "fields",
    fields: [
      field(
        v.say("经办人员", "Officers"),
        facts.officers.map((one) => v.officer(one)).join(v.say("；", "; ")),
      ),
      field(v.say("咨询电话", "Telephone"), facts.phone),
      field(v.say("机关代码", "Authority code"), facts.authority.code),
      ...powerField(v, facts.authority),
      field(v.say("文书份数", "Copies"), v.say(`一式${total}份：${where}`, `${total}: ${where}`)),
    ],
  };
}

/** Slot for the wet seal; the mode is physical, so the box stays empty (REGULATIONS 8.1). */
export function seal(v: Voice, facts: DocumentFactsBase): ContentBlock {
  const date = v.day(facts.issuedAtMs);
  return {
    type: "seal",
    slot: v.say("〔印章〕", "[Seal]"),
    authority: v.word(inNameOf(facts.authority)),
    date: facts.timeProvisional ? v.say(`${date}（时间暂定）`, `${date} (time provisional)`) : date,
  };
}

export function signatures(...slots: readonly string[]): ContentBlock {
  return { type: "signatures", slots, paperOnly: true };
}

export function qr(v: Voice, facts: DocumentFactsBase): ContentBlock {
  return {
    type: "qr",
    captions: [
      v.say("扫码核验本文书", "Scan to verify this document"),
      ...(facts.claimable
        ? [v.say("凭取件码可在自助终端查阅", "Read it at the kiosk with the claim code")]
        : []),
    ],
  };
}
