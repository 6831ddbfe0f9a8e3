/**
 * Entering claim code and last four, by touch or by keyboard alone. Invariant: what was typed lives in this
 * element only, is cleared after every attempt, and goes nowhere but into the call.
 */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { ApiFailure } from "../api.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { icon } from "../elements/icon.ts";
import type { KeyEvent } from "../elements/keypad.ts";
import "../elements/keypad.ts";
import { Task } from "../controllers/task.ts";
import { Ticking } from "../controllers/ticking.ts";
import { controls } from "../style/controls.ts";
import { clock, span } from "../text/format.ts";
import { LeaveEvent } from "./events.ts";
import { screenStyles } from "./screen.styles.ts";

const CODE_LENGTH = 8;
const LAST_LENGTH = 4;
type Part = "code" | "last";

@customElement("cg-claim-screen")
@localized()
export class ClaimScreen extends LitElement {
  /** Opens the claim; rejects with what the gateway refused it for. */
  @property({ attribute: false }) claimWith:
    | ((code: string, last4: string, signal: AbortSignal) => Promise<void>)
    | undefined;
  @state() private code = "";
  @state() private last = "";
  @state() private here: Part = "code";
  @query("#code") private codeInput!: HTMLInputElement;
  @query("#last") private lastInput!: HTMLInputElement;
  /** Until when the gateway refuses codes from here, as it said itself. */
  #lockedUntilMs = 0;
  readonly #now = new Ticking(this, 1_000);
  readonly #task = new Task(this, async (signal) => {
    await this.claimWith?.(this.code, this.last, signal);
    return true;
  });

  static override readonly styles = [
    controls,
    screenStyles,
    failureStyles,
    css`
      .columns {
        display: grid;
        gap: var(--space-5);
      }
      .entry {
        display: grid;
        gap: var(--space-2);
      }
      label {
        font-size: 1.15rem;
        font-weight: 600;
      }
      input#code,
      input#last {
        min-block-size: 84px;
        padding-inline: var(--space-4);
        border-width: 2px;
        border-radius: var(--radius);
        font-family: var(--figures);
        font-size: 2.2rem;
        font-weight: 500;
        letter-spacing: 0.32em;
        font-variant-numeric: tabular-nums;
      }
      input.here {
        border-color: var(--brand);
        box-shadow: 0 0 0 3px var(--brand-soft);
      }
      .columns > .stack {
        gap: var(--space-5);
      }
      .failure .code {
        display: none;
      }
      .failure .more {
        color: var(--ink);
      }
      @media (orientation: landscape) {
        input#code,
        input#last {
          min-block-size: 72px;
        }
        .columns > .stack {
          gap: var(--space-4);
        }
        .columns {
          grid-template-columns: 1fr 1fr;
          gap: var(--space-7);
          align-items: start;
        }
      }
    `,
  ];

  override render() {
    return html`<div class="row spread">
        <h1>${msg("输入取件码", { id: "claim.title" })}</h1>
        <button type="button" @click=${() => this.dispatchEvent(new LeaveEvent("request"))}>
          ${icon("back")}${msg("返回首页", { id: "claim.back" })}
        </button>
      </div>
      ${this.#problem()}
      <form class="columns" @submit=${this.#submit}>
        <div class="stack">
          ${this.#entry("code", msg("8 位取件码", { id: "claim.code" }), this.code, CODE_LENGTH)}
          ${this.#entry(
            "last",
            msg("证件号码后四位", { id: "claim.last" }),
            this.last,
            LAST_LENGTH,
            msg("申请人、代理人的证件号码或企业统一社会信用代码的最后四位", { id: "claim.lastHint" }),
          )}
          <button type="submit" class="primary" ?disabled=${!this.#ready}>
            ${
              this.#task.pending
                ? msg("正在核对…", { id: "claim.checking" })
                : msg("查看文书", { id: "claim.submit" })
            }${icon("arrow")}
          </button>
        </div>
        <cg-keypad .identity=${this.here === "last"} @cg-key=${this.#key}></cg-keypad>
      </form>`;
  }

  override firstUpdated(): void {
    this.codeInput.focus();
  }

  get #ready(): boolean {
    return (
      this.code.length === CODE_LENGTH &&
      this.last.length === LAST_LENGTH &&
      !this.#task.pending &&
      this.#lockedForMs === 0
    );
  }

  get #lockedForMs(): number {
    return Math.max(0, this.#lockedUntilMs - this.#now.nowMs);
  }

  #problem() {
    const { error } = this.#task;
    if (this.#lockedForMs > 0)
      return failure(
        error,
        html`<p class="more">
          ${msg(
            str`为保护您的信息，输入已暂停，${clock(this.#lockedUntilMs)} 后可再试（还剩 ${span(this.#lockedForMs)}）。`,
            { id: "claim.locked" },
          )}
          ${msg("您也可以到窗口凭身份证件重新领取取件码。", { id: "claim.lockedHelp" })}
        </p>`,
      );
    const blocked = error instanceof ApiFailure && error.status === 429;
    return failure(
      error,
      html`<p class="more">
        ${
          blocked
            ? msg("您也可以到窗口凭身份证件重新领取取件码。", { id: "claim.lockedHelp" })
            : msg("请对照凭条重新输入。连续输错会暂停输入。", { id: "claim.tryAgain" })
        }
      </p>`,
    );
  }

  #entry(part: Part, label: string, value: string, length: number, hint?: string) {
    return html`<div class="entry">
      <label for=${part}>${label}</label>
      <input
        id=${part}
        class=${this.here === part ? "here" : ""}
        inputmode="none"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        maxlength=${length}
        .value=${value}
        aria-describedby=${hint === undefined ? nothing : `${part}-hint`}
        @focus=${() => (this.here = part)}
        @input=${(event: InputEvent) => this.#typed(part, (event.currentTarget as HTMLInputElement).value)}
      />
      ${hint === undefined ? nothing : html`<span class="soft small" id="${part}-hint">${hint}</span>`}
    </div>`;
  }

  #typed(part: Part, text: string): void {
    if (part === "code") this.code = text.replace(/\D/g, "").slice(0, CODE_LENGTH);
    else
      this.last = text
        .replace(/[^0-9A-Za-z]/g, "")
        .toUpperCase()
        .slice(0, LAST_LENGTH);
    // A refused character leaves the property as it was, and the input has to follow.
    this.codeInput.value = this.code;
    this.lastInput.value = this.last;
    if (part === "code" && this.code.length === CODE_LENGTH) this.lastInput.focus();
  }

  readonly #key = (event: KeyEvent): void => {
    const value = this.here === "code" ? this.code : this.last;
    if (event.key !== "erase") {
      this.#typed(this.here, value + event.key);
      return;
    }
    if (value === "" && this.here === "last") {
      this.codeInput.focus();
      this.#typed("code", this.code.slice(0, -1));
    } else this.#typed(this.here, value.slice(0, -1));
  };

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!this.#ready) return;
    const opened = await this.#task.run();
    const { error } = this.#task;
    const retryAfterS = error instanceof ApiFailure ? error.details["retryAfterS"] : undefined;
    if (typeof retryAfterS === "number") this.#lockedUntilMs = Date.now() + retryAfterS * 1_000;
    this.code = "";
    this.last = "";
    await this.updateComplete;
    if (opened === undefined) this.codeInput.focus();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-claim-screen": ClaimScreen;
  }
}
