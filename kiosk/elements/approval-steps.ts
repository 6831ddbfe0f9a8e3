/** The chain of one proposed outcome: who gave which opinion, and which step is waited for. */
import { type TemplateResult, css, html, nothing } from "lit";
import { msg } from "@lit/localize";
import { nameOf } from "../controllers/names.ts";
import type { ProposalView } from "../../gateway/http/contract/proposal-view.ts";
import { stepWord } from "../text/approval-words.ts";
import { dayAndClock } from "../text/format.ts";
import { chip } from "./chip.ts";

export const approvalStepStyles = css`
  ol.chain {
    display: grid;
    gap: var(--space-2);
    padding: 0;
    margin: 0;
    list-style: none;
  }
  ol.chain li {
    display: grid;
    grid-template-columns: 8rem 1fr;
    gap: var(--space-1) var(--space-3);
    align-items: baseline;
    padding-block: var(--space-2);
    border-block-end: 1px solid var(--line);
  }
  ol.chain li.later {
    color: var(--ink-soft);
  }
`;

export function approvalChain(proposal: ProposalView): TemplateResult {
  return html`<ol class="chain">
    ${proposal.steps.map((step, index) => {
      const given = proposal.given[index];
      const next = index === proposal.given.length;
      return html`<li class=${given === undefined && !next ? "later" : ""}>
        <b>${stepWord(step)}</b>
        ${
          given === undefined
            ? next
              ? html`<span>${chip("warn", msg("待审批", { id: "approval.waiting" }))}</span>`
              : nothing
            : html`<span>
                ${chip("ok", msg("同意", { id: "approval.agreed" }))} ${given.opinion}
                <span class="soft small">${nameOf(given.by)} ${dayAndClock(given.at)}</span>
              </span>`
        }
      </li>`;
    })}
  </ol>`;
}
