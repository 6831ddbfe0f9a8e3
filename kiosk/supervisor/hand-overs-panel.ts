/** Hand-over lists of case files with both signatures; the custodian takes over here. */
import { localized, msg } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { Role } from "../../gateway/domain/roles.ts";
import type { HandOverView } from "../../gateway/http/contract/case-files.ts";
import { call, newCommandId, pathOf } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { dayAndClock } from "../text/format.ts";
import { ledgerTable } from "./ledger.ts";

@customElement("cg-hand-overs-panel")
@localized()
export class HandOversPanel extends LitElement {
  @property({ attribute: false }) roles: readonly Role[] = [];
  readonly #lists = new Task(this, async (signal) => call("GET /api/hand-overs", { signal }));
  readonly #take = new Task(this, async (signal, listId: string) => {
    const body = { commandId: newCommandId() };
    await call("POST /api/hand-overs/:listId/take-over", { params: { listId }, body, signal });
    this.dispatchEvent(new CustomEvent("taken"));
    await this.#lists.run();
  });

  static override readonly styles = [controls, deskPage, failureStyles];

  override render() {
    const title = msg("移交清单", { id: "handOvers.title" });
    const signed = (by: string | null, at: number | null): string =>
      by === null || at === null ? "—" : `${nameOf(by)} ${dayAndClock(at)}`;
    return html`<div class="stack">
      <h2>${title}</h2>
      ${failure(this.#lists.error)} ${failure(this.#take.error)}
      ${ledgerTable<HandOverView>(
        title,
        this.#lists.value === undefined ? undefined : { rows: this.#lists.value },
        [
          [msg("案卷数", { id: "handOvers.cases" }), (row) => row.caseIds.length],
          [msg("移交人", { id: "handOvers.from" }), (row) => signed(row.from, row.fromSignedAt)],
          [msg("接收人", { id: "handOvers.to" }), (row) => signed(row.to, row.toSignedAt)],
          [msg("办理", { id: "caseFiles.act" }), (row) => this.#acts(row)],
        ],
        () => undefined,
      )}
    </div>`;
  }

  override firstUpdated(): void {
    void this.refresh();
  }

  async refresh(): Promise<void> {
    await this.#lists.run();
  }

  #acts({ listId, to }: HandOverView) {
    return html`<div class="row">
      <a
        class="button"
        href=${pathOf("/api/hand-overs/:listId/list.pdf", { listId })}
        target="_blank"
        rel="noopener"
        >PDF</a
      >
      ${
        to === null && this.roles.includes("custodian")
          ? html`<button type="button" ?disabled=${this.#take.pending} @click=${() => this.#take.run(listId)}>
              ${msg("签收", { id: "handOvers.take" })}
            </button>`
          : nothing
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-hand-overs-panel": HandOversPanel;
  }
}
