/** Flags of the virtual receipt printer. */
import { parseArgs } from "node:util";

export interface PrinterOptions {
  /** Where slips are kept, and where the device file appears. */
  readonly folder: string;
  /** Printable width in dots: 576 for 80 mm paper, 384 for 58 mm. */
  readonly widthDots: number;
  readonly keep: number;
}

export const USAGE = `node device-drivers/virtual/printer.ts --out FOLDER [flags]
  --out FOLDER       slips appear here as slip-NNNN.txt and slip-NNNN.png, the device file as tty
  --width-dots 576   576 for 80 mm paper, 384 for 58 mm
  --keep 20          how many slips are kept
 Commands on stdin, one a line:
  unplug             the cable is pulled; plug puts it back
  unplug-after N     pulled after N more bytes
  stall, flow        takes no more bytes; takes them again
  paper-out, paper-in, cover-open, cover-closed`;

function whole(text: string, name: string, from: number, to: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < from || value > to)
    throw new RangeError(`--${name} is no whole number from ${from} to ${to}`);
  return value;
}

/** Throws RangeError or TypeError that names the flag. */
export function readOptions(argv: readonly string[]): PrinterOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      out: { type: "string" },
      "width-dots": { type: "string", default: "576" },
      keep: { type: "string", default: "20" },
    },
  });
  if (values.out === undefined) throw new RangeError("--out is missing");
  return {
    folder: values.out,
    widthDots: whole(values["width-dots"], "width-dots", 192, 1152),
    keep: whole(values.keep, "keep", 1, 10_000),
  };
}
