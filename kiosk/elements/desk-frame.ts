/** The frame of the staff pages: head with place, page, person; below it the page's own content. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Session } from "../controllers/session.ts";
import { Ticking } from "../controllers/ticking.ts";
import { controls } from "../style/controls.ts";
import { clock, shortDay } from "../text/format.ts";
import { chip, chipStyles } from "./chip.ts";
import { icon } from "./icon.ts";
import "./reading-toggles.ts";

@customElement("cg-desk-frame")
@localized()
export class DeskFrame extends LitElement {
  @property() heading = "";
  @property({ attribute: false }) session: Session | undefined;
  /** False while the gateway does not answer; the head says so. */
  @property({ type: Boolean }) away = false;
  readonly #now = new Ticking(this, 5_000);

  static override readonly styles = [
    controls,
    chipStyles,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        block-size: 100vh;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-4);
        padding: var(--space-2) var(--space-5);
        background: var(--brand);
        color: var(--on-brand);
      }
      h1 {
        font-family: var(--serif);
        font-size: var(--text-large);
        letter-spacing: 0.06em;
      }
      .mark {
        display: flex;
        flex: 1;
        align-items: center;
        gap: var(--space-3);
      }
      .mark img {
        inline-size: 2rem;
        block-size: 2rem;
        border-radius: 7px;
        box-shadow: 0 0 0 1px rgb(255 255 255 / 35%);
      }
      .tabs {
        /* A row of its own; a page without sections has none. */
        flex: 1 0 100%;
        order: 1;
      }
      .who {
        display: flex;
        align-items: center;
        gap: var(--space-2);
      }
      .person {
        display: grid;
        line-height: 1.25;
      }
      header button {
        border-color: currentColor;
        background: transparent;
        color: inherit;
      }
      header button:hover {
        background: var(--surface);
        color: var(--brand);
      }
      time {
        display: grid;
        justify-items: end;
        line-height: 1.25;
        font-variant-numeric: tabular-nums;
      }
      main {
        min-block-size: 0;
        overflow: auto;
      }
    `,
  ];

  override render() {
    const person = this.session?.view?.user;
    return html`<header>
        <div class="mark">
          <svg
            viewBox="0 0 32 32"
            width="30"
            height="30"
            aria-hidden="true"
            fill="none"
            stroke="currentColor"
          >
            <path d="M5 10h22M5 22h22M11 10v12M21 10v12" stroke-width="2.6" stroke-linecap="round" />
            <circle cx="16" cy="16" r="2.4" fill="#e3b04b" stroke="none" />
          </svg>
          <h1>${this.heading}</h1>
        </div>
        ${this.querySelector("[slot=tabs]") === null ? nothing : html`<div class="tabs"><slot name="tabs"></slot></div>`}
        ${this.away ? chip("bad", msg("系统连接中断，正在重连", { id: "frame.away" })) : nothing}
        <time>${clock(this.#now.nowMs)} <span class="small">${shortDay(this.#now.nowMs)}</span></time>
        <cg-reading-toggles compact></cg-reading-toggles>
        ${
          person === undefined
            ? nothing
            : html`<div class="who">
                ${icon("person")}
                <span class="person">
                  <span>${person.name}</span>
                  ${
                    person.officer === null
                      ? nothing
                      : html`<span class="small">
                          ${msg(str`执法证 ${person.officer.certNo}`, { id: "frame.certificate" })}
                        </span>`
                  }
                </span>
                <button type="button" @click=${() => this.session?.signOut()}>
                  ${msg("退出", { id: "frame.signOut" })}
                </button>
              </div>`
        }
      </header>
      <main><slot></slot></main>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-desk-frame": DeskFrame;
  }
}
