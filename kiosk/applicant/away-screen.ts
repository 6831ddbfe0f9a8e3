/** What the kiosk shows while the gateway does not answer; it goes by itself when the line is back. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement } from "lit/decorators.js";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { screenStyles } from "./screen.styles.ts";

@customElement("cg-away-screen")
@localized()
export class AwayScreen extends LitElement {
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
        justify-items: center;
        gap: var(--space-4);
        padding: var(--space-7);
        text-align: center;
      }
      .icon {
        inline-size: 3.5rem;
        block-size: 3.5rem;
        color: var(--warn);
        animation: breathe 2.4s ease-in-out infinite;
      }
      @keyframes breathe {
        50% {
          opacity: 0.35;
        }
      }
    `,
  ];

  override render() {
    return html`<section class="panel" role="status">
      ${icon("link")}
      <h1>${msg("正在恢复连接", { id: "away.title" })}</h1>
      <p class="lead">
        ${msg("系统暂时没有响应，恢复后会自动继续。已经确认的内容不会丢失。", { id: "away.text" })}
      </p>
      <p class="soft">${msg("急需办理的，请直接到窗口。", { id: "away.help" })}</p>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-away-screen": AwayScreen;
  }
}
