/**
 * Tables that people bring (CSV of RFC 4180, as spreadsheets write it) read row by row, and what is wrong in them.
 * Invariant: a table is taken whole or not at all, and every problem names row and column in both languages.
 */

/** `row` counts from 1 as a spreadsheet does, its heading included; `column` is the heading as it was written. */
export type RowProblem = {
  readonly row: number;
  readonly column: string;
  readonly zh: string;
  readonly en: string;
};

/** One column: the name in code, and headings that people write for it. */
export type Column = {
  readonly name: string;
  readonly headings: readonly string[];
  readonly required: boolean;
};

export type TableRow = {
  readonly row: number;
  /** By the column's name; trimmed. Columns that the table lacks read as empty. */
  cell(name: string): string;
  /** The heading as written, for a problem's report. */
  heading(name: string): string;
};

export type ReadTable = { readonly rows: readonly TableRow[]; readonly problems: readonly RowProblem[] };

export const MOST_ROWS = 5000;
export const LONGEST_TABLE_CHARACTERS = 4_000_000;
const MOST_PROBLEMS = 500;

const problem = (row: number, column: string, zh: string, en: string): RowProblem => ({
  row,
  column,
  zh,
  en,
});

/** Lines of cells; a quoted cell may hold commas, quotes (doubled) and line breaks. */
function cellsOf(text: string): { readonly lines: readonly (readonly string[])[]; readonly open: boolean } {
  const lines: string[][] = [];
  let line: string[] = [];
  let cell = "";
  let quoted = false;
  const endCell = (): void => {
    line.push(cell);
    cell = "";
  };
  const endLine = (): void => {
    endCell();
    lines.push(line);
    line = [];
  };
  for (let at = text.startsWith("\uFEFF") ? 1 : 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === ",") endCell();
    else if (char === "\n") endLine();
    else if (char !== "\r") cell += char;
  }
  if (cell !== "" || line.length > 0) endLine();
  return { lines, open: quoted };
}

/** Reads a table with a heading line. Problems of form make `rows` empty: nothing is guessed. */
export function readTable(text: string, columns: readonly Column[]): ReadTable {
  if (text.length > LONGEST_TABLE_CHARACTERS)
    return { rows: [], problems: [problem(1, "", "表格过大。", "The table is too large.")] };
  const { lines, open } = cellsOf(text);
  const [headings = [], ...body] = lines;
  const problems: RowProblem[] = [];
  if (open)
    problems.push(problem(lines.length, "", "引号没有结束。", "A quoted cell does not end in this table."));
  const places = new Map<string, { readonly at: number; readonly heading: string }>();
  headings.forEach((heading, at) => {
    const plain = heading.trim().toLowerCase();
    const column = columns.find(({ name, headings: known }) =>
      [name, ...known].some((word) => word.toLowerCase() === plain),
    );
    if (column === undefined) {
      if (plain !== "")
        problems.push(problem(1, heading.trim(), "不认识的列。", "This column is not known."));
    } else if (places.has(column.name))
      problems.push(problem(1, heading.trim(), "同一列出现两次。", "This column is there twice."));
    else places.set(column.name, { at, heading: heading.trim() });
  });
  for (const { name, headings: known, required } of columns)
    if (required && !places.has(name))
      problems.push(problem(1, known[0] ?? name, "缺少这一列。", "This column is missing."));
  if (body.length > MOST_ROWS)
    problems.push(
      problem(MOST_ROWS + 2, "", `最多 ${MOST_ROWS} 行。`, `A table has at most ${MOST_ROWS} rows.`),
    );
  if (problems.length > 0) return { rows: [], problems: problems.slice(0, MOST_PROBLEMS) };
  const heading = (name: string): string => places.get(name)?.heading ?? name;
  const rows = body
    .map((cells, index) => ({
      cells,
      row: {
        row: index + 2,
        cell: (name: string): string => cells[places.get(name)?.at ?? -1]?.trim() ?? "",
        heading,
      },
    }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""))
    .map(({ row }) => row);
  const empty = rows.flatMap((row) =>
    columns
      .filter(({ name, required }) => required && row.cell(name) === "")
      .map(({ name }) => problem(row.row, heading(name), "不能为空。", "This cell must not be empty.")),
  );
  if (rows.length === 0 && empty.length === 0)
    empty.push(problem(2, "", "表格没有数据行。", "The table has no rows."));
  return { rows, problems: empty.slice(0, MOST_PROBLEMS) };
}
