/** A register or report as an A4 page that lies across: head, one table or more, lines to sign on. */
import type { ContentBlock, PageContent } from "../document-content.ts";
import { beijingDate, beijingDateTime } from "../time.ts";

export interface PageTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
export interface PageParts {
  readonly authority: string;
  readonly title: string;
  /** Period and what else says which page this is. */
  readonly number: string;
  readonly tables: readonly PageTable[];
  /** Share of the width that each column takes; tables of another width share it out by their content. */
  readonly widths: readonly number[];
  readonly signatures: readonly string[];
}

const NONE = "本期没有记录。";

export function pageOf(parts: PageParts): PageContent {
  const { authority, title, number, tables, widths, signatures } = parts;
  const body = tables.flatMap(({ caption, columns, rows }): readonly ContentBlock[] =>
    rows.length === 0
      ? [{ type: "notes", caption, notes: [NONE] }]
      : [{ type: "table", caption, columns, rows }],
  );
  return {
    lang: "zh",
    number,
    landscape: { widths },
    blocks: [
      { type: "authority", text: authority },
      { type: "title", text: title },
      { type: "number", text: number },
      ...body,
      { type: "signatures", slots: signatures, paperOnly: true },
    ],
  };
}

export const minute = (ms: number): string => beijingDateTime(ms).slice(0, 16);
/** `2026-10-01 至 2026-10-31` */
export function periodText(fromMs: number, toMs: number): string {
  return `${beijingDate(fromMs)} 至 ${beijingDate(Math.max(fromMs, toMs - 1))}`;
}
