/** What the kiosk shows while nobody uses it: what can be done here, and whether the counter is recorded. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { StepEvent } from "./events.ts";
import { screenStyles } from "./screen.styles.ts";

@customElement("cg-home-screen")
@localized()
export class HomeScreen extends LitElement {
  @property({ type: Boolean }) recording = false;

  static override readonly styles = [
    controls,
    screenStyles,
    css`
      :host {
        align-content: center;
        min-block-size: 100%;
        gap: var(--space-7);
      }
      h1 {
        font-size: clamp(2.2rem, 5.2vw, 3.2rem);
      }
      .welcome {
        display: grid;
        gap: var(--space-3);
      }
      button.primary {
        justify-content: space-between;
        inline-size: 100%;
        min-block-size: 132px;
        padding-inline: var(--space-6);
        font-size: 1.7rem;
        text-align: start;
        box-shadow: var(--shadow);
      }
      button.primary small {
        display: block;
        color: var(--on-brand-soft);
        font-size: 1rem;
        font-weight: 400;
      }
      button.primary .icon {
        inline-size: 1.6em;
        block-size: 1.6em;
      }
      ol {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: var(--space-4);
        counter-reset: step;
      }
      li {
        display: grid;
        grid-template-rows: auto auto 1fr;
        gap: var(--space-1);
        padding-block-start: var(--space-3);
        border-block-start: 3px solid var(--accent);
        counter-increment: step;
      }
      li::before {
        content: counter(step);
        color: var(--accent-ink);
        font-family: var(--serif);
        font-size: 1.7rem;
        font-weight: 700;
        line-height: 1;
      }
      li b {
        font-size: 1.15rem;
      }
      .recording {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        color: var(--ink-soft);
      }
      .recording .icon {
        color: var(--bad);
      }
      @media (orientation: portrait) {
        h1 {
          font-size: clamp(2.2rem, 6.6vw, 3.6rem);
        }
        button.primary {
          min-block-size: 190px;
          font-size: 2.1rem;
        }
        button.primary small,
        .lead {
          font-size: 1.2rem;
        }
        li b {
          font-size: 1.3rem;
        }
        li span {
          font-size: 1.05rem;
        }
      }
      @media (orientation: landscape) {
        :host {
          gap: var(--space-6);
        }
      }
    `,
  ];

  override render() {
    return html`<div class="welcome">
        <h1>${msg("政务服务自助终端", { id: "home.title" })}</h1>
        <p class="lead">
          ${msg("凭取件码和证件号码后四位，查看、确认和打印您本人的受理文书。", { id: "home.lead" })}
        </p>
      </div>
      <button type="button" class="primary" @click=${() => this.dispatchEvent(new StepEvent("claim"))}>
        <span>
          ${msg("查看我的文书", { id: "home.start" })}
          <small>${msg("请准备好凭条上的 8 位取件码", { id: "home.startHint" })}</small>
        </span>
        ${icon("arrow")}
      </button>
      <button type="button" @click=${() => this.dispatchEvent(new StepEvent("verify"))}>
        ${icon("check")}${msg("查验文书真伪", { id: "home.verify" })}
      </button>
      <button type="button" @click=${() => this.dispatchEvent(new StepEvent("guides"))}>
        ${icon("paper")}${msg("办事指南：需要带什么材料", { id: "home.guides" })}
      </button>
      <ol>
        <li>
          <b>${msg("输入取件码", { id: "home.stepCode" })}</b>
          <span class="soft">${msg("取件码印在窗口交给您的凭条上", { id: "home.stepCodeHint" })}</span>
        </li>
        <li>
          <b>${msg("阅读文书", { id: "home.stepRead" })}</b>
          <span class="soft">${msg("可切换中文、英文和大字", { id: "home.stepReadHint" })}</span>
        </li>
        <li>
          <b>${msg("签名或打印", { id: "home.stepSign" })}</b>
          <span class="soft">${msg("结束后屏幕上的内容立即清除", { id: "home.stepSignHint" })}</span>
        </li>
      </ol>
      ${
        this.recording
          ? html`<p class="recording">
              ${icon("camera")}${msg("本窗口正在录音录像，仅用于记录受理过程。", { id: "home.recording" })}
            </p>`
          : nothing
      } `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-home-screen": HomeScreen;
  }
}
