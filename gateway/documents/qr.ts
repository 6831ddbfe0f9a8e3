/**
 * The QR of a document: the checkpoint line as modules, drawn as vector on the page and as dots on the slip.
 * Invariant: a quiet zone of four modules (ISO 18004), level Q, and never less than three dots a module.
 *
 * Level Q and four dots by measurement (`npm run bench -- paper`): with a stain over a tenth of the symbol all of 40
 * were read, where level M lost up to 4; with a band rubbed off across it 80 % instead of 20 %; level H reads no more
 * and is 8 modules wider. Three and five dots lose more to dead heating elements and stains.
 *
 * What 58 mm paper (384 dots) can't hold: the whole tlog-proof, some 1,300 bytes; at level Q it would need more than
 * 384 dots at three a module. It is in the digital receipt alone.
 */
import { encodeQR } from "qr";

const QUIET_MODULES = 4;
const OPTIONS = { ecc: "quartile", border: QUIET_MODULES } as const;
/** 203 dpi: 0.38 and 0.5 mm. */
const LEAST_DOTS = 3;
const MOST_DOTS = 4;

/** Vector drawing for the A4 page. */
export function qrSvg(text: string): string {
  return encodeQR(text, "svg", OPTIONS);
}

/** Modules with their quiet zone; true is dark. */
export function qrModules(text: string): readonly (readonly boolean[])[] {
  return encodeQR(text, "raw", OPTIONS);
}

/**
 * Dots per module on a slip: as many as fit in two thirds of the paper, 3 or 4. Throws RangeError where the
 * paper is too narrow for 3: a symbol that no reader takes must not be printed.
 */
export function dotsPerModule(moduleCount: number, widthDots: number): number {
  if (moduleCount * LEAST_DOTS > widthDots) throw new RangeError("the paper is too narrow for this QR");
  return Math.max(LEAST_DOTS, Math.min(MOST_DOTS, Math.floor((widthDots * 2) / 3 / moduleCount)));
}
