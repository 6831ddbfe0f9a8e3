/**
 * Draws what a receipt printer can't set itself: text with characters outside its font, and QR modules.
 * Runs in the renderer child only. Invariant: the result is pure black and white, one pixel per printer dot.
 */
import sharp from "sharp";
import type { TextDrawing } from "../slip/slip.ts";
import { HEADING_FAMILIES } from "./fonts.ts";

/** Pango sizes by points at this resolution make one point one dot. */
const DOTS_PER_POINT_DPI = 72;
const WHITE = { r: 255, g: 255, b: 255 };
const PANGO_ALIGN = { left: "left", centre: "centre", right: "right" } as const;
/** Between lines, as part of the character height: a printer feeds 34 dots for characters of 24. */
const LINE_GAP = 10 / 24;
/** Grey edges count as ink up to here, so that drawn strokes are as heavy as the printer's own. */
const BLACK_BELOW = 190;
/** A text that wraps into more than this is no slip line. */
const MAX_HEIGHT_DOTS = 4000;

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Black-and-white PNG of exactly `widthDots`, as high as its highest cell. */
export async function drawText({ widthDots, fontDots, cells }: TextDrawing): Promise<Uint8Array> {
  const pieces = await Promise.all(
    cells.map(async (cell) => {
      const words = escaped(cell.text);
      const { data, info } = await sharp({
        text: {
          text: cell.bold ? `<b>${words}</b>` : words,
          font: `${HEADING_FAMILIES.join(",")} ${fontDots}`,
          width: cell.widthDots,
          align: PANGO_ALIGN[cell.align],
          wrap: "word-char",
          dpi: DOTS_PER_POINT_DPI,
          rgba: true,
        },
      })
        .png()
        .toBuffer({ resolveWithObject: true });
      // The picture is as wide as its ink, so the alignment inside the cell is ours to make.
      const room = Math.max(0, cell.widthDots - info.width);
      const shift = { left: 0, centre: Math.floor(room / 2), right: room }[cell.align];
      return { data, left: cell.xDots + shift, height: info.height };
    }),
  );
  const gap = Math.ceil(fontDots * LINE_GAP);
  const height = Math.min(MAX_HEIGHT_DOTS, gap + Math.max(fontDots, ...pieces.map((piece) => piece.height)));
  return sharp({ create: { width: widthDots, height, channels: 3, background: WHITE } })
    .composite(pieces.map(({ data, left }) => ({ input: data, left, top: Math.floor(gap / 2) })))
    .flatten({ background: WHITE })
    .greyscale()
    .threshold(BLACK_BELOW)
    .png({ palette: false, compressionLevel: 6 })
    .toBuffer();
}

/** The modules as squares of `dots`, black where true. */
export async function drawModules(
  modules: readonly (readonly boolean[])[],
  dots: number,
): Promise<Uint8Array> {
  const side = modules.length;
  const pixels = new Uint8Array(side * side);
  modules.forEach((row, y) => row.forEach((dark, x) => (pixels[y * side + x] = dark ? 0 : 255)));
  return sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .resize(side * dots, side * dots, { kernel: "nearest" })
    .png()
    .toBuffer();
}
