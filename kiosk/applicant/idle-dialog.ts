/** Asks a quiet person whether they are still there, with the seconds that are left; Enter or a touch stays. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { LeaveEvent } from "./events.ts";

export class StayEvent extends Event {
  static readonly type = "cg-stay";
  constructor() {
    super(StayEvent.type, { bubbles: true, composed: true });
  }
}

@customElement("cg-idle-dialog")
@localized()
export class IdleDialog extends LitElement {
  @property({ type: Number }) secondsLeft = 0;
  @query("dialog") private dialog!: HTMLDialogElement;

  static override readonly styles = [
    controls,
    css`
      dialog {
        inline-size: min(92vw, 36rem);
        padding: var(--space-6);
        border: 0;
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--ink);
        box-shadow: 0 20px 80px rgb(0 0 0 / 45%);
        text-align: center;
      }
      dialog::backdrop {
        background: rgb(13 39 71 / 78%);
        backdrop-filter: blur(14px);
      }
      .stack {
        justify-items: center;
        gap: var(--space-5);
      }
      h2 {
        font-family: var(--serif);
        font-size: 1.7rem;
        color: var(--brand);
      }
      .seconds {
        font-size: 4rem;
        font-weight: 700;
        line-height: 1;
        color: var(--brand);
        font-variant-numeric: tabular-nums;
      }
      .actions {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
        gap: var(--space-4);
        inline-size: 100%;
      }
      button {
        min-block-size: 76px;
        font-size: 1.15rem;
      }
    `,
  ];

  override render() {
    return html`<dialog aria-labelledby="question" aria-describedby="what" @cancel=${this.#cancelled}>
      <div class="stack">
        <h2 id="question">${msg("您还在使用吗？", { id: "idle.title" })}</h2>
        <div class="seconds" role="timer">${this.secondsLeft}</div>
        <p id="what">
          ${msg(str`${this.secondsLeft} 秒内没有操作，屏幕上的内容将被清除。`, { id: "idle.text" })}
        </p>
        <div class="actions">
          <button type="button" @click=${() => this.dispatchEvent(new LeaveEvent("request"))}>
            ${msg("结束并清除", { id: "idle.leave" })}
          </button>
          <button type="button" class="primary" autofocus @click=${() => this.#stay()}>
            ${icon("clock")}${msg("继续使用", { id: "idle.stay" })}
          </button>
        </div>
      </div>
    </dialog>`;
  }

  override firstUpdated(): void {
    this.dialog.showModal();
  }

  readonly #cancelled = (event: Event): void => {
    event.preventDefault();
    this.#stay();
  };

  #stay(): void {
    this.dispatchEvent(new StayEvent());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-idle-dialog": IdleDialog;
  }
  interface HTMLElementEventMap {
    "cg-stay": StayEvent;
  }
}
