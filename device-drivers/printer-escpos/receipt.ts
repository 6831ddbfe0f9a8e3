/**
 * Turns slip lines into ESC/POS bytes through receiptline; lines beyond the printer's font become pictures.
 * Invariant: text is data, every character with a meaning in the receipt language is escaped.
 */
import { commands as languages, transform } from "receiptline";
import { canPrint } from "./charset.ts";
import type { PrinterProfile } from "./profile.ts";
import { wrapped } from "./wrap.ts";
import type { DrawText, SlipLine, TextDrawing } from "./slip.ts";

/** Half-width characters of the label column; six Han characters and their gap on wide paper. */
const LABEL_COLUMNS = { wide: 13, narrow: 12 } as const;
const NARROW_BELOW = 40;
/** A character at scale 1 is 24 dots high and a half-width one 12 wide. */
const FONT_DOTS = 24;
/** What receiptline takes for 1, 2 and 3 times the size. */
const SCALE_MARK = { 1: "", 2: "^^^", 3: "^^^^" } as const;

const escaped = (text: string): string =>
  text.replace(/[\\{|}\-=_"`^~]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);

function aligned(align: "left" | "centre" | "right", marked: string): string {
  if (align === "centre") return marked;
  return align === "left" ? `|${marked}` : `${marked}|`;
}

const picture = (png: Uint8Array): string => `{image:${Buffer.from(png).toString("base64")}}`;

/** Broken into lines here; the receipt language itself breaks anywhere. */
function pairRows(
  label: string,
  value: string,
  profile: PrinterProfile,
  labelColumns: number,
): readonly string[] {
  const labels = wrapped(label, labelColumns);
  const values = wrapped(value, profile.columns - labelColumns - 1);
  const rows = Array.from(
    { length: Math.max(labels.length, values.length) },
    (_, index) => `|${escaped(labels[index] ?? "")} |${escaped(values[index] ?? "")} |`,
  );
  return [`{width:${labelColumns} *}`, ...rows, "{width:auto}"];
}

function pairDrawing(
  label: string,
  value: string,
  profile: PrinterProfile,
  labelColumns: number,
): TextDrawing {
  const dots = profile.widthDots / profile.columns;
  const valueAt = Math.round((labelColumns + 1) * dots);
  const cell = { bold: false, align: "left" } as const;
  return {
    widthDots: profile.widthDots,
    fontDots: FONT_DOTS,
    cells: [
      { ...cell, text: label, xDots: 0, widthDots: Math.round(labelColumns * dots) },
      { ...cell, text: value, xDots: valueAt, widthDots: profile.widthDots - valueAt },
    ],
  };
}

/** The slip in the receipt language. */
async function source(
  lines: readonly SlipLine[],
  profile: PrinterProfile,
  drawText: DrawText,
): Promise<string> {
  const labelColumns = profile.columns < NARROW_BELOW ? LABEL_COLUMNS.narrow : LABEL_COLUMNS.wide;
  const out: string[] = [];
  for (const line of lines) {
    if (line.type === "rule") out.push(escaped("-".repeat(profile.columns)));
    else if (line.type === "feed") out.push("~");
    else if (line.type === "image") out.push(picture(line.png));
    else if (line.type === "pair") {
      const { label, value } = line;
      if (canPrint(label + value, profile.charset))
        out.push(...pairRows(label, value, profile, labelColumns));
      else out.push(picture(await drawText(pairDrawing(label, value, profile, labelColumns))));
    } else if (canPrint(line.text, profile.charset)) {
      const mark = SCALE_MARK[line.scale];
      const bold = line.bold ? '"' : "";
      for (const piece of wrapped(line.text, Math.floor(profile.columns / line.scale)))
        out.push(aligned(line.align, `${bold}${mark}${escaped(piece)}${mark}${bold}`));
    } else {
      const { text, bold, align, scale } = line;
      const cell = { text, bold, align, xDots: 0, widthDots: profile.widthDots };
      const drawing = { widthDots: profile.widthDots, fontDots: FONT_DOTS * scale, cells: [cell] };
      out.push(picture(await drawText(drawing)));
    }
  }
  return out.join("\n");
}

/** Pictures go out in bands of this height, so that a printer never owes many bytes of one. */
const BAND_DOTS = 24;

/**
 * Ends whatever picture a printer was left in when its cable was pulled: it takes these as the missing dots, and
 * ignores NUL everywhere else.
 */
export function unfinishedPicture(profile: PrinterProfile): Uint8Array {
  return new Uint8Array(Math.ceil(profile.widthDots / 8) * BAND_DOTS);
}

// oxlint-disable-next-line no-control-regex -- printer commands are control characters
const TRAILING_STATUS = /\x1dr[\x011]$/;

/** Everything that goes to the printer for one slip, cut included where the printer has a cutter. */
export async function slipBytes(
  lines: readonly SlipLine[],
  profile: PrinterProfile,
  drawText: DrawText,
): Promise<Uint8Array> {
  const commands = transform(await source(lines, profile, drawText), {
    cpl: profile.columns,
    encoding: "gb18030",
    gradient: false,
    spacing: true,
    cutting: profile.cutter,
    command: { ...(profile.raster === "gs8L" ? languages.escpos : languages.generic), split: BAND_DOTS },
  });
  // receiptline ends with a request for the paper sensor; whoever wants the answer asks by itself.
  return Buffer.from(commands.replace(TRAILING_STATUS, ""), "latin1");
}
