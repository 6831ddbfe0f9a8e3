/**
 * The page for anybody: checks papers, hands the applicant what they took along from the kiosk, and gives the page
 * that works without any network. Invariant: the one-time code is taken out of the address before anything is asked.
 */
import { localized, msg } from "@lit/localize";
import { LitElement, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import "../elements/reading-toggles.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { icon } from "../elements/icon.ts";
import { Task } from "../controllers/task.ts";
import { controls } from "../style/controls.ts";
import type { Checker } from "./check.ts";
import { frameStyles } from "./frame.styles.ts";
import { gatewayChecker } from "./gateway-checker.ts";
import "./paper-check.ts";
import { type Taken, takeAlong } from "./take.ts";

@customElement("cg-verify")
@localized()
export class VerifyPage extends LitElement {
  @state() private checker: Checker | undefined;
  readonly #here = new AbortController();
  #code: string | undefined;
  readonly #take = new Task(this, async (signal, what: Taken, code: string) => takeAlong(what, code, signal));

  static override readonly styles = [controls, failureStyles, frameStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    const { hash } = location;
    if (hash.startsWith("#take=")) {
      this.#code = hash.slice("#take=".length);
      history.replaceState(null, "", location.pathname);
    }
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
    return html`<header>
        <h1>${msg("查验文书", { id: "verify.title" })}</h1>
        <cg-reading-toggles compact></cg-reading-toggles>
      </header>
      <main>
        ${this.#taking()}
        ${
          this.checker === undefined
            ? nothing
            : html`<cg-paper-check files .checker=${this.checker}></cg-paper-check>`
        }
        <section class="keep">
          <h2>${msg("离线查验页", { id: "verify.keepTitle" })}</h2>
          <p>
            ${msg("保存这个网页文件，以后不联网也能查验本处签发的文书；文件内含本处的公钥。", { id: "verify.keepText" })}
          </p>
          <a class="button" href="/api/papers/offline-page" download="verify-offline.html">
            ${icon("paper")}${msg("保存离线查验页", { id: "verify.keep" })}
          </a>
        </section>
      </main>`;
  }

  #taking() {
    const code = this.#code;
    if (code === undefined) return nothing;
    return html`<section class="take">
      <h2>${msg("您的文书", { id: "verify.takeTitle" })}</h2>
      <p>${msg("请保存两个文件：PDF 是文书，电子凭据证明它由本机签发。", { id: "verify.takeText" })}</p>
      ${failure(this.#take.error)}
      <button type="button" class="primary" @click=${() => this.#take.run("pdf", code)}>
        ${icon("paper")}${msg("保存 PDF", { id: "verify.takePdf" })}
      </button>
      <button type="button" @click=${() => this.#take.run("receipt", code)}>
        ${icon("check")}${msg("保存电子凭据", { id: "verify.takeReceipt" })}
      </button>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-verify": VerifyPage;
  }
}
