/** Tables that people import: the text, and what came of it, row by row. */
import { Type } from "typebox";
import { CommandIdField, closed, list } from "./fields.ts";

/** A table in a request is larger than other bodies. */
export const TABLE_LIMIT_BYTES = 8 * 1024 * 1024;

export const TableText = Type.String({
  minLength: 1,
  maxLength: 4_000_000,
  description: "the whole file as text, its heading line included",
});
export const TableBody = closed({ commandId: CommandIdField, text: TableText });

/** Which row and column is wrong, and why; rows count from 1 as a spreadsheet does. */
export const RowProblemView = closed({
  row: Type.Integer({ minimum: 1 }),
  column: Type.String(),
  zh: Type.String(),
  en: Type.String(),
});
export const RowProblems = list(RowProblemView, 10_000);
/** Either everything was taken, or nothing and every problem is named. */
export const TableReport = closed({
  applied: Type.Boolean(),
  rows: Type.Integer({ minimum: 0 }),
  problems: RowProblems,
});
