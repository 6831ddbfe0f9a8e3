/** Today's intakes at a glance: who, what, where it stands, which limit is next. Fires `cg-choose`. */
import { localized, msg } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { IntakeRow } from "../../gateway/http/contract/intake-view.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { controls } from "../style/controls.ts";
import { clock, shortDay } from "../text/format.ts";
import { pick } from "../text/language.ts";
import { dueChip } from "./due.ts";
import { stateWord } from "./words.ts";

export class ChooseEvent extends Event {
  static readonly type = "cg-choose";
  readonly applicationId: IntakeRow["applicationId"];
  constructor(applicationId: IntakeRow["applicationId"]) {
    super(ChooseEvent.type, { bubbles: true, composed: true });
    this.applicationId = applicationId;
  }
}

@customElement("cg-intake-list")
@localized()
export class IntakeList extends LitElement {
  @property({ attribute: false }) rows: readonly IntakeRow[] = [];
  @property() chosen = "";

  static override readonly styles = [
    controls,
    chipStyles,
    css`
      ul {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-2);
      }
      button {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        justify-content: stretch;
        gap: var(--space-1);
        justify-items: stretch;
        inline-size: 100%;
        padding: var(--space-3);
        border-color: var(--line);
        color: var(--ink);
        font-weight: 400;
        text-align: start;
      }
      button[aria-current="true"] {
        border-color: var(--brand);
        box-shadow: inset 4px 0 0 var(--brand);
      }
      .row {
        flex-wrap: nowrap;
        gap: var(--space-2);
      }
      b {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .none {
        padding: var(--space-4);
        color: var(--ink-soft);
        text-align: center;
      }
    `,
  ];

  override render() {
    if (this.rows.length === 0)
      return html`<p class="none">${msg("今天还没有受理。", { id: "list.none" })}</p>`;
    return html`<ul>
      ${this.rows.map((row) => this.#row(row))}
    </ul>`;
  }

  #row(row: IntakeRow) {
    const [word, tone] = stateWord(row.phase);
    return html`<li>
      <button
        type="button"
        aria-current=${row.applicationId === this.chosen}
        @click=${() => this.dispatchEvent(new ChooseEvent(row.applicationId))}
      >
        <span class="row spread">
          <b>${row.applicantMasked ?? msg("尚未登记申请人", { id: "list.noApplicant" })}</b>
          ${chip(tone, word)}
        </span>
        <span class="small soft">
          ${row.matterName === null ? msg("尚未选择事项", { id: "list.noMatter" }) : pick(row.matterName)}
        </span>
        <span class="row spread small">
          <span class="soft figures">${shortDay(row.startedAt)} ${clock(row.startedAt)}</span>
          ${row.nextDue === null ? nothing : dueChip(row.nextDue)}
        </span>
        ${row.sessionOpen ? html`<span class="small">${msg("● 正在接待", { id: "list.sessionOpen" })}</span>` : nothing}
      </button>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-intake-list": IntakeList;
  }
  interface HTMLElementEventMap {
    "cg-choose": ChooseEvent;
  }
}
