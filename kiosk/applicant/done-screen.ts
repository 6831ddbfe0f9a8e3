/** The end of a visit: what was done, and that the screen clears itself. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { Ticking } from "../controllers/ticking.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { LeaveEvent, StepEvent } from "./events.ts";
import { screenStyles } from "./screen.styles.ts";

const STAYS_MS = 30_000;

@customElement("cg-done-screen")
@localized()
export class DoneScreen extends LitElement {
  /** Whether the person chose to sign on paper at the window. */
  @property({ type: Boolean }) onPaper = false;
  @property({ type: Boolean }) mayGoBack = false;
  #leaveAtMs = Date.now() + STAYS_MS;
  readonly #now = new Ticking(this, 1_000);

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
      .sign {
        display: grid;
        place-items: center;
        inline-size: 5rem;
        block-size: 5rem;
        border-radius: 50%;
        background: var(--ok-soft);
        color: var(--ok);
      }
      .sign .icon {
        inline-size: 3rem;
        block-size: 3rem;
      }
      .actions {
        inline-size: 100%;
      }
    `,
  ];

  override render() {
    const seconds = Math.max(0, Math.ceil((this.#leaveAtMs - this.#now.nowMs) / 1_000));
    return html`<section class="panel">
      <div class="sign">${icon(this.onPaper ? "pen" : "check")}</div>
      <h1 tabindex="-1">
        ${
          this.onPaper
            ? msg("请到窗口签名", { id: "done.onPaperTitle" })
            : msg("签名已保存", { id: "done.title" })
        }
      </h1>
      <p class="lead">
        ${
          this.onPaper
            ? msg("请在窗口工作人员交给您的纸质文书上签名。", { id: "done.onPaperText" })
            : msg("您的确认已记入办理记录。请取走窗口交给您的文书和凭条。", { id: "done.text" })
        }
      </p>
      <div class="actions">
        ${
          this.mayGoBack
            ? html`<button type="button" @click=${() => this.dispatchEvent(new StepEvent("papers"))}>
                ${msg("继续查看文书", { id: "done.more" })}
              </button>`
            : nothing
        }
        <button type="button" class="primary" @click=${() => this.dispatchEvent(new LeaveEvent("done"))}>
          ${msg("结束", { id: "done.leave" })}
        </button>
      </div>
      <p class="soft">${msg(str`${seconds} 秒后自动清除屏幕内容`, { id: "done.countdown" })}</p>
    </section>`;
  }

  override firstUpdated(): void {
    this.#leaveAtMs = Date.now() + STAYS_MS;
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  }

  override updated(): void {
    if (this.#now.nowMs >= this.#leaveAtMs) this.dispatchEvent(new LeaveEvent("done"));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-done-screen": DoneScreen;
  }
}
