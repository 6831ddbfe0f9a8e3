/** The applicant's own papers, newest first, after their claim was proved. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ClaimedPaper, ClaimedPapers } from "../../gateway/http/contract/kiosk.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { failure, failureStyles } from "../elements/failure.ts";
import { icon } from "../elements/icon.ts";
import { controls } from "../style/controls.ts";
import { dayAndClock } from "../text/format.ts";
import { pick } from "../text/language.ts";
import type { PaperId } from "./calls.ts";
import { LeaveEvent } from "./events.ts";
import { screenStyles } from "./screen.styles.ts";

export class OpenPaperEvent extends Event {
  static readonly type = "cg-open-paper";
  readonly documentId: PaperId;
  constructor(documentId: PaperId) {
    super(OpenPaperEvent.type, { bubbles: true, composed: true });
    this.documentId = documentId;
  }
}

@customElement("cg-papers-screen")
@localized()
export class PapersScreen extends LitElement {
  @property({ attribute: false }) claimed: ClaimedPapers | undefined;
  /** Why the list could not be fetched. */
  @property({ attribute: false }) error: unknown;

  static override readonly styles = [
    controls,
    screenStyles,
    chipStyles,
    failureStyles,
    css`
      ul {
        display: grid;
        gap: var(--space-4);
      }
      li button {
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: var(--space-4);
        inline-size: 100%;
        padding: var(--space-4) var(--space-5);
        border-color: var(--line);
        text-align: start;
        box-shadow: var(--shadow);
      }
      li b {
        display: block;
        font-family: var(--serif);
        font-size: 1.35rem;
      }
      li .number {
        color: var(--ink-soft);
        font-size: 1rem;
        font-weight: 400;
      }
      li .icon {
        inline-size: 2rem;
        block-size: 2rem;
      }
      .chip .icon {
        inline-size: 1.05em;
        block-size: 1.05em;
      }
    `,
  ];

  override render() {
    const newestFirst = [...(this.claimed?.papers ?? [])].sort((a, b) => b.issuedAt - a.issuedAt);
    return html`<div class="row spread">
        <h1 tabindex="-1">${msg("您的文书", { id: "papers.title" })}</h1>
        <button type="button" @click=${() => this.dispatchEvent(new LeaveEvent("done"))}>
          ${icon("cross")}${msg("结束并清除", { id: "papers.leave" })}
        </button>
      </div>
      ${this.claimed === undefined ? nothing : html`<p class="lead">${pick(this.claimed.matter)}</p>`}
      ${failure(this.error)}
      ${
        newestFirst.length === 0
          ? html`<p class="panel lead">${msg("目前没有可以查看的文书。", { id: "papers.none" })}</p>`
          : html`<ul>
              ${newestFirst.map((paper) => this.#row(paper))}
            </ul>`
      }`;
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  }

  #row(paper: ClaimedPaper) {
    return html`<li>
      <button type="button" @click=${() => this.dispatchEvent(new OpenPaperEvent(paper.documentId))}>
        ${icon("paper")}
        <span>
          <b>${pick(paper.title)}</b>
          <span class="number">${paper.number}　${dayAndClock(paper.issuedAt)}</span>
        </span>
        ${
          paper.kind === "serviceReceipt"
            ? nothing
            : paper.served
              ? chip("ok", msg("已签收", { id: "papers.served" }))
              : chip("warn", msg("待签收", { id: "papers.open" }))
        }
      </button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-papers-screen": PapersScreen;
  }
  interface HTMLElementEventMap {
    "cg-open-paper": OpenPaperEvent;
  }
}
