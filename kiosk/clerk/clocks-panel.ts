/** The limits that run on an intake, local and statutory, each with the article it comes from. */
import { localized, msg, str } from "@lit/localize";
import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ClockView } from "../../gateway/http/contract/intake-view.ts";
import { chip, chipStyles } from "../elements/chip.ts";
import { controls } from "../style/controls.ts";
import { articleName } from "../text/article.ts";
import { dueChip } from "./due.ts";
import { clockWord } from "./words.ts";

@customElement("cg-clocks-panel")
@localized()
export class ClocksPanel extends LitElement {
  @property({ attribute: false }) clocks: readonly ClockView[] = [];

  static override readonly styles = [
    controls,
    chipStyles,
    css`
      h2 {
        font-size: var(--text-large);
      }
      li {
        display: grid;
        gap: 2px;
        padding-block: var(--space-2);
        border-block-end: 1px solid var(--line);
      }
      li:last-child {
        border: 0;
      }
    `,
  ];

  override render() {
    return html`<section class="panel stack" aria-labelledby="title">
      <h2 id="title">${msg("办理期限", { id: "clocks.title" })}</h2>
      ${
        this.clocks.length === 0
          ? html`<p class="soft small">${msg("收件后开始计算期限。", { id: "clocks.none" })}</p>`
          : html`<ul>
              ${this.clocks.map((clock) => this.#row(clock))}
            </ul>`
      }
    </section>`;
  }

  #row(clock: ClockView) {
    return html`<li>
      <div class="row spread"><b>${clockWord(clock.kind)}</b>${dueChip(clock)}</div>
      <div class="small">
        ${msg(str`截至 ${clock.dueOn}（含当日）`, { id: "clocks.due" })}
        ${clock.provisional ? chip("warn", msg("暂定", { id: "clocks.provisional" })) : nothing}
      </div>
      ${
        clock.toldOn === null
          ? nothing
          : html`<div class="small">
              ${msg(str`文书上写明的日期是 ${clock.toldOn}；日历更新后重新计算。`, { id: "clocks.told" })}
            </div>`
      }
      <div class="small soft">${articleName(clock.article)}</div>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cg-clocks-panel": ClocksPanel;
  }
}
