/**
 * Breaks text into lines of half-width columns as Chinese typesetting wants it: no closing mark begins a line, no
 * opening mark ends one, and a number or word stays whole, so that no date reads wrong at a line's end.
 * Invariant: the lines joined are the text, but for spaces at a break.
 */
const NOT_FIRST = /^[，。、；：？！）〕》】」』”’…·%,.;:?!)\]}]$/u;
const NOT_LAST = /^[（〔《【「『“‘([{]$/u;
/** A word longer than this part of a line is broken after all. */
const LONGEST_WHOLE = 0.6;

/** GB 18030 printers set ASCII in half a Han character's width and everything else in a whole one. */
export function columnsOf(text: string): number {
  return Array.from(text).reduce((sum, one) => sum + ((one.codePointAt(0) ?? 0) < 0x80 ? 1 : 2), 0);
}

/** Pieces that may not be broken: words and numbers with the marks around them, else single characters. */
function pieces(text: string, columns: number): readonly string[] {
  const out: string[] = [];
  for (const part of text.match(/[A-Za-z0-9*]+(?:[-./:@][A-Za-z0-9*]+)*|./gsu) ?? []) {
    const parts = columnsOf(part) > columns * LONGEST_WHOLE ? Array.from(part) : [part];
    for (const one of parts) {
      const last = out.at(-1);
      const glued = last !== undefined && (NOT_FIRST.test(one) || NOT_LAST.test(last.slice(-1)));
      if (glued && columnsOf(last + one) <= columns) out[out.length - 1] = last + one;
      else out.push(one);
    }
  }
  return out;
}

/** At least one line; none wider than `columns` unless a single character is. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces(text, columns)) {
    if (line !== "" && columnsOf(line + piece) > columns) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else line += piece;
  }
  return [...lines, line];
}
