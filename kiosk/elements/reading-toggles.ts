/**
 * The three switches every page has: language, text size, contrast. Attribute `compact`: where there is little room
 * the last two show their pictures alone.
 */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement } from "lit/decorators.js";
import { reading, setReading } from "../controllers/reading.ts";
import { controls } from "../style/controls.ts";
import { language, setLanguage } from "../text/language.ts";
import { icon } from "./icon.ts";

@customElement("cg-reading-toggles")
@localized()
export class ReadingToggles extends LitElement {
  static override readonly styles = [
    controls,
    css`
      .row {
        gap: 10px;
        flex-wrap: nowrap;
      }
      button {
        border-color: currentColor;
        background: transparent;
        color: inherit;
        padding-inline: 0.7em;
        white-space: nowrap;
      }
      @media (max-width: 90rem) {
        :host([compact]) .word {
          position: absolute;
          clip-path: inset(50%);
        }
      }
      button:hover:not([disabled]),
      button[aria-pressed="true"] {
        background: var(--surface);
        border-color: var(--surface);
        color: var(--brand);
      }
    `,
  ];

  override render() {
    const { largeText, highContrast } = reading();
    const other = language() === "en" ? "zh-Hans" : "en";
    return html`<div class="row" role="group" aria-label=${msg("阅读设置", { id: "reading.name" })}>
      <button type="button" lang=${other} @click=${() => setLanguage(other)}>
        ${icon("globe")}${other === "en" ? "English" : msg("中文", { id: "reading.chinese" })}
      </button>
      <button type="button" aria-pressed=${largeText} @click=${() => this.#set({ largeText: !largeText })}>
        ${icon("text")}<span class="word">${msg("大字", { id: "reading.largeText" })}</span>
      </button>
      <button
        type="button"
        aria-pressed=${highContrast}
        @click=${() => this.#set({ highContrast: !highContrast })}
      >
        ${icon("contrast")}<span class="word">${msg("高对比", { id: "reading.highContrast" })}</span>
      </button>
    </div>`;
  }

  #set(wanted: Parameters<typeof setReading>[0]): void {
    setReading(wanted);
    this.requestUpdate();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-reading-toggles": ReadingToggles;
  }
}
