/** One paper to read, and from there to sign or print; claimed by its applicant or presented by the clerk. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { Task } from "../controllers/task.ts";
import "../elements/document-sheet.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { language } from "../text/language.ts";
import { type PaperId, printSlip, readContent } from "./calls.ts";
import { LeaveEvent, StepEvent } from "./events.ts";
import { screenStyles } from "./screen.styles.ts";

@customElement("cg-paper-screen")
@localized()
export class PaperScreen extends LitElement {
  @property() documentId: PaperId | undefined;
  /** The applicant proved a claim: there may be more papers to go back to, and a slip may be printed. */
  @property({ type: Boolean }) claimed = false;
  @property({ type: Boolean }) mayGoBack = false;
  /** Whether the paper still waits for a signature. */
  @property({ type: Boolean }) maySign = false;
  #shownLanguage = "";
  readonly #content = new Task(this, async (signal, id: PaperId) => readContent(id, signal));
  readonly #print = new Task(this, async (signal, id: PaperId) => printSlip(id, signal));

  static override readonly styles = [
    controls,
    screenStyles,
    failureStyles,
    css`
      :host {
        padding-block-end: 0;
      }
      .actions:empty {
        display: none;
      }
      .actions {
        position: sticky;
        inset-block-end: 0;
        z-index: 1;
        margin-inline: calc(-1 * var(--space-4));
        padding: var(--space-4);
        border-block-start: 1px solid var(--line);
        background: var(--ground);
      }
      .waiting {
        min-block-size: 40vh;
        display: grid;
        place-items: center;
      }
    `,
  ];

  override render() {
    const content = this.#content.value;
    const { error } = this.#content;
    return html`<div class="row spread">
        ${
          this.mayGoBack
            ? html`<button type="button" @click=${() => this.dispatchEvent(new StepEvent("papers"))}>
                ${icon("back")}${msg("全部文书", { id: "paper.back" })}
              </button>`
            : nothing
        }
        <h1 class=${this.mayGoBack ? "visually-hidden" : ""}>${msg("请阅读文书", { id: "paper.title" })}</h1>
        <button type="button" @click=${() => this.dispatchEvent(new LeaveEvent("done"))}>
          ${icon("cross")}${msg("结束并清除", { id: "paper.leave" })}
        </button>
      </div>
      ${failure(error)} ${failure(this.#print.error)}
      ${
        this.#print.error === undefined
          ? nothing
          : html`<p>${msg("打印问题不影响文书本身，也可以请窗口打印。", { id: "paper.printFailed" })}</p>`
      }
      ${
        this.#print.value === undefined
          ? nothing
          : html`<p class="panel" role="status">
              ${icon("check")} ${msg("凭条已打印，请取走。", { id: "paper.printed" })}
            </p>`
      }
      ${
        content === undefined
          ? html`<div class="panel waiting" role="status">
              ${error === undefined ? msg("正在打开文书…", { id: "paper.loading" }) : nothing}
            </div>`
          : html`<cg-document-sheet .content=${content}></cg-document-sheet>`
      }
      ${content === undefined ? nothing : this.#actions()}`;
  }

  /** The content is fetched in the language on screen, and again when that changes. */
  override updated(): void {
    if (this.documentId === undefined || this.#shownLanguage === `${this.documentId} ${language()}`) return;
    this.#shownLanguage = `${this.documentId} ${language()}`;
    void this.#content.run(this.documentId);
  }

  #actions() {
    return html`<div class="actions">
      ${
        this.claimed
          ? html`<button
              type="button"
              ?disabled=${this.#print.pending}
              @click=${() => this.documentId !== undefined && this.#print.run(this.documentId)}
            >
              ${icon("printer")}${
                this.#print.pending
                  ? msg("正在打印…", { id: "paper.printing" })
                  : msg("打印凭条", { id: "paper.print" })
              }
            </button>`
          : nothing
      }
      ${
        this.maySign
          ? html`<button
              type="button"
              class="primary"
              @click=${() => this.dispatchEvent(new StepEvent("sign"))}
            >
              ${icon("pen")}${msg("确认并签名", { id: "paper.sign" })}
            </button>`
          : nothing
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-paper-screen": PaperScreen;
  }
}
