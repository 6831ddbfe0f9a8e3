/** A ledger as a table that grows by pages, newest row first. */
import { msg } from "@lit/localize";
import { type TemplateResult, html, nothing } from "lit";

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
}

/** Two pages as one. */
export function joined<Row>(before: Page<Row> | undefined, page: Page<Row>): Page<Row> {
  return { ...page, rows: [...(before?.rows ?? []), ...page.rows] };
}

export function ledgerTable<Row>(
  name: string,
  page: Page<Row> | undefined,
  columns: readonly (readonly [heading: string, cell: (row: Row) => unknown])[],
  more: (next: string) => void,
): TemplateResult {
  const rows = page?.rows ?? [];
  const next = page?.next;
  return html`<div class="panel stack">
    <div class="scroll" tabindex="0" role="group" aria-label=${name}>
      <table>
        <thead>
          <tr>
            ${columns.map(([heading]) => html`<th scope="col">${heading}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${columns.map(([, cell]) => html`<td>${cell(row)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      page !== undefined && rows.length === 0
        ? html`<p class="soft">${msg("台账中还没有记录。", { id: "ledger.none" })}</p>`
        : nothing
    }
    ${
      next === undefined
        ? nothing
        : html`<div class="row">
            <button type="button" @click=${() => more(next)}>
              ${msg("更早的记录", { id: "ledger.more" })}
            </button>
          </div>`
    }
  </div>`;
}
