/**
 * A slip as lines, ready for any printer: texts with size and weight, label and value, rules, black-and-white
 * pictures. Invariant: no printer command and no paper width in here; the driver wraps and encodes.
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
  /** PNG of pure black and white, one pixel per printer dot, centred. */
  | { readonly type: "image"; readonly png: Uint8Array };

/** A row of text to be drawn because the printer's own font lacks a character; positions in printer dots. */
export interface TextDrawing {
  readonly widthDots: number;
  /** Height of a character at scale 1, in dots. */
  readonly fontDots: number;
  readonly cells: readonly {
    readonly text: string;
    readonly xDots: number;
    readonly widthDots: number;
    readonly bold: boolean;
    readonly align: "left" | "centre" | "right";
  }[];
}

/** Draws text with the box's fonts, wrapped to its cell; PNG of pure black and white. */
export type DrawText = (drawing: TextDrawing) => Promise<Uint8Array>;
