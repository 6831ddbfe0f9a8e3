/** Signing in on a staff page. The password is handed to the session once and never kept. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Session } from "../controllers/session.ts";
import { Task } from "../controllers/task.ts";
import { controls } from "../style/controls.ts";
import { failure, failureStyles } from "./failure.ts";
import { field } from "./field.ts";
import { icon } from "./icon.ts";
import "./reading-toggles.ts";

@customElement("cg-sign-in")
@localized()
export class SignIn extends LitElement {
  @property({ attribute: false }) session: Session | undefined;
  /** Name of the page, such as 窗口受理. */
  @property() heading = "";
  @state() private user = "";
  @state() private password = "";
  readonly #task = new Task(this, async (signal) => {
    await this.session?.signIn(this.user.trim(), this.password, signal);
    return true;
  });

  static override readonly styles = [
    controls,
    failureStyles,
    css`
      main {
        display: grid;
        grid-template-columns: minmax(0, 1.1fr) minmax(22rem, 1fr);
        min-block-size: 100vh;
      }
      .side {
        position: relative;
        display: grid;
        align-content: end;
        gap: var(--space-3);
        padding: clamp(2rem, 6vw, 6rem);
        background: var(--brand);
        color: var(--on-brand);
        overflow: hidden;
      }
      .side svg.rule {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        opacity: 0.16;
      }
      .side > :not(svg) {
        position: relative;
      }
      .side h1 {
        font-family: var(--serif);
        font-size: var(--text-display);
        letter-spacing: 0.08em;
      }
      .side p {
        max-inline-size: 30em;
        color: var(--on-brand-soft);
      }
      .form {
        display: grid;
        align-content: center;
        justify-items: center;
        padding: var(--space-6);
        background: var(--surface);
      }
      form {
        display: grid;
        gap: var(--space-4);
        inline-size: min(24rem, 100%);
      }
      .toggles {
        color: var(--brand);
        justify-self: end;
        align-self: start;
        position: absolute;
        inset-block-start: var(--space-4);
        inset-inline-end: var(--space-4);
      }
      button {
        min-block-size: 3rem;
        font-size: var(--text-large);
      }
      @media (max-width: 52rem) {
        main {
          grid-template-columns: 1fr;
          grid-template-rows: auto 1fr;
        }
      }
    `,
  ];

  override render() {
    return html`<main>
      <div class="side">
        <svg class="rule" viewBox="0 0 400 400" preserveAspectRatio="xMaxYMin slice" aria-hidden="true">
          <g fill="none" stroke="currentColor">
            <circle cx="330" cy="70" r="60" />
            <circle cx="330" cy="70" r="110" />
            <circle cx="330" cy="70" r="160" />
            <circle cx="330" cy="70" r="210" />
            <path d="M0 70h400M330 0v400" />
          </g>
        </svg>
        <h1>${this.heading}</h1>
        <p>${msg("受理过程依法全程记录。请使用本人账号登录，操作将记入办理记录。", { id: "signIn.note" })}</p>
      </div>
      <div class="form">
        <cg-reading-toggles class="toggles"></cg-reading-toggles>
        <form @submit=${this.#submit}>
          <h2>${msg("登录", { id: "signIn.title" })}</h2>
          ${failure(this.#task.error ?? this.session?.problem)}
          ${field({
            id: "user",
            label: msg("账号", { id: "signIn.user" }),
            value: this.user,
            autocomplete: "username",
            required: true,
            onInput: (value) => (this.user = value),
          })}
          ${field({
            id: "password",
            label: msg("密码", { id: "signIn.password" }),
            type: "password",
            value: this.password,
            autocomplete: "current-password",
            required: true,
            onInput: (value) => (this.password = value),
          })}
          <button class="primary" type="submit" ?disabled=${this.#task.pending}>
            ${msg("登录", { id: "signIn.submit" })}${icon("arrow")}
          </button>
        </form>
      </div>
    </main>`;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    await this.#task.run();
    this.password = "";
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-sign-in": SignIn;
  }
}
