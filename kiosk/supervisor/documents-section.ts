/** The ledger of issued papers: number, prints, service. */
import { localized, msg } from "@lit/localize";
import { LitElement, html } from "lit";
import { customElement } from "lit/decorators.js";
import type { IssuedDocumentRow } from "../../gateway/http/contract/supervisor.ts";
import { call, pathOf } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { dayAndClock } from "../text/format.ts";
import { paperWord } from "../text/paper-words.ts";
import { type Page, joined, ledgerTable } from "./ledger.ts";

@customElement("cg-documents-section")
@localized()
export class DocumentsSection extends LitElement {
  readonly #rows = new Task(this, async (signal, before?: string): Promise<Page<IssuedDocumentRow>> => {
    const page = await call("GET /api/ledgers/documents", {
      query: before === undefined ? {} : { before },
      signal,
    });
    return joined(before === undefined ? undefined : this.#rows.value, page);
  });

  static override readonly styles = [controls, deskPage, chipStyles, failureStyles];

  override render() {
    const title = msg("文书台账", { id: "supervisor.documents" });
    return html`<div class="stack">
      <h2>${title}</h2>
      ${failure(this.#rows.error)}
      ${ledgerTable<IssuedDocumentRow>(
        title,
        this.#rows.value,
        [
          [msg("出具时间", { id: "documents.issuedAt" }), (row) => dayAndClock(row.issuedAt)],
          [msg("文书", { id: "documents.name" }), (row) => paperWord(row.kind)],
          [msg("文号", { id: "documents.number" }), (row) => row.number],
          [msg("打印次数", { id: "documents.prints" }), (row) => row.printCount],
          [
            msg("送达", { id: "documents.service" }),
            (row) =>
              row.kind === "serviceReceipt"
                ? "—"
                : row.served
                  ? chip("ok", msg("已送达", { id: "service.served" }))
                  : chip("warn", msg("未送达", { id: "service.open" })),
          ],
          [
            msg("原件", { id: "documents.original" }),
            (row) =>
              html`<a
                class="button"
                href=${pathOf("/api/documents/:id/pdf", { id: row.documentId })}
                target="_blank"
                rel="noopener"
                >PDF</a
              >`,
          ],
        ],
        (next) => void this.#rows.run(next),
      )}
    </div>`;
  }

  override firstUpdated(): void {
    void this.#rows.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-documents-section": DocumentsSection;
  }
}
