/** 销毁清册 as a page for appraiser and approvers to sign. */
import type { PageContent } from "../../domain/document-content.ts";
import { minute, pageOf } from "../../domain/oversight/page.ts";
import type { EntryRef } from "../../domain/ids.ts";
import type { DestructionList } from "./retention-view.ts";

/** `log/1000–1039 log/1050`: a case file has thousands of entries, most of them side by side. */
function spansOf(refs: readonly EntryRef[]): string {
  const spans: { readonly logId: string; readonly from: number; to: number }[] = [];
  const sorted = refs.toSorted((a, b) => (a.logId < b.logId ? -1 : a.logId > b.logId ? 1 : a.seq - b.seq));
  for (const { logId, seq } of sorted) {
    const last = spans.at(-1);
    if (last?.logId === logId && seq === last.to + 1) last.to = seq;
    else spans.push({ logId, from: seq, to: seq });
  }
  return spans.map(({ logId, from, to }) => `${logId}/${from === to ? from : `${from}–${to}`}`).join("；");
}

export function destructionPage(authority: string, list: DestructionList): PageContent {
  const { listId, items, entries, drawnBy, drawnMs, appraisal, approvals, rejected, done } = list;
  const steps: readonly (readonly [string, string, number, string])[] = [
    ["造册", drawnBy, drawnMs, ""],
    ...(appraisal === undefined ? [] : [["鉴定", appraisal.by, appraisal.atMs, appraisal.opinion] as const]),
    ...approvals.map(({ by, atMs }) => ["批准", by, atMs, ""] as const),
    ...(rejected === undefined ? [] : [["不予销毁", rejected.by, rejected.atMs, rejected.why] as const]),
    ...(done === undefined ? [] : [["销毁", done.by, done.atMs, spansOf(done.erased)] as const]),
  ];
  return pageOf({
    authority,
    title: "档案（音像资料）销毁清册",
    number: `${listId}　${minute(drawnMs)}`,
    widths: [8, 20, 20, 52],
    tables: [
      {
        caption: `保管期限届满、拟销毁的材料，共${entries.reduce((sum, { seqs }) => sum + seqs.length, 0)}件`,
        columns: ["序号", "类别", "标识"],
        rows: items.map((item, index) => [
          String(index + 1),
          item.kind === "case" ? "案卷" : "执法记录仪文件",
          item.kind === "case" ? item.caseId : item.fileId,
        ]),
      },
      {
        caption: "办理经过",
        columns: ["步骤", "人员", "时间", "意见"],
        rows: steps.map(([step, by, atMs, words]) => [step, by, minute(atMs), words]),
      },
    ],
    signatures: ["鉴定人：", "批准人：", "批准人：", "监销人："],
  });
}
