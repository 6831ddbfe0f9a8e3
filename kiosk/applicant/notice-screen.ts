/** The recording notice (PIPL 17, S3-A-6): shown when the clerk starts an intake at this counter. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { pick } from "../text/language.ts";
import { StepEvent } from "./events.ts";
import { screenStyles } from "./screen.styles.ts";

@customElement("cg-notice-screen")
@localized()
export class NoticeScreen extends LitElement {
  @property({ attribute: false }) text: { readonly zh: string; readonly en: string } | undefined;
  @property() version = "";

  static override readonly styles = [
    controls,
    screenStyles,
    css`
      :host {
        align-content: center;
        min-block-size: 100%;
      }
      .panel {
        display: grid;
        gap: var(--space-5);
        padding: var(--space-6) var(--space-7);
        border-block-start: 6px solid var(--bad);
      }
      .head {
        display: flex;
        align-items: center;
        gap: var(--space-4);
      }
      .head .icon {
        inline-size: 3rem;
        block-size: 3rem;
        color: var(--bad);
      }
      .text {
        display: grid;
        gap: 0.8em;
        font-size: 1.3rem;
        line-height: 1.8;
      }
    `,
  ];

  override render() {
    if (this.text === undefined) return nothing;
    const paragraphs = pick(this.text)
      .split(/\n+/)
      .filter((line) => line.trim() !== "");
    return html`<section class="panel" aria-labelledby="title">
      <div class="head">
        ${icon("camera")}
        <h1 id="title">${msg("录音录像告知", { id: "notice.title" })}</h1>
      </div>
      <div class="text">${paragraphs.map((line) => html`<p>${line}</p>`)}</div>
      <p class="soft small">${msg("告知版本", { id: "notice.version" })} ${this.version}</p>
      <button type="button" class="primary" @click=${() => this.dispatchEvent(new StepEvent("home"))}>
        ${icon("check")}${msg("我已知悉", { id: "notice.understood" })}
      </button>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-notice-screen": NoticeScreen;
  }
}
