/**
 * What is known about a printer model, read from firmware-configs/printers/<name>.json.
 * Invariant: a capability that a file does not state is not used.
 */
import { readFileSync } from "node:fs";

export interface PrinterProfile {
  /** Half-width characters in a line. */
  readonly columns: number;
  readonly widthDots: number;
  /** `gbk`: two-byte characters only, all others are drawn. `gb18030`: four-byte Han characters too. */
  readonly charset: "gbk" | "gb18030";
  /** Command for pictures: `gs8L` on Epson-like models, `gsv0` on the others. */
  readonly raster: "gs8L" | "gsv0";
  /** Answers DLE EOT and GS r, so that faults are seen and the end of a slip is proven. */
  readonly status: boolean;
  readonly cutter: boolean;
  readonly baudRate: number;
}

const RASTERS = ["gs8L", "gsv0"] as const;
const CHARSETS = ["gbk", "gb18030"] as const;

function number(raw: Readonly<Record<string, unknown>>, key: string, from: number, to: number): number {
  const value = raw[key];
  if (typeof value !== "number" || !Number.isInteger(value) || value < from || value > to)
    throw new RangeError(`printer profile: ${key} is no whole number from ${from} to ${to}`);
  return value;
}

function flag(raw: Readonly<Record<string, unknown>>, key: string): boolean {
  const value = raw[key];
  if (typeof value !== "boolean") throw new RangeError(`printer profile: ${key} is not true or false`);
  return value;
}

function oneOf<Choice extends string>(
  raw: Readonly<Record<string, unknown>>,
  key: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === raw[key]);
  if (found === undefined) throw new RangeError(`printer profile: ${key} is none of ${choices.join(", ")}`);
  return found;
}

/** Throws RangeError that names the field. */
export function parsePrinterProfile(json: unknown): PrinterProfile {
  if (typeof json !== "object" || json === null) throw new RangeError("printer profile: not an object");
  const raw = json as Readonly<Record<string, unknown>>;
  return {
    columns: number(raw, "columns", 16, 96),
    widthDots: number(raw, "widthDots", 192, 1152),
    charset: oneOf(raw, "charset", CHARSETS),
    raster: oneOf(raw, "raster", RASTERS),
    status: flag(raw, "status"),
    cutter: flag(raw, "cutter"),
    baudRate: number(raw, "baudRate", 1200, 921_600),
  };
}

const FOLDER = new URL("../../firmware-configs/printers/", import.meta.url);
const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** A profile that ships with the gateway, such as `virtual-80`. Throws RangeError when there is none. */
export function shippedPrinterProfile(name: string): PrinterProfile {
  if (!NAME.test(name)) throw new RangeError("printer profile: not a name");
  let text: string;
  try {
    text = readFileSync(new URL(`${name}.json`, FOLDER), "utf8");
  } catch (cause) {
    throw new RangeError(`printer profile: there is no ${name}`, { cause });
  }
  return parsePrinterProfile(JSON.parse(text));
}
