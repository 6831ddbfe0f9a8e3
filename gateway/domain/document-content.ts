/**
 * A document as ordered blocks of finished text: the one source of A4 page, slip and screen.
 * Invariant: a medium may leave out blocks marked for paper only, but never words a text itself.
 */
import type { DocumentKind } from "./document.ts";

export type ContentLang = "zh" | "en";

/** A label with its value; `slipValue` stands in on the slip, where other eyes may fall on it. */
export type ContentField = { readonly label: string; readonly value: string; readonly slipValue?: string };

/** Left out of the slip: what only makes sense on the sheet that is signed and filed. */
type PaperOnly = { readonly paperOnly?: true };

export type ContentBlock =
  | { readonly type: "authority"; readonly text: string }
  | { readonly type: "title"; readonly text: string }
  | { readonly type: "number"; readonly text: string }
  /** `indent` is the two-character indent of Chinese official prose; the address line has none. */
  | ({ readonly type: "paragraph"; readonly text: string; readonly indent: boolean } & PaperOnly)
  | ({ readonly type: "fields"; readonly fields: readonly ContentField[] } & PaperOnly)
  | ({
      readonly type: "table";
      readonly caption: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    } & PaperOnly)
  | ({
      readonly type: "items";
      readonly caption: string;
      readonly items: readonly { readonly heading: string; readonly fields: readonly ContentField[] }[];
    } & PaperOnly)
  | ({ readonly type: "notes"; readonly caption: string; readonly notes: readonly string[] } & PaperOnly)
  /** Empty box for the wet seal with the authority and date beside it; never an image (REGULATIONS 8.1). */
  | { readonly type: "seal"; readonly slot: string; readonly authority: string; readonly date: string }
  /** Lines to sign on; a stroke on a screen is an entry of its own and never drawn here. */
  | { readonly type: "signatures"; readonly slots: readonly string[]; readonly paperOnly: true }
  | { readonly type: "qr"; readonly captions: readonly string[] };

export type DocumentContent = {
  readonly kind: DocumentKind;
  readonly lang: ContentLang;
  readonly number: string;
  readonly blocks: readonly ContentBlock[];
};

/** A page of the house's own books, such as a register or a report: the same blocks without being a document. */
export type PageContent = Omit<DocumentContent, "kind"> & {
  /** Lies across, with the share of the width that each column of its tables takes. */
  readonly landscape?: { readonly widths: readonly number[] };
};

/** The medium that text is taken for; the screen shows what the A4 page shows. */
export type ContentMedium = "a4" | "slip" | "screen";

function fieldTexts(field: ContentField, medium: ContentMedium): readonly string[] {
  return [field.label, medium === "slip" ? (field.slipValue ?? field.value) : field.value];
}

function blockTexts(block: ContentBlock, medium: ContentMedium): readonly string[] {
  switch (block.type) {
    case "authority":
    case "title":
    case "number":
    case "paragraph":
      return [block.text];
    case "fields":
      return block.fields.flatMap((field) => fieldTexts(field, medium));
    case "table":
      return [block.caption, ...block.columns, ...block.rows.flat()];
    case "items":
      return [
        block.caption,
        ...block.items.flatMap(({ heading, fields }) => [
          heading,
          ...fields.flatMap((field) => fieldTexts(field, medium)),
        ]),
      ];
    case "notes":
      return [block.caption, ...block.notes];
    case "seal":
      return [block.slot, block.authority, block.date];
    case "signatures":
      return block.slots;
    case "qr":
      break;
  }
  return block.captions;
}

/** The blocks a medium shows, in order. */
export function blocksFor(content: DocumentContent, medium: ContentMedium): readonly ContentBlock[] {
  return medium === "slip"
    ? content.blocks.filter((block) => !("paperOnly" in block && block.paperOnly))
    : content.blocks;
}

/** Every piece of text a medium has to show, in order; what the media are compared by. */
export function contentTexts(content: DocumentContent, medium: ContentMedium): readonly string[] {
  return blocksFor(content, medium)
    .flatMap((block) => blockTexts(block, medium))
    .filter((text) => text !== "");
}
