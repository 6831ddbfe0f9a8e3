/**
 * A document's content as a slip: the same words in the same order, narrow.
 * Invariant: claim code and duplicate mark are added here, beside the content and outside every hashed byte (I8).
 */
import { type ContentBlock, type DocumentContent, blocksFor } from "../../domain/document-content.ts";
import type { SlipLine } from "./slip.ts";

export interface SlipExtras {
  /** PNG of the QR, one pixel per dot. */
  readonly qrPng: Uint8Array;
  /** Eight digits; printed once, stored nowhere. */
  readonly claimCode?: string;
  /** How many times this document was printed before, when it was. */
  readonly printedBefore: number;
}

const text = (words: string, change: Partial<Extract<SlipLine, { type: "text" }>> = {}): SlipLine => ({
  type: "text",
  text: words,
  align: "left",
  scale: 1,
  bold: false,
  ...change,
});

/** Between the cells of a table's row, which has no columns on a slip. */
const CELL_GAP = " / ";

function blockLines(block: ContentBlock, extras: SlipExtras): readonly SlipLine[] {
  switch (block.type) {
    case "authority":
      return [text(block.text, { align: "centre", bold: true })];
    case "title":
      return [text(block.text, { align: "centre", bold: true, scale: 2 }), { type: "feed" }];
    case "number":
      return [text(block.text, { align: "centre" })];
    case "paragraph":
      return [text(block.text)];
    case "fields":
      return block.fields.map(({ label, value, slipValue }) => ({
        type: "pair",
        label,
        value: slipValue ?? value,
      }));
    case "table":
      return [
        text(block.caption, { bold: true }),
        text(block.columns.join(CELL_GAP)),
        ...block.rows.map((row) => text(row.join(CELL_GAP))),
      ];
    case "items":
      return [
        text(block.caption, { bold: true }),
        ...block.items.flatMap(({ heading, fields }): readonly SlipLine[] => [
          text(heading, { bold: true }),
          ...fields.map(({ label, value, slipValue }) => ({
            type: "pair" as const,
            label,
            value: slipValue ?? value,
          })),
        ]),
      ];
    case "notes":
      return [text(block.caption, { bold: true }), ...block.notes.map((note) => text(note))];
    case "seal":
      return [
        text(block.slot, { align: "right" }),
        text(block.authority, { align: "right" }),
        text(block.date, { align: "right" }),
      ];
    case "signatures":
      return [];
    case "qr":
      break;
  }
  return [
    { type: "image", png: extras.qrPng },
    ...block.captions.map((caption) => text(caption, { align: "centre" })),
  ];
}

/** `12345678` as `1234 5678`. */
const grouped = (code: string): string => code.replace(/(.{4})(?=.)/g, "$1 ");

function ruled(block: ContentBlock): boolean {
  return (
    block.type === "number" || block.type === "fields" || block.type === "items" || block.type === "table"
  );
}

/** Lines of the whole slip. */
export function slipLines(content: DocumentContent, extras: SlipExtras): readonly SlipLine[] {
  const zh = content.lang === "zh";
  const { printedBefore, claimCode } = extras;
  const copyMark = zh ? `副本（第${printedBefore + 1}次打印）` : `Duplicate (print ${printedBefore + 1})`;
  const lines: SlipLine[] = [];
  for (const block of blocksFor(content, "slip")) {
    if (block.type === "qr" && claimCode !== undefined)
      lines.push(
        text(zh ? "取件码" : "Claim code", { align: "centre" }),
        text(grouped(claimCode), { align: "centre", bold: true, scale: 3 }),
        { type: "rule" },
      );
    lines.push(...blockLines(block, extras));
    if (block.type === "title" && printedBefore > 0)
      lines.push(text(copyMark, { align: "centre", bold: true }));
    if (ruled(block)) lines.push({ type: "rule" });
  }
  return [...lines, { type: "feed" }];
}
