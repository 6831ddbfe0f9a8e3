/** Outcomes delegated to the window in advance: what stands, and a leader's form for a new one. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { nameOf } from "../controllers/names.ts";
import type { DelegationView } from "../../gateway/http/contract/approvals.ts";
import type { DelegableOutcome } from "../../gateway/domain/intake/approval-steps.ts";
import { call, newCommandId } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { choice, field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { OUTCOMES, outcomeWord } from "../text/approval-words.ts";
import { beijingToday } from "../text/today.ts";

@customElement("cg-delegations-panel")
@localized()
export class DelegationsPanel extends LitElement {
  /** Only a leader delegates; others read what stands. */
  @property({ type: Boolean }) leader = false;
  @state() private outcome: DelegableOutcome = "accept";
  @state() private document = "";
  @state() private from = beijingToday();
  @state() private until = "";
  readonly #rows = new Task(this, async (signal) => call("GET /api/delegations", { signal }));
  readonly #change = new Task(this, async (signal, work: (signal: AbortSignal) => Promise<unknown>) =>
    work(signal),
  );

  static override readonly styles = [
    controls,
    deskPage,
    chipStyles,
    failureStyles,
    css`
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr));
        gap: var(--space-3);
        align-items: end;
      }
    `,
  ];

  override render() {
    const rows = this.#rows.value ?? [];
    return html`<section class="panel stack" aria-labelledby="title">
      <h3 id="title">${msg("授权窗口直接办理", { id: "delegations.title" })}</h3>
      <p class="soft small">
        ${msg("由负责人按授权文件登记，期限内该类结论由窗口直接作出，不再逐件审批。", { id: "delegations.lead" })}
      </p>
      ${failure(this.#rows.error)} ${failure(this.#change.error)}
      ${
        rows.length === 0
          ? nothing
          : html`<table>
              <thead>
                <tr>
                  <th scope="col">${msg("结论", { id: "delegations.outcome" })}</th>
                  <th scope="col">${msg("授权文件", { id: "delegations.document" })}</th>
                  <th scope="col">${msg("期限", { id: "delegations.term" })}</th>
                  <th scope="col">${msg("登记人", { id: "delegations.by" })}</th>
                  <th scope="col">${msg("状态", { id: "delegations.state" })}</th>
                </tr>
              </thead>
              <tbody>
                ${rows.map((row) => this.#row(row))}
              </tbody>
            </table>`
      }
      ${this.leader ? this.#form() : nothing}
    </section>`;
  }

  #form() {
    return html`<form @submit=${this.#submit}>
      ${choice<DelegableOutcome>({
        id: "outcome",
        label: msg("结论", { id: "delegations.outcome" }),
        value: this.outcome,
        choices: OUTCOMES.map(([kind, word]) => [kind, word()] as const),
        onInput: (value) => (this.outcome = value),
      })}
      ${field({
        id: "document",
        label: msg("授权文件", { id: "delegations.document" }),
        value: this.document,
        onInput: (value) => (this.document = value),
      })}
      ${field({
        id: "from",
        label: msg("自", { id: "delegations.from" }),
        type: "date",
        value: this.from,
        onInput: (value) => (this.from = value),
      })}
      ${field({
        id: "until",
        label: msg("至", { id: "delegations.until" }),
        type: "date",
        value: this.until,
        onInput: (value) => (this.until = value),
      })}
      <button
        type="submit"
        ?disabled=${this.#change.pending || this.document.trim() === "" || this.from === "" || this.until === ""}
      >
        ${msg("登记授权", { id: "delegations.submit" })}
      </button>
    </form>`;
  }

  override firstUpdated(): void {
    void this.#rows.run();
  }

  #row(row: DelegationView) {
    return html`<tr>
      <td>${outcomeWord(row.outcome)}</td>
      <td>${row.document}</td>
      <td class="figures">${row.from} – ${row.until}</td>
      <td>${nameOf(row.by)}</td>
      <td>
        ${
          row.revoked !== null
            ? chip("plain", msg("已终止", { id: "delegations.revoked" }))
            : !this.leader
              ? chip("ok", msg("有效", { id: "delegations.stands" }))
              : html`<button
                  type="button"
                  class="quiet"
                  ?disabled=${this.#change.pending}
                  @click=${() => this.#revoke(row)}
                >
                  ${msg("终止", { id: "delegations.revoke" })}
                </button>`
        }
      </td>
    </tr>`;
  }

  async #revoke({ delegationId }: DelegationView): Promise<void> {
    await this.#change.run((signal) =>
      call("POST /api/delegations/:id/revoke", {
        params: { id: delegationId },
        body: {
          commandId: newCommandId(),
          reason: msg("负责人终止授权", { id: "delegations.revokeReason" }),
        },
        signal,
      }),
    );
    void this.#rows.run();
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { outcome, from, until } = this;
    const document = this.document.trim();
    await this.#change.run((signal) =>
      call("POST /api/delegations", {
        body: { commandId: newCommandId(), outcome, document, from, until },
        signal,
      }),
    );
    if (this.#change.error === undefined) this.document = "";
    void this.#rows.run();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-delegations-panel": DelegationsPanel;
  }
}
