/** Importing a table: choosing the file, and every row that is wrong, in the reader's language. */
import { msg, str } from "@lit/localize";
import { type TemplateResult, html, nothing } from "lit";
import { language } from "../text/language.ts";
import { icon } from "./icon.ts";

interface RowProblem {
  readonly row: number;
  readonly column: string;
  readonly zh: string;
  readonly en: string;
}

/** Spreadsheets in China save CSV as GBK as often as UTF-8. */
export async function readText(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

export function filePicker(label: string, accept: string, onText: (file: File) => void): TemplateResult {
  return html`<label class="button file-picker"
    >${icon("paper")}${label}<input
      type="file"
      accept=${accept}
      aria-label=${label}
      @change=${(event: Event) => {
        const input = event.currentTarget as HTMLInputElement;
        const file = input.files?.[0];
        if (file !== undefined) onText(file);
        input.value = "";
      }}
  /></label>`;
}

export function tableReport(
  report: { readonly applied: boolean; readonly problems: readonly RowProblem[] } | undefined,
): TemplateResult | typeof nothing {
  if (report === undefined) return nothing;
  if (report.applied) return html`<p role="status">${msg("已全部导入。", { id: "table.applied" })}</p>`;
  return html`<div class="panel stack" role="alert">
    <b>${msg(str`有 ${report.problems.length} 处问题，没有导入任何一行。`, { id: "table.refused" })}</b>
    <div class="scroll" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">${msg("行", { id: "table.row" })}</th>
            <th scope="col">${msg("列", { id: "table.column" })}</th>
            <th scope="col">${msg("问题", { id: "table.problem" })}</th>
          </tr>
        </thead>
        <tbody>
          ${report.problems.map(
            (one) =>
              html`<tr>
                <td class="figures">${one.row}</td>
                <td>${one.column}</td>
                <td>${language() === "en" ? one.en : one.zh}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </div>`;
}
