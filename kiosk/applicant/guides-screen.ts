/** The published service guide at the kiosk: matters, and what each wants, before anybody queues (law 30). */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { call } from "../api.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { pick } from "../text/language.ts";
import { StepEvent } from "./events.ts";
import { screenStyles } from "./screen.styles.ts";

@customElement("cg-guides-screen")
@localized()
export class GuidesScreen extends LitElement {
  @state() private open = "";
  readonly #guides = new Task(this, async (signal) => call("GET /api/kiosk/guides", { signal }));

  static override readonly styles = [
    controls,
    screenStyles,
    failureStyles,
    css`
      .matters {
        display: grid;
        gap: var(--space-3);
        align-content: start;
        overflow: auto;
      }
      .matters > li > button {
        inline-size: 100%;
        justify-content: space-between;
        min-block-size: 4rem;
        font-size: 1.25rem;
        text-align: start;
      }
      .materials li {
        padding: var(--space-3) var(--space-4);
        border-block-end: 1px solid var(--line);
      }
      .materials b {
        font-size: 1.1rem;
      }
    `,
  ];

  override render() {
    return html`<h1>${msg("办事指南", { id: "guidesScreen.title" })}</h1>
      ${failure(this.#guides.error)}
      <ul class="matters">
        ${(this.#guides.value ?? []).map((guide) => {
          const shown = this.open === guide.code;
          return html`<li>
            <button
              type="button"
              aria-expanded=${shown}
              @click=${() => (this.open = shown ? "" : guide.code)}
            >
              ${pick(guide.name)}
              <small class="soft"
                >${msg(str`${guide.promisedDays ?? guide.legalDays} 个工作日内办结`, { id: "guidesScreen.days" })}</small
              >
            </button>
            ${
              shown
                ? html`<ol class="materials">
                    ${guide.items.map(
                      ({ name, legalForm, required, copies }) =>
                        html`<li>
                          <b>${pick(name)}</b>
                          ${required ? nothing : msg("（视情况提供）", { id: "guides.optional" })}
                          <div class="soft">
                            ${pick(legalForm)}　${msg(str`${copies} 份`, { id: "guidesScreen.copies" })}
                          </div>
                        </li>`,
                    )}
                  </ol>`
                : nothing
            }
          </li>`;
        })}
      </ul>
      <div class="row">
        <button type="button" @click=${() => this.dispatchEvent(new StepEvent("home"))}>
          ${icon("back")}${msg("返回", { id: "guidesScreen.back" })}
        </button>
      </div>`;
  }

  override firstUpdated(): void {
    void this.#guides.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-guides-screen": GuidesScreen;
  }
}
