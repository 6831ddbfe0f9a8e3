/**
 * CSV for spreadsheets: UTF-8 with BOM, CRLF, every field quoted (RFC 4180). Invariant: no field can start a formula,
 * whatever was typed into it.
 */

/** What spreadsheets take for a formula, also behind blanks; U+FF1D and its like are their full-width forms. */
const FORMULA = /^\s*[=+\-@\t\r＝＋－＠]/u;
const NUMBER = /^-?\d+(\.\d+)?$/;

function cell(value: string | number): string {
  const text = String(value);
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

export function csvOf(rows: readonly (readonly (string | number)[])[]): Uint8Array {
  const lines = rows.map((row) => `${row.map((value) => cell(value)).join(",")}\r\n`);
  return new TextEncoder().encode(`\uFEFF${lines.join("")}`);
}
