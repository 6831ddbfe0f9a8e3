/** Checking any paper at the kiosk: a scanner types, the gateway answers. */
import { localized, msg } from "@lit/localize";
import { LitElement, html } from "lit";
import { customElement, state } from "lit/decorators.js";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import type { Checker } from "../verify/check.ts";
import { gatewayChecker } from "../verify/gateway-checker.ts";
import "../verify/paper-check.ts";
import { LeaveEvent } from "./events.ts";
import { screenStyles } from "./screen.styles.ts";

@customElement("cg-verify-screen")
@localized()
export class VerifyScreen extends LitElement {
  @state() private checker: Checker | undefined;
  readonly #here = new AbortController();

  static override readonly styles = [controls, screenStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    void gatewayChecker(this.#here.signal).then(
      (checker) => (this.checker = checker),
      () => undefined,
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#here.abort();
  }

  override render() {
    return html`<div class="row spread">
        <h1>${msg("查验文书", { id: "verify.title" })}</h1>
        <button type="button" @click=${() => this.dispatchEvent(new LeaveEvent("request"))}>
          ${icon("back")}${msg("返回首页", { id: "verify.back" })}
        </button>
      </div>
      <p class="lead">
        ${msg("把纸上的二维码对准扫码器，即可知道文书是否真实、是否改动过、是否仍然有效。", { id: "verify.lead" })}
      </p>
      ${this.checker === undefined ? "" : html`<cg-paper-check .checker=${this.checker}></cg-paper-check>`}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-verify-screen": VerifyScreen;
  }
}
