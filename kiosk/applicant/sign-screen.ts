/**
 * Confirming a paper by signing on the screen, or choosing ink at the window instead (WCAG 2.5.7: no drag is
 * ever the only way). Invariant: the strokes leave this element only in the call that stores them.
 */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { StrokesField } from "../../gateway/http/contract/kiosk.ts";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { icon } from "../elements/icon.ts";
import type { StrokesEvent } from "../elements/signature-field.ts";
import "../elements/signature-field.ts";
import { controls } from "../style/controls.ts";
import { type PaperId, signPaper } from "./calls.ts";
import { StepEvent } from "./events.ts";
import { screenStyles } from "./screen.styles.ts";

@customElement("cg-sign-screen")
@localized()
export class SignScreen extends LitElement {
  @property() documentId: PaperId | undefined;
  @state() private drawn: StrokesField | undefined;
  readonly #task = new Task(this, async (signal, id: PaperId, drawn: StrokesField) => {
    await signPaper(id, drawn, signal);
    return true;
  });

  static override readonly styles = [
    controls,
    screenStyles,
    failureStyles,
    css`
      .other {
        display: grid;
        gap: var(--space-3);
        padding-block-start: var(--space-4);
        border-block-start: 1px solid var(--line-strong);
      }
      .other button {
        justify-self: start;
      }
    `,
  ];

  override render() {
    return html`<div class="row spread">
        <h1 tabindex="-1">${msg("签名确认", { id: "sign.title" })}</h1>
        <button type="button" @click=${() => this.dispatchEvent(new StepEvent("paper"))}>
          ${icon("back")}${msg("返回文书", { id: "sign.back" })}
        </button>
      </div>
      <p class="lead">
        ${msg("签名表示您已收到并阅读这份文书，不表示您同意其中的结论。", { id: "sign.meaning" })}
      </p>
      ${failure(this.#task.error)}
      <cg-signature-field
        @cg-strokes=${(event: StrokesEvent) => (this.drawn = event.drawn)}
      ></cg-signature-field>
      <button
        type="button"
        class="primary"
        ?disabled=${this.drawn === undefined || this.#task.pending}
        @click=${this.#confirm}
      >
        ${icon("check")}${
          this.#task.pending
            ? msg("正在保存签名…", { id: "sign.saving" })
            : msg("确认签名", { id: "sign.confirm" })
        }
      </button>
      <div class="other">
        <p>${msg("不方便在屏幕上签名？可以在窗口的纸质文书上签名。", { id: "sign.otherWay" })}</p>
        <button type="button" @click=${() => this.dispatchEvent(new StepEvent("onPaper"))}>
          ${icon("paper")}${msg("到窗口在纸上签名", { id: "sign.onPaper" })}
        </button>
      </div>`;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  }

  readonly #confirm = async (): Promise<void> => {
    if (this.documentId === undefined || this.drawn === undefined) return;
    if ((await this.#task.run(this.documentId, this.drawn)) !== true) return;
    this.drawn = undefined;
    this.dispatchEvent(new StepEvent("done"));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-sign-screen": SignScreen;
  }
}
