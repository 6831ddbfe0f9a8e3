/** Requests for viewing and copying: what waits first, then the rest; a form to register one; the book to print. */
import { localized, msg } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { AccessRequestView } from "../../gateway/http/contract/access.ts";
import { call, pathOf } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import type { RequestedEvent } from "./access-request-form.ts";
import "./access-request-form.ts";
import "./access-request-card.ts";
import { failure, failureStyles } from "./failure.ts";
import { icon } from "./icon.ts";
import "./seals-panel.ts";

const LOOK_BACK_MS = 90 * 24 * 3_600_000;
const DAY_MS = 24 * 3_600_000;
const WAITING: ReadonlySet<AccessRequestView["status"]> = new Set(["credentials", "approval", "granted"]);

@customElement("cg-access-desk")
@localized()
export class AccessDesk extends LitElement {
  /** Whether the books may be printed here. */
  @property({ type: Boolean }) books = false;
  @state() private asking = false;
  readonly #list = new Task(this, async (signal) =>
    call("GET /api/access-requests", {
      query: { fromMs: Date.now() - LOOK_BACK_MS, toMs: Date.now() + DAY_MS },
      signal,
    }),
  );

  static override readonly styles = [controls, deskPage, failureStyles];

  override render() {
    const rows = this.#list.value ?? [];
    const sorted = [
      ...rows.filter(({ status }) => WAITING.has(status)),
      ...rows.filter(({ status }) => !WAITING.has(status)),
    ];
    return html`<div class="stack" @cg-requested=${this.#changed}>
      <div class="row spread">
        <h2>${msg("查阅复制申请", { id: "access.requests" })}</h2>
        <div class="row">
          <button
            type="button"
            class="primary"
            aria-expanded=${this.asking}
            @click=${() => (this.asking = !this.asking)}
          >
            ${icon("pen")}${msg("登记新申请", { id: "access.new" })}
          </button>
          ${this.books ? this.#books() : nothing}
        </div>
      </div>
      ${failure(this.#list.error)}
      ${this.asking ? html`<cg-access-request-form></cg-access-request-form>` : nothing}
      ${
        this.#list.value !== undefined && rows.length === 0
          ? html`<p class="soft">${msg("近九十天没有申请。", { id: "access.none" })}</p>`
          : nothing
      }
      ${sorted.map((request) => html`<cg-access-request-card .request=${request}></cg-access-request-card>`)}
      <cg-seals-panel></cg-seals-panel>
    </div>`;
  }

  override firstUpdated(): void {
    void this.#list.run();
  }

  #books() {
    const query = { fromMs: Date.now() - LOOK_BACK_MS, toMs: Date.now() };
    const link = (book: string, text: string) =>
      html`<a class="button" target="_blank" href=${pathOf("/api/books/:book/page.pdf", { book }, query)}>
        ${icon("printer")}${text}
      </a>`;
    return html`${link("requests", msg("查阅登记簿", { id: "books.requests" }))}
    ${link("looks", msg("调阅台账", { id: "books.looks" }))}`;
  }

  readonly #changed = (event: RequestedEvent): void => {
    event.stopPropagation();
    this.asking = false;
    void this.#list.run();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-access-desk": AccessDesk;
  }
}
