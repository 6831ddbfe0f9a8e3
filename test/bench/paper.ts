/**
 * Which error correction the QR on a paper needs: readers, levels and sizes of a module against damage of a tenth of
 * the symbol, at 203 dpi. Environment: BENCH_ROUNDS (default 20).
 * Last line: RESULT {level, modules, dots58, intact, stain, corner, band, lines}, each the share that a reader took.
 */
import { randomBytes } from "node:crypto";
import { encodeQR } from "qr";
import { dotsPerModule, qrModules } from "../../gateway/documents/qr.ts";
import { toBase32 } from "../../gateway/evidence/bytes.ts";
import {
  DAMAGES,
  type Damage,
  type Picture,
  type Square,
  damaged,
  readByPages,
  readByZbar,
  seeded,
} from "../peers/qr-readers/picture.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 20);
const LEVELS = ["medium", "quartile", "high"] as const;
const QUIET_MODULES = 4;
const MARGIN_DOTS = 40;
const WIDTH_58_DOTS = 384;

/** A line as a log of some million entries gives. */
const line = (): string => `C1:1AB2C.1AB2B.${toBase32(new Uint8Array(randomBytes(100)))}`;

function drawn(
  modules: readonly (readonly boolean[])[],
  dots: number,
): { readonly picture: Picture; readonly square: Square } {
  const width = modules.length * dots + 2 * MARGIN_DOTS;
  const grey = new Uint8Array(width * width).fill(255);
  modules.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (!dark) return;
      for (let dy = 0; dy < dots; dy++) {
        const from = (MARGIN_DOTS + y * dots + dy) * width + MARGIN_DOTS + x * dots;
        grey.fill(0, from, from + dots);
      }
    });
  });
  const corner = MARGIN_DOTS + QUIET_MODULES * dots;
  const side = (modules.length - 2 * QUIET_MODULES) * dots;
  return { picture: { width, height: width, grey }, square: { x: corner, y: corner, side } };
}

/** Shares of `ROUNDS` symbols that zbar, the pages' decoder, and either of them took. */
function shares(level: (typeof LEVELS)[number], dots: number, how: Damage | "intact"): readonly number[] {
  const random = seeded(dots * 100 + how.length);
  const texts = Array.from({ length: ROUNDS }, line);
  const pictures = texts.map((text) => {
    const { picture, square } = drawn(encodeQR(text, "raw", { ecc: level, border: QUIET_MODULES }), dots);
    return how === "intact" ? picture : damaged(picture, square, how, random);
  });
  const byZbar = readByZbar(pictures);
  const byPages = new Set(pictures.map((picture) => readByPages(picture)?.text));
  const share = (took: (text: string) => boolean): number => texts.filter(took).length / ROUNDS;
  return [
    share((text) => byZbar.has(text)),
    share((text) => byPages.has(text)),
    share((text) => byZbar.has(text) || byPages.has(text)),
  ];
}

const cases = ["intact", ...(Object.keys(DAMAGES) as Damage[])] as const;
console.log(`share read by zbar / by the pages' decoder / by either, ${ROUNDS} symbols each`);
console.log(["level", "modules", "dots", ...cases].map((cell) => cell.padEnd(16)).join(""));
for (const level of LEVELS)
  for (const dots of [3, 4, 5]) {
    const modules = encodeQR(line(), "raw", { ecc: level, border: QUIET_MODULES }).length;
    const cells = cases.map((how) =>
      shares(level, dots, how)
        .map((share) => share.toFixed(2))
        .join("/"),
    );
    console.log([level, String(modules), String(dots), ...cells].map((cell) => cell.padEnd(16)).join(""));
  }
const modules = qrModules(line()).length;
const dots58 = dotsPerModule(modules, WIDTH_58_DOTS);
const chosen = Object.fromEntries(cases.map((how) => [how, shares("quartile", dots58, how)[2]]));
console.log(`RESULT ${JSON.stringify({ level: "Q", modules, dots58, ...chosen })}`);
