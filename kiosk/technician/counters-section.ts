/** The counters with their printers, and binding a kiosk to one by a one-time code. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CounterId } from "../../gateway/domain/ids.ts";
import type { CatalogueView } from "../../gateway/http/contract/intake.ts";
import { call } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { deskPage } from "../style/desk-page.ts";
import { clock } from "../text/format.ts";

@customElement("cg-counters-section")
@localized()
export class CountersSection extends LitElement {
  @property({ attribute: false }) counters: CatalogueView["counters"] = [];
  @state() private codeFor: CounterId | undefined;
  readonly #code = new Task(this, async (signal, counterId: CounterId) =>
    call("POST /api/kiosk/binding-codes", { body: { counterId }, signal }),
  );

  static override readonly styles = [
    controls,
    deskPage,
    failureStyles,
    css`
      output {
        font-family: var(--figures);
        font-size: 1.8rem;
        font-weight: 700;
        letter-spacing: 0.12em;
      }
    `,
  ];

  override render() {
    return html`<div class="stack">
      <h2>${msg("窗口设备", { id: "technician.counters" })}</h2>
      ${failure(this.#code.error)}
      <div class="cards">${this.counters.map((counter) => this.#card(counter))}</div>
    </div>`;
  }

  #card(counter: CatalogueView["counters"][number]) {
    const code = this.codeFor === counter.id ? this.#code.value : undefined;
    return html`<article class="panel stack">
      <h3>${counter.name} <span class="soft small">${counter.id}</span></h3>
      <div>
        ${
          counter.printers.length === 0
            ? html`<p class="soft">${msg("没有凭条打印机", { id: "counters.noPrinter" })}</p>`
            : counter.printers.map((printer) => html`<p>${icon("printer")} ${printer}</p>`)
        }
      </div>
      <button
        type="button"
        ?disabled=${this.#code.pending}
        @click=${() => {
          this.codeFor = counter.id;
          void this.#code.run(counter.id);
        }}
      >
        ${icon("link")}${msg("生成终端绑定码", { id: "counters.makeCode" })}
      </button>
      ${
        code === undefined
          ? nothing
          : html`<div role="status">
              <output>${code.code}</output>
              <p class="small soft">
                ${msg(str`在自助终端上输入，${clock(code.expiresAt)} 前有效，只能使用一次。`, { id: "counters.codeHint" })}
              </p>
            </div>`
      }
    </article>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-counters-section": CountersSection;
  }
}
