/**
 * The font families that documents are set in, in order of preference.
 * Invariant: a fixed list and no fallback beyond it, so two boxes with the same packages give the same bytes.
 */

/**
 * Song-style text; then the sets that complete GB 18030 level 3; then Latin and Uyghur. Debian packages:
 * fonts-noto-cjk fonts-hanazono fonts-babelstone-han fonts-noto-core.
 */
export const TEXT_FAMILIES = [
  "Noto Serif CJK SC",
  "HanaMinA",
  "HanaMinB",
  "BabelStone Han",
  "Noto Serif",
  "Noto Naskh Arabic",
] as const;

/** Hei-style: headings on the page, drawn lines on the slip. */
export const HEADING_FAMILIES = [
  "Noto Sans CJK SC",
  "HanaMinA",
  "HanaMinB",
  "BabelStone Han",
  "Noto Sans",
  "Noto Naskh Arabic",
] as const;
