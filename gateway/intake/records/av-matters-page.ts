/** 音像记录事项清单 as a page, from the same data that decides what is deficient. */
import type { PageContent } from "../../domain/document-content.ts";
import { pageOf } from "../../domain/oversight/page.ts";
import type { Profile } from "../../domain/profile.ts";
import type { AvRule, DocumentKinds } from "../../domain/records/document-kinds.ts";
import { printedArticle } from "../facts/material.ts";
import { dutyOf } from "../../domain/records/av-duty.ts";

/** What a rule is called on pages. */
export const AV_RULE_TEXT: Readonly<Record<AvRule, string>> = {
  required: "应当录音录像",
  audio: "应当录音",
  asNeeded: "根据需要",
  optional: "可以",
};

/** `第十四条`, of the regulation that the page names in its head; a part of an instrument keeps its letter. */
export function articleText(article: string): string {
  const part = /^S[0-4]-([ABC])-/.exec(article)?.[1];
  const printed = printedArticle(article.replace(/(?<=[0-9])[ab](?=$|\()/, ""));
  return part === undefined ? printed : `${part}部分${printed}`;
}

export function avMattersPage(authority: string, profile: Profile, kinds: DocumentKinds): PageContent {
  const rows = kinds.matters.flatMap(({ context, name, rules }): readonly (readonly string[])[] => {
    const own = rules[profile.regulation];
    const duty = dutyOf(context, own, profile);
    if (own === undefined && duty.rule === "optional") return [];
    const papers = kinds.kinds
      .filter(({ av }) => av.some((one) => one.context === context))
      .map((kind) => kind.name.zh);
    const exempt = (own?.exempt ?? []).map((code) => kinds.words.avReasons[code]?.zh ?? code);
    return [
      [
        name.zh,
        AV_RULE_TEXT[duty.rule],
        papers.join("、"),
        [...exempt, ...(duty.photoFallback ? ["可对重要环节拍照"] : [])].join("；"),
        duty.article === undefined ? "本机关规定" : articleText(duty.article),
      ],
    ];
  });
  return pageOf({
    authority,
    title: "音像记录事项清单",
    number: `${profile.name.zh}（${profile.version}）`,
    widths: [5, 20, 14, 34, 20, 12],
    tables: [
      {
        caption: "音像记录事项",
        columns: ["序号", "事项", "要求", "相关文书", "例外", "依据"],
        rows: rows.map((row, index) => [String(index + 1), ...row]),
      },
    ],
    signatures: ["法制部门："],
  });
}
