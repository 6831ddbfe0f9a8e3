/** Compares a medium's text with what it has to say: every piece in order, and nothing between but joiners. */

const squeezed = (text: string): string => text.normalize("NFC").replace(/\s+/gu, "");

/** What stands between or around the pieces; an empty list means the medium says exactly its content. */
export function strayText(text: string, pieces: readonly string[], allowed: RegExp): readonly string[] {
  const stray: string[] = [];
  const body = squeezed(text);
  let at = 0;
  for (const piece of pieces.map(squeezed)) {
    const found = body.indexOf(piece, at);
    if (found < 0) return [...stray, `missing: ${piece}`];
    const between = body.slice(at, found).replace(allowed, "");
    if (between !== "") stray.push(between);
    at = found + piece.length;
  }
  const rest = body.slice(at).replace(allowed, "");
  return rest === "" ? stray : [...stray, rest];
}
