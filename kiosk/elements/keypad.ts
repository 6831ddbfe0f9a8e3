/**
 * A keypad for a screen without a keyboard. Fires `cg-key` with a character or `erase` and keeps none itself.
 * A touch on it never takes the focus away from the input it fills.
 */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { controls } from "../style/controls.ts";
import { icon } from "./icon.ts";

/** One character, or `erase` for the last one. */
export type Key = string;

export class KeyEvent extends Event {
  static readonly type = "cg-key";
  readonly key: Key;
  constructor(key: Key) {
    super(KeyEvent.type, { bubbles: true, composed: true });
    this.key = key;
  }
}

const DIGITS = "123456789".split("");
/** Letters that a unified social credit code can hold (GB 32100-2015); identity cards need X alone. */
const LETTERS = "ABCDEFGHJKLMNPQRTUWXY".split("");

@customElement("cg-keypad")
@localized()
export class Keypad extends LitElement {
  /** Whether the characters of identity numbers may be typed, and not only digits. */
  @property({ type: Boolean }) identity = false;
  @state() private letters = false;

  static override readonly styles = [
    controls,
    css`
      .keys {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: 12px;
      }
      button {
        min-block-size: clamp(72px, 8.4vh, 96px);
        border-color: var(--line);
        font-size: 1.7rem;
        font-weight: 500;
        font-variant-numeric: tabular-nums;
        box-shadow: var(--shadow);
      }
      @media (max-height: 900px) {
        button {
          min-block-size: 72px;
        }
      }
      button:active:not([disabled]) {
        background: var(--brand-soft);
        transform: translateY(1px);
      }
      .keys.letters {
        grid-template-columns: repeat(5, 1fr);
      }
      .keys.letters .word {
        grid-column: span 4;
      }
      button.word {
        font-size: 1.05rem;
        font-weight: 600;
      }
      button.quiet {
        inline-size: 100%;
        margin-block-start: 12px;
        min-block-size: 64px;
        font-size: 1rem;
        box-shadow: none;
      }
    `,
  ];

  override render() {
    const letters = this.letters && this.identity;
    return html`<div
        class=${letters ? "keys letters" : "keys"}
        role="group"
        aria-label=${msg("键盘", { id: "keypad.name" })}
      >
        ${(letters ? LETTERS : DIGITS).map((key) => this.#key(key))}
        ${letters ? nothing : html`${this.identity ? this.#key("X") : html`<span></span>`}${this.#key("0")}`}
        <button
          type="button"
          class="word"
          @pointerdown=${this.#keepFocus}
          @click=${() => this.#press("erase")}
        >
          ${icon("erase")}${msg("删除", { id: "keypad.erase" })}
        </button>
      </div>
      ${
        this.identity
          ? html`<button
              type="button"
              class="quiet"
              aria-pressed=${letters}
              @pointerdown=${this.#keepFocus}
              @click=${() => (this.letters = !this.letters)}
            >
              ${
                letters
                  ? msg("返回数字键盘", { id: "keypad.digits" })
                  : msg("企业代码含其他字母？切换字母键盘", { id: "keypad.letters" })
              }
            </button>`
          : nothing
      }`;
  }

  #key(key: Key) {
    return html`<button type="button" @pointerdown=${this.#keepFocus} @click=${() => this.#press(key)}>
      ${key}
    </button>`;
  }

  readonly #keepFocus = (event: PointerEvent): void => event.preventDefault();

  #press(key: Key): void {
    this.dispatchEvent(new KeyEvent(key));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-keypad": Keypad;
  }
  interface HTMLElementEventMap {
    "cg-key": KeyEvent;
  }
}
