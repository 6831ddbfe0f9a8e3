/**
 * The QR of a document: the checkpoint line as modules, drawn as vector on the page and as dots on the slip.
 * Invariant: level M and a quiet zone of four modules, so that every reader that follows ISO 18004 takes it.
 */
import { encodeQR } from "qr";

const QUIET_MODULES = 4;
const OPTIONS = { ecc: "medium", border: QUIET_MODULES } as const;

/** Vector drawing for the A4 page. */
export function qrSvg(text: string): string {
  return encodeQR(text, "svg", OPTIONS);
}

/** Modules with their quiet zone; true is dark. */
export function qrModules(text: string): readonly (readonly boolean[])[] {
  return encodeQR(text, "raw", OPTIONS);
}

/** Dots per module on a slip: as many as fit in two thirds of the paper, between 3 and 6 (203 dpi: 0.38 to 0.75 mm). */
export function dotsPerModule(moduleCount: number, widthDots: number): number {
  return Math.max(3, Math.min(6, Math.floor((widthDots * 2) / 3 / moduleCount)));
}
