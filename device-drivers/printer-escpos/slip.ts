/**
 * What this driver is given to print: lines of text, pairs, rules and black-and-white pictures.
 * Invariant: the caller never deals with paper width in characters, character sets or printer commands.
 */
export type SlipLine =
  | {
      readonly type: "text";
      readonly text: string;
      readonly align: "left" | "centre" | "right";
      /** Size in multiples of the normal height and width. */
      readonly scale: 1 | 2 | 3;
      readonly bold: boolean;
    }
  | { readonly type: "pair"; readonly label: string; readonly value: string }
  | { readonly type: "rule" }
  | { readonly type: "feed" }
  /** PNG of pure black and white, one pixel per printer dot, printed centred. */
  | { readonly type: "image"; readonly png: Uint8Array };

/** A row of text that the printer's font can't set; positions in dots from the left edge of the paper's print area. */
export interface TextDrawing {
  readonly widthDots: number;
  readonly fontDots: number;
  readonly cells: readonly {
    readonly text: string;
    readonly xDots: number;
    readonly widthDots: number;
    readonly bold: boolean;
    readonly align: "left" | "centre" | "right";
  }[];
}

/** Draws such a row, wrapped to its cells, as a PNG that is `widthDots` wide. */
export type DrawText = (drawing: TextDrawing) => Promise<Uint8Array>;
