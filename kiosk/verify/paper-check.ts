/**
 * "查验文书": takes what a scanner types, what is pasted, or files, and says what the paper is worth. Invariant: what
 * was shown stays in this element, and is gone with it.
 */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { Task } from "../controllers/task.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { type Checker, type Shown, check } from "./check.ts";
import { wordsOf } from "./words.ts";

const ACCEPTED = "image/png,image/jpeg,image/webp,application/pdf,.pdf,.tlog-proof,.txt";
const MAX_FILE_BYTES = 16 * 1024 * 1024;

@customElement("cg-paper-check")
@localized()
export class PaperCheck extends LitElement {
  @property({ attribute: false }) checker: Checker = { keys: [] };
  /** Whether files may be chosen; not on a kiosk, where nobody may see its disk. */
  @property({ type: Boolean }) files = false;
  @state() private text = "";
  @state() private pdf: { readonly name: string; readonly bytes: Uint8Array } | undefined;
  /** Why a file was not taken. */
  @state() private problem: "noQr" | "tooLarge" | "unreadable" | undefined;
  @query("textarea") private field!: HTMLTextAreaElement;
  @query(".result h2") private headline!: HTMLElement | null;
  readonly #task = new Task(this, async (signal, shown: Shown) => check(shown, this.checker, signal));

  static override readonly styles = [
    controls,
    failureStyles,
    css`
      :host {
        display: grid;
        gap: var(--space-5);
      }
      form,
      .files {
        display: grid;
        gap: var(--space-3);
      }
      label {
        font-size: 1.15rem;
        font-weight: 600;
      }
      textarea {
        inline-size: 100%;
        min-block-size: 6.5rem;
        padding: var(--space-3) var(--space-4);
        border: 2px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        font-family: var(--figures);
        font-size: 1.05rem;
        overflow-wrap: anywhere;
        resize: vertical;
        user-select: text;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
      }
      .buttons button,
      .buttons .button {
        min-block-size: max(var(--target), 60px);
        font-size: 1.1rem;
      }
      .buttons .primary {
        flex: 1 1 12rem;
      }
      .button {
        position: relative;
      }
      input[type="file"] {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        opacity: 0;
        cursor: pointer;
      }
      .button:focus-within {
        outline: 3px solid var(--focus);
        outline-offset: 2px;
      }
      .result {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--space-2) var(--space-5);
        padding: var(--space-5) var(--space-6);
        border: 2px solid currentColor;
        border-inline-start-width: 12px;
        border-radius: var(--radius);
        background: var(--surface);
      }
      .result > * {
        grid-column: 2;
      }
      .result .icon {
        grid-row: 1 / span 3;
        grid-column: 1;
        inline-size: 4rem;
        block-size: 4rem;
      }
      .result h2 {
        font-family: var(--serif);
        font-size: 1.8rem;
      }
      .result h2:focus {
        outline: none;
      }
      .result p,
      .result dl {
        color: var(--ink);
        font-size: 1.1rem;
      }
      .ok {
        color: var(--ok);
      }
      .warn {
        color: var(--warn);
      }
      .bad {
        color: var(--bad);
      }
      .unknown {
        color: var(--ink-soft);
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--space-1) var(--space-4);
        margin-block-start: var(--space-3);
      }
      @media (max-width: 34rem) {
        .result {
          grid-template-columns: 1fr;
          padding: var(--space-4);
        }
        .result > *,
        .result .icon {
          grid-row: auto;
          grid-column: 1;
        }
        .result .icon {
          inline-size: 3rem;
          block-size: 3rem;
        }
      }
      dt {
        color: var(--ink-soft);
      }
      dd {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    return html`<form @submit=${this.#submit}>
        <label for="text"
          >${msg("扫描纸上的二维码，或粘贴二维码文字、电子凭据", { id: "verify.label" })}</label
        >
        <textarea
          id="text"
          rows="3"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          .value=${this.text}
          @input=${(event: InputEvent) => (this.text = (event.currentTarget as HTMLTextAreaElement).value)}
          @keydown=${this.#key}
        ></textarea>
        ${this.files ? this.#fileRow() : nothing}
        <div class="buttons">
          <button type="submit" class="primary" ?disabled=${this.text.trim() === "" || this.#task.pending}>
            ${this.#task.pending ? msg("正在查验…", { id: "verify.checking" }) : msg("查验", { id: "verify.submit" })}
          </button>
          <button type="button" @click=${this.#clear}>
            ${icon("erase")}${msg("清除", { id: "verify.clear" })}
          </button>
        </div>
      </form>
      ${this.#fault()} ${failure(this.#task.error)} ${this.#result()}`;
  }

  override firstUpdated(): void {
    this.field.focus();
  }

  #fileRow() {
    return html`<div class="files">
      <div class="buttons">
        <span class="button">
          <input type="file" id="file" multiple accept=${ACCEPTED} @change=${this.#choose} />
          <label for="file" class="row">
            ${icon("paper")}${msg("打开二维码照片、电子凭据或 PDF", { id: "verify.files" })}
          </label>
        </span>
      </div>
      ${
        this.pdf === undefined
          ? nothing
          : html`<p class="soft" role="status">${icon("paper")} ${this.pdf.name}</p>`
      }
    </div>`;
  }

  #fault() {
    if (this.problem === undefined) return nothing;
    const texts = {
      noQr: msg("照片中没有读到二维码，请对准、调亮后重拍。", { id: "verify.noQr" }),
      tooLarge: msg("文件太大，不是文书的照片、凭据或 PDF。", { id: "verify.tooLarge" }),
      unreadable: msg("文件不能读取。", { id: "verify.unreadable" }),
    };
    return html`<p class="failure" role="alert">${icon("warning")}<span>${texts[this.problem]}</span></p>`;
  }

  #result() {
    if (this.#task.state.name !== "complete") return nothing;
    const outcome = this.#task.state.value;
    const { tone, icon: sign, title, text, facts } = wordsOf(outcome);
    return html`<section class="result ${tone}" role="status" aria-live="polite">
      ${icon(sign)}
      <h2 tabindex="-1">${title}</h2>
      <p>${text}</p>
      ${
        facts.length === 0
          ? nothing
          : html`<dl>
              ${facts.map(
                ([label, value]) =>
                  html`<dt>${label}</dt>
                    <dd>${value}</dd>`,
              )}
            </dl>`
      }
      ${
        outcome.by === "keys" && outcome.gateway === "away"
          ? html`<p>${msg("目前连接不上系统，以上结果只凭公钥得出。", { id: "verify.away" })}</p>`
          : nothing
      }
    </section>`;
  }

  /** A scanner ends the line of a QR as a typist does; a receipt has many lines and is pasted. */
  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !/^\s*c1:/i.test(this.text)) return;
    event.preventDefault();
    void this.#run();
  };

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#run();
  };

  async #run(): Promise<void> {
    if (this.text.trim() === "") return;
    const { text, pdf } = this;
    await this.#task.run({ text, ...(pdf === undefined ? {} : { pdf: pdf.bytes }) });
    await this.updateComplete;
    this.headline?.focus();
    // The next scan replaces this one.
    if (!this.files) this.#startOver();
  }

  #startOver(): void {
    this.text = "";
    this.field.value = "";
    this.field.focus();
  }

  readonly #clear = (): void => {
    this.pdf = undefined;
    this.problem = undefined;
    this.#task.reset();
    this.#startOver();
  };

  readonly #choose = async (event: Event): Promise<void> => {
    const input = event.currentTarget as HTMLInputElement;
    const chosen = [...(input.files ?? [])];
    input.value = "";
    this.problem = undefined;
    for (const file of chosen)
      try {
        await this.#take(file);
      } catch {
        this.problem = "unreadable";
      }
    if (this.problem === undefined && this.text.trim() !== "") await this.#run();
  };

  async #take(file: File): Promise<void> {
    if (file.size > MAX_FILE_BYTES) this.problem = "tooLarge";
    else if (file.type === "application/pdf" || file.name.toLowerCase().endsWith(".pdf"))
      this.pdf = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    else if (file.type.startsWith("image/")) {
      const { textInPicture } = await import("./read-picture.ts");
      const text = await textInPicture(file);
      if (text === undefined) this.problem = "noQr";
      else this.text = text;
    } else this.text = await file.text();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-paper-check": PaperCheck;
  }
}
