/** Binding a fresh kiosk browser to its counter with the technician's one-time code. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { field } from "../elements/field.ts";
import { controls } from "../style/controls.ts";
import { screenStyles } from "./screen.styles.ts";

@customElement("cg-bind-screen")
@localized()
export class BindScreen extends LitElement {
  @property({ attribute: false }) bindWith:
    | ((code: string, signal: AbortSignal) => Promise<void>)
    | undefined;
  @state() private code = "";
  readonly #task = new Task(this, async (signal) => {
    await this.bindWith?.(this.code.trim(), signal);
    return true;
  });

  static override readonly styles = [
    controls,
    screenStyles,
    failureStyles,
    css`
      :host {
        align-content: center;
        min-block-size: 100%;
      }
      input {
        min-block-size: 76px !important;
        font-size: 1.5rem;
        letter-spacing: 0.12em;
      }
    `,
  ];

  override render() {
    return html`<form class="panel stack" @submit=${this.#submit}>
      <h1>${msg("终端尚未绑定窗口", { id: "bind.title" })}</h1>
      <p class="lead">
        ${msg("请技术员在“设备维护”页面生成一次性绑定码，并在此输入。", { id: "bind.text" })}
      </p>
      ${failure(this.#task.error)}
      ${field({
        id: "code",
        label: msg("绑定码", { id: "bind.code" }),
        value: this.code,
        required: true,
        maxLength: 64,
        onInput: (value) => (this.code = value),
      })}
      <button type="submit" class="primary" ?disabled=${this.code.trim().length < 4 || this.#task.pending}>
        ${msg("绑定", { id: "bind.submit" })}
      </button>
    </form>`;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    await this.#task.run();
    this.code = "";
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-bind-screen": BindScreen;
  }
}
